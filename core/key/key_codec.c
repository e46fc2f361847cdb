#include "core/key/key_codec.h"

#include "core/base/check.h"

/* In strings and binaries: what follows a 00 tells whether it is one of theirs or their end. */
enum { ESCAPE = 0x00, ESCAPED_ZERO = 0xff, END_OF_BYTES = 0x01 };

static void append_escaped(struct buffer *buffer, struct slice bytes)
{
    while (bytes.size > 0) {
        const uint8_t *zero = memchr(bytes.bytes, ESCAPE, bytes.size);
        size_t size = zero != NULL ? (size_t)(zero - bytes.bytes) + 1 : bytes.size;
        buffer_append(buffer, slice_of(bytes.bytes, size));
        if (zero != NULL)
            buffer_append_u8(buffer, ESCAPED_ZERO);
        bytes = slice_skip(bytes, size);
    }
    buffer_append_u8(buffer, ESCAPE);
    buffer_append_u8(buffer, END_OF_BYTES);
}

static bool is_key_type(enum value_type type)
{
    return type == VALUE_STRING || type == VALUE_NUMBER || type == VALUE_BINARY;
}

void key_encode_value(struct buffer *buffer, struct value value)
{
    CHECK(is_key_type(value.type));
    buffer_append_u8(buffer, (uint8_t)value.type);
    if (value.type == VALUE_NUMBER)
        buffer_append(buffer, value.payload);
    else
        append_escaped(buffer, value_bytes(value));
}

/* Finds the end of escaped bytes: their size as they stand, and how many 00 among them are escaped.
 */
static enum status escaped_measure(struct slice body, size_t *out_size, size_t *out_escape_count)
{
    size_t size = 0;
    size_t escape_count = 0;
    while (size < body.size) {
        const uint8_t *zero = memchr(body.bytes + size, ESCAPE, body.size - size);
        if (zero == NULL)
            break;
        size = (size_t)(zero - body.bytes) + 2;
        if (size > body.size)
            break;
        if (zero[1] == END_OF_BYTES) {
            *out_size = size;
            *out_escape_count = escape_count;
            return STATUS_OK;
        }
        if (zero[1] != ESCAPED_ZERO)
            break;
        escape_count++;
    }
    return STATUS_CORRUPT;
}

/* Appends what append_escaped was given; `escaped` ends with END_OF_BYTES and is well formed. */
static void append_unescaped(struct buffer *buffer, struct slice escaped)
{
    for (;;) {
        const uint8_t *zero = memchr(escaped.bytes, ESCAPE, escaped.size);
        CHECK(zero != NULL);
        size_t size = (size_t)(zero - escaped.bytes);
        if (zero[1] == END_OF_BYTES) {
            buffer_append(buffer, slice_of(escaped.bytes, size));
            return;
        }
        buffer_append(buffer, slice_of(escaped.bytes, size + 1));
        escaped = slice_skip(escaped, size + 2);
    }
}

static enum status decode_bytes(struct slice body, struct buffer *scratch, size_t *out_size)
{
    size_t size;
    size_t escape_count;
    TRY(escaped_measure(body, &size, &escape_count));
    buffer_clear(scratch);
    buffer_append_varint(scratch, size - 2 - escape_count);
    append_unescaped(scratch, slice_of(body.bytes, size));
    *out_size = size;
    return STATUS_OK;
}

static enum status decode_number(struct slice body, struct buffer *scratch, size_t *out_size)
{
    struct number number;
    TRY(number_key_decode(body, &number, out_size));
    buffer_clear(scratch);
    buffer_append(scratch, slice_of(body.bytes, *out_size));
    return STATUS_OK;
}

/* Takes the type off the front of `body`. */
static enum status take_type(struct slice *body, enum value_type *out_type)
{
    if (body->size == 0 || !is_key_type(body->bytes[0]))
        return STATUS_CORRUPT;
    *out_type = body->bytes[0];
    *body = slice_skip(*body, 1);
    return STATUS_OK;
}

enum status key_decode_value(struct slice *key, struct buffer *scratch, struct value *out_value)
{
    struct slice body = *key;
    enum value_type type;
    size_t size;
    TRY(take_type(&body, &type));
    if (type == VALUE_NUMBER)
        TRY(decode_number(body, scratch, &size));
    else
        TRY(decode_bytes(body, scratch, &size));
    *key = slice_skip(body, size);
    *out_value = (struct value){.type = type, .payload = buffer_slice(scratch)};
    return STATUS_OK;
}

enum status key_value_size(struct slice key, size_t *out_size)
{
    struct number number;
    enum value_type type;
    size_t size;
    size_t escape_count;
    TRY(take_type(&key, &type));
    if (type == VALUE_NUMBER)
        TRY(number_key_decode(key, &number, &size));
    else
        TRY(escaped_measure(key, &size, &escape_count));
    *out_size = 1 + size;
    return STATUS_OK;
}
