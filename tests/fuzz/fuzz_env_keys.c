/*
 * Whatever a file of known keys says, it is refused with a mistake told, or read.
 */
#include "core/base/check.h"
#include "core/env/keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct slice secret = slice_of_text("secret-key JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6\n");
    struct slice text = slice_of(bytes, size);
    SCOPED(buffer) mistakes = {0};
    OWNED(env_keys) keys = NULL;
    enum status status = env_keys_of_text(secret, text, &mistakes, &keys);
    CHECK((status == STATUS_OK) == (mistakes.size == 0));

    OWNED(env_keys) other = NULL;
    buffer_clear(&mistakes);
    status = env_keys_of_text(text, slice_of(NULL, 0), &mistakes, &other);
    CHECK((status == STATUS_OK) == (mistakes.size == 0));
    return 0;
}
