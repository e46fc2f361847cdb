#include "router/front/content_encoding.h"

#include "core/base/check.h"

#include <zlib.h>

enum {
    PIECE_SIZE = 64 << 10,

    /* zlib's window bits: the largest window, and what is around it. */
    WINDOW_RAW = -15,
    WINDOW_ZLIB = 15,
    WINDOW_GZIP = 15 + 16,
    MEMORY_LEVEL = 8, /* zlib's default */
};

/* --- Which? ---------------------------------------------------------------------------------- */

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

static struct slice trim(struct slice text)
{
    while (text.size > 0 && is_blank(text.bytes[0]))
        text = slice_skip(text, 1);
    while (text.size > 0 && is_blank(text.bytes[text.size - 1]))
        text.size--;
    return text;
}

/* Takes what comes before the next `separator` off, trimmed. */
static struct slice take_part(struct slice *text, char separator)
{
    const uint8_t *end = text->size > 0 ? memchr(text->bytes, separator, text->size) : NULL;
    size_t size = end != NULL ? (size_t)(end - text->bytes) : text->size;
    struct slice part = trim(slice_of(text->bytes, size));
    *text = slice_skip(*text, end != NULL ? size + 1 : size);
    return part;
}

static bool is_named(struct slice text, const char *name)
{
    return auth_name_is_equal(text, slice_of_text(name));
}

enum content_encoding content_encoding_of(const struct auth_request *request)
{
    struct slice text;
    if (!auth_request_find_header(request, "content-encoding", &text))
        return CONTENT_ENCODING_NONE;
    text = trim(text);
    if (text.size == 0 || is_named(text, "identity"))
        return CONTENT_ENCODING_NONE;
    if (is_named(text, "gzip") || is_named(text, "x-gzip"))
        return CONTENT_ENCODING_GZIP;
    return is_named(text, "deflate") ? CONTENT_ENCODING_DEFLATE : CONTENT_ENCODING_UNKNOWN;
}

/* q=0, q=0.0 and so on: not wanted. */
static bool is_refused(struct slice parameters)
{
    while (parameters.size > 0) {
        struct slice parameter = take_part(&parameters, ';');
        struct slice name = take_part(&parameter, '=');
        if (!is_named(name, "q"))
            continue;
        for (size_t i = 0; i < parameter.size; i++)
            if (parameter.bytes[i] >= '1' && parameter.bytes[i] <= '9')
                return false;
        return true;
    }
    return false;
}

bool content_encoding_accepts_gzip(const struct auth_request *request)
{
    struct slice list;
    if (!auth_request_find_header(request, "accept-encoding", &list))
        return false;
    while (list.size > 0) {
        struct slice parameters = take_part(&list, ',');
        struct slice name = take_part(&parameters, ';');
        if (is_named(name, "gzip"))
            return !is_refused(parameters);
    }
    return false;
}

/* --- In -------------------------------------------------------------------------------------- */

/* A zlib header's two bytes are a multiple of 31, with 8 in the low half of the first. */
static bool has_zlib_header(struct slice body)
{
    return body.size >= 2 && (body.bytes[0] & 0x0f) == 8 &&
           (body.bytes[0] << 8 | body.bytes[1]) % 31 == 0;
}

static int window_of(enum content_encoding encoding, struct slice body)
{
    if (encoding == CONTENT_ENCODING_GZIP)
        return WINDOW_GZIP;
    return has_zlib_header(body) ? WINDOW_ZLIB : WINDOW_RAW;
}

/* Until the end of the stream; gzip may have one stream after the other. */
static enum status inflate_all(z_stream *stream, bool may_repeat, size_t size_max,
                               struct buffer *content)
{
    for (;;) {
        uint8_t *room = buffer_reserve(content, PIECE_SIZE);
        stream->next_out = room;
        stream->avail_out = PIECE_SIZE;
        int result = inflate(stream, Z_NO_FLUSH);
        content->size += PIECE_SIZE - stream->avail_out;
        if (content->size > size_max)
            return STATUS_TOO_LARGE;
        if (result == Z_STREAM_END && stream->avail_in == 0)
            return STATUS_OK;
        if (result == Z_STREAM_END && may_repeat)
            result = inflateReset(stream);
        /* Without progress there is more to come, which does not. */
        if (result != Z_OK)
            return STATUS_INVALID;
    }
}

enum status content_encoding_inflate(enum content_encoding encoding, struct slice body,
                                     size_t size_max, struct buffer *out_content)
{
    CHECK(encoding != CONTENT_ENCODING_NONE);
    if (encoding == CONTENT_ENCODING_UNKNOWN)
        return STATUS_INVALID;
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)body.bytes, .avail_in = (uInt)body.size};
    CHECK(inflateInit2(&stream, window_of(encoding, body)) == Z_OK);
    enum status status =
        inflate_all(&stream, encoding == CONTENT_ENCODING_GZIP, size_max, out_content);
    inflateEnd(&stream);
    return status;
}

/* --- Out ------------------------------------------------------------------------------------- */

void content_encoding_gzip(struct buffer *body)
{
    z_stream stream = {.next_in = body->bytes, .avail_in = (uInt)body->size};
    CHECK(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, WINDOW_GZIP, MEMORY_LEVEL,
                       Z_DEFAULT_STRATEGY) == Z_OK);
    struct buffer compressed = {0};
    size_t size_max = deflateBound(&stream, body->size);
    stream.next_out = buffer_reserve(&compressed, size_max);
    stream.avail_out = (uInt)size_max;
    CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    compressed.size = size_max - stream.avail_out;
    deflateEnd(&stream);
    buffer_deinit(body);
    *body = compressed;
}
