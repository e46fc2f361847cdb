#include "core/auth/uri_text.h"

static bool is_unreserved(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' || byte == '.' || byte == '~';
}

void uri_text_encode(struct slice text, struct buffer *out)
{
    static const char digits[16] = "0123456789ABCDEF";
    if (text.size == 0)
        return;
    uint8_t *at = buffer_reserve(out, 3 * text.size);
    uint8_t *start = at;
    for (size_t index = 0; index < text.size; index++) {
        uint8_t byte = text.bytes[index];
        if (is_unreserved(byte)) {
            *at++ = byte;
        } else {
            *at++ = '%';
            *at++ = (uint8_t)digits[byte >> 4];
            *at++ = (uint8_t)digits[byte & 15];
        }
    }
    out->size += (size_t)(at - start);
}

/* The value of a hexadecimal digit, or -1. */
static int digit_value(uint8_t digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

/* The byte that `%XX` at the start of the text stands for, or -1. */
static int escaped_byte(struct slice text)
{
    if (text.size < 3 || text.bytes[0] != '%')
        return -1;
    int high = digit_value(text.bytes[1]);
    int low = digit_value(text.bytes[2]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

void uri_text_decode(struct slice text, struct buffer *out)
{
    while (text.size > 0) {
        int byte = escaped_byte(text);
        buffer_append_u8(out, byte >= 0 ? (uint8_t)byte : text.bytes[0]);
        text = slice_skip(text, byte >= 0 ? 3 : 1);
    }
}

/* The bytes before the first `separator`, or all; `*rest` becomes what follows it. */
static struct slice take_until(struct slice *rest, char separator)
{
    struct slice text = *rest;
    const uint8_t *end = text.size > 0 ? memchr(text.bytes, separator, text.size) : NULL;
    if (end == NULL) {
        *rest = slice_skip(text, text.size);
        return text;
    }
    size_t size = (size_t)(end - text.bytes);
    *rest = slice_skip(text, size + 1);
    return slice_of(text.bytes, size);
}

bool uri_text_next_parameter(struct slice *query, struct uri_parameter *out_parameter)
{
    while (query->size > 0) {
        struct slice value = take_until(query, '&');
        if (value.size == 0)
            continue;
        out_parameter->name = take_until(&value, '=');
        out_parameter->value = value;
        return true;
    }
    return false;
}
