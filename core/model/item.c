#include "core/model/item.h"

struct value_cursor item_cursor(struct slice item)
{
    struct value_cursor cursor = {.reader = byte_reader_of(item), .has_names = true};
    (void)byte_reader_u8(&cursor.reader);
    cursor.left_count = byte_reader_varint(&cursor.reader);
    return cursor;
}

bool item_find(struct slice item, struct slice name, struct value *out_value)
{
    struct value_cursor cursor = item_cursor(item);
    return value_cursor_find(&cursor, name, out_value);
}

size_t item_size(struct slice item)
{
    struct value_cursor cursor = item_cursor(item);
    struct slice name;
    struct value value;
    size_t size = 0;
    while (value_cursor_next(&cursor, &name, &value))
        size += name.size + value_size(value);
    return size;
}
