#include "node/tablet/row.h"

#include "core/base/byte_order.h"

static size_t varint_size(uint64_t value)
{
    size_t size = 1;
    for (; value >= 0x80; value >>= 7)
        size++;
    return size;
}

size_t row_header_size(const struct row *row)
{
    return 2 * sizeof(uint8_t) + sizeof(uint64_t) + sizeof(uint16_t) +
           varint_size(row->extension.size) + row->extension.size;
}

void row_encode_header(const struct row *row, struct buffer *bytes)
{
    buffer_append_u8(bytes, ROW_VERSION);
    buffer_append_u8(bytes, row->flags);
    buffer_append_u64(bytes, row->stamp.time);
    buffer_append_u16(bytes, row->stamp.region_id);
    buffer_append_sized(bytes, row->extension);
}

enum status row_decode(struct slice bytes, struct row *out_row)
{
    struct byte_reader reader = byte_reader_of(bytes);
    if (byte_reader_u8(&reader) != ROW_VERSION)
        return reader.has_failed ? STATUS_CORRUPT : STATUS_UNSUPPORTED;
    struct row row = {.flags = byte_reader_u8(&reader)};
    row.stamp.time = byte_reader_u64(&reader);
    row.stamp.region_id = byte_reader_u16(&reader);
    row.extension = byte_reader_sized(&reader);
    if (reader.has_failed)
        return STATUS_CORRUPT;
    row.item = reader.rest;
    *out_row = row;
    return STATUS_OK;
}
