#include "router/api/consumed_capacity.h"

#include <inttypes.h>

enum { READ_UNIT_SIZE = 4096, WRITE_UNIT_SIZE = 1024 };

enum consumed_capacity_detail consumed_capacity_detail_of(struct slice text)
{
    if (slice_is_text(text, "TOTAL"))
        return CONSUMED_CAPACITY_TOTAL;
    if (slice_is_text(text, "INDEXES"))
        return CONSUMED_CAPACITY_INDEXES;
    return CONSUMED_CAPACITY_NONE;
}

/* At least one. */
static uint64_t unit_count(size_t size, size_t unit_size)
{
    return size == 0 ? 1 : (size + unit_size - 1) / unit_size;
}

uint64_t consumed_capacity_of_read(size_t item_size, bool is_consistent)
{
    return unit_count(item_size, READ_UNIT_SIZE) * (is_consistent ? 2 : 1);
}

uint64_t consumed_capacity_of_write(size_t old_item_size, size_t new_item_size)
{
    size_t size = old_item_size > new_item_size ? old_item_size : new_item_size;
    return unit_count(size, WRITE_UNIT_SIZE) * 2;
}

static void write_units(struct json_writer *writer, uint64_t half_units)
{
    json_writer_name(writer, slice_of_text("CapacityUnits"));
    buffer_append_format(json_writer_value(writer), "%" PRIu64 ".%s", half_units / 2,
                         half_units % 2 == 0 ? "0" : "5");
}

void consumed_capacity_write_object(struct json_writer *writer,
                                    enum consumed_capacity_detail detail, struct slice table_name,
                                    uint64_t half_units)
{
    json_writer_object_start(writer);
    write_units(writer, half_units);
    if (detail == CONSUMED_CAPACITY_INDEXES) {
        json_writer_name(writer, slice_of_text("Table"));
        json_writer_object_start(writer);
        write_units(writer, half_units);
        json_writer_object_end(writer);
    }
    json_writer_name(writer, slice_of_text("TableName"));
    json_writer_string(writer, table_name);
    json_writer_object_end(writer);
}

void consumed_capacity_write(struct json_writer *writer, enum consumed_capacity_detail detail,
                             struct slice table_name, uint64_t half_units)
{
    if (detail == CONSUMED_CAPACITY_NONE)
        return;
    json_writer_name(writer, slice_of_text("ConsumedCapacity"));
    consumed_capacity_write_object(writer, detail, table_name, half_units);
}
