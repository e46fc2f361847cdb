/*
 * Fuzz target: compressed bodies. Whatever they hold ends, within its bound; what is read whole is
 * read again after it was packed. Input: a byte that chooses the encoding, then the body.
 */
#include "core/base/check.h"
#include "router/front/content_encoding.h"

enum { CONTENT_SIZE_MAX = 1 << 20, PIECE_SIZE_MAX = 64 << 10 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    enum content_encoding encoding =
        bytes[0] % 2 == 0 ? CONTENT_ENCODING_GZIP : CONTENT_ENCODING_DEFLATE;
    SCOPED(buffer) content = {0};
    enum status status = content_encoding_inflate(encoding, slice_of(bytes + 1, size - 1),
                                                  CONTENT_SIZE_MAX, &content);
    CHECK(content.size <= CONTENT_SIZE_MAX + PIECE_SIZE_MAX);
    if (status != STATUS_OK)
        return 0;

    SCOPED(buffer) packed = {0};
    SCOPED(buffer) again = {0};
    buffer_append(&packed, buffer_slice(&content));
    content_encoding_gzip(&packed);
    CHECK(content_encoding_inflate(CONTENT_ENCODING_GZIP, buffer_slice(&packed), CONTENT_SIZE_MAX,
                                   &again) == STATUS_OK);
    CHECK(slice_is_equal(buffer_slice(&content), buffer_slice(&again)));
    return 0;
}
