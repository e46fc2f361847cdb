#include "cluster/cli/text_file.h"

#include "core/env/env.h"

enum { SIZE_MAX_BYTES = 1 << 20 };

enum status text_file_load(struct env *env, const char *path, struct buffer *out_text)
{
    struct env_file *file;
    TRY(env_file_open(env, path, ENV_OPEN_EXISTING, &file));
    uint64_t size = 0;
    size_t read_size = 0;
    enum status status = env_file_size(file, &size);
    if (status == STATUS_OK && size > SIZE_MAX_BYTES)
        status = STATUS_TOO_LARGE;
    if (status == STATUS_OK) {
        uint8_t *bytes = buffer_reserve(out_text, (size_t)size + 1);
        status = env_file_read(file, 0, bytes, (size_t)size, &read_size);
        bytes[read_size] = '\0';
        out_text->size += read_size;
    }
    env_file_close(file);
    return status;
}
