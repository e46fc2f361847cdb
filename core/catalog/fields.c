#include "core/catalog/fields.h"

void fields_begin(struct buffer *record)
{
    buffer_append_u8(record, FIELDS_VERSION);
}

void fields_put_bytes(struct buffer *record, unsigned tag, struct slice bytes)
{
    buffer_append_varint(record, tag);
    buffer_append_sized(record, bytes);
}

void fields_put_number(struct buffer *record, unsigned tag, uint64_t number)
{
    if (number == 0)
        return;
    SCOPED(buffer) value;
    buffer_init(&value);
    buffer_append_varint(&value, number);
    fields_put_bytes(record, tag, buffer_slice(&value));
}

struct fields_cursor fields_cursor(struct slice record)
{
    struct fields_cursor cursor = {.reader = byte_reader_of(record)};
    if (byte_reader_u8(&cursor.reader) != FIELDS_VERSION)
        cursor.reader.has_failed = true;
    return cursor;
}

bool fields_next(struct fields_cursor *cursor, unsigned *out_tag, struct slice *out_value)
{
    if (cursor->reader.has_failed || cursor->reader.rest.size == 0)
        return false;
    uint64_t tag = byte_reader_varint(&cursor->reader);
    struct slice value = byte_reader_sized(&cursor->reader);
    /* Cut to size, a tag too large would pass for another one. */
    if (tag > UINT32_MAX)
        cursor->reader.has_failed = true;
    if (cursor->reader.has_failed)
        return false;
    *out_tag = (unsigned)tag;
    *out_value = value;
    return true;
}

bool fields_is_done(const struct fields_cursor *cursor)
{
    return byte_reader_is_done(&cursor->reader);
}

uint64_t fields_number(struct fields_cursor *cursor, struct slice value, uint64_t max)
{
    struct byte_reader reader = byte_reader_of(value);
    uint64_t number = byte_reader_varint(&reader);
    if (byte_reader_is_done(&reader) && number <= max)
        return number;
    cursor->reader.has_failed = true;
    return 0;
}
