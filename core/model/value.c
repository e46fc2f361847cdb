#include "core/model/value.h"

#include "core/base/check.h"

const char *value_type_name(enum value_type type)
{
    switch (type) {
    case VALUE_STRING:
        return "S";
    case VALUE_NUMBER:
        return "N";
    case VALUE_BINARY:
        return "B";
    case VALUE_NULL:
        return "NULL";
    case VALUE_FALSE:
    case VALUE_TRUE:
        return "BOOL";
    case VALUE_LIST:
        return "L";
    case VALUE_MAP:
        return "M";
    case VALUE_STRING_SET:
        return "SS";
    case VALUE_NUMBER_SET:
        return "NS";
    case VALUE_BINARY_SET:
        return "BS";
    }
    CHECK(!"a type of value");
    return "";
}

static enum value_type type_of_letter(uint8_t letter)
{
    switch (letter) {
    case 'S':
        return VALUE_STRING;
    case 'N':
        return VALUE_NUMBER;
    case 'B':
        return VALUE_BINARY;
    case 'L':
        return VALUE_LIST;
    case 'M':
        return VALUE_MAP;
    default:
        return (enum value_type)0;
    }
}

static enum value_type type_of_set(uint8_t letter)
{
    switch (letter) {
    case 'S':
        return VALUE_STRING_SET;
    case 'N':
        return VALUE_NUMBER_SET;
    case 'B':
        return VALUE_BINARY_SET;
    default:
        return (enum value_type)0;
    }
}

enum value_type value_type_of_name(struct slice name)
{
    if (name.size == 1)
        return type_of_letter(name.bytes[0]);
    if (name.size == 2 && name.bytes[1] == 'S')
        return type_of_set(name.bytes[0]);
    if (name.size == 4 && memcmp(name.bytes, "BOOL", 4) == 0)
        return VALUE_TRUE;
    if (name.size == 4 && memcmp(name.bytes, "NULL", 4) == 0)
        return VALUE_NULL;
    return (enum value_type)0;
}

enum value_type value_type_element(enum value_type type)
{
    switch (type) {
    case VALUE_STRING_SET:
        return VALUE_STRING;
    case VALUE_NUMBER_SET:
        return VALUE_NUMBER;
    case VALUE_BINARY_SET:
        return VALUE_BINARY;
    case VALUE_STRING:
    case VALUE_NUMBER:
    case VALUE_BINARY:
    case VALUE_NULL:
    case VALUE_FALSE:
    case VALUE_TRUE:
    case VALUE_LIST:
    case VALUE_MAP:
        break;
    }
    return (enum value_type)0;
}

struct slice value_bytes(struct value value)
{
    CHECK(value.type == VALUE_STRING || value.type == VALUE_BINARY);
    struct byte_reader reader = byte_reader_of(value.payload);
    struct slice bytes = byte_reader_sized(&reader);
    CHECK(byte_reader_is_done(&reader));
    return bytes;
}

struct number value_number(struct value value)
{
    struct number number;
    size_t size;
    CHECK(value.type == VALUE_NUMBER);
    CHECK(number_key_decode(value.payload, &number, &size) == STATUS_OK);
    CHECK(size == value.payload.size);
    return number;
}

/* Lists and maps cost 3 bytes, and 1 for each element besides the element; sets cost nothing. */
static size_t container_size(struct value value)
{
    bool is_set = value_type_element(value.type) != 0;
    struct value_cursor cursor = value_cursor(value);
    size_t size = is_set ? 0 : 3 + cursor.left_count;
    struct slice name;
    struct value element;
    while (value_cursor_next(&cursor, &name, &element))
        size += name.size + value_size(element);
    return size;
}

size_t value_size(struct value value)
{
    switch (value.type) {
    case VALUE_STRING:
    case VALUE_BINARY:
        return value_bytes(value).size;
    case VALUE_NUMBER:
        return number_key_item_size(value.payload);
    case VALUE_NULL:
    case VALUE_FALSE:
    case VALUE_TRUE:
        return 1;
    case VALUE_LIST:
    case VALUE_MAP:
    case VALUE_STRING_SET:
    case VALUE_NUMBER_SET:
    case VALUE_BINARY_SET:
        return container_size(value);
    }
    CHECK(!"a type of value");
    return 0;
}

unsigned value_depth(struct value value)
{
    if (value.type != VALUE_LIST && value.type != VALUE_MAP)
        return 0;
    unsigned depth_max = 0;
    struct value_cursor cursor = value_cursor(value);
    struct slice name;
    struct value element;
    while (value_cursor_next(&cursor, &name, &element)) {
        /* Most are scalars: asked here, not in a call for each. */
        if (element.type != VALUE_LIST && element.type != VALUE_MAP)
            continue;
        unsigned depth = value_depth(element);
        depth_max = depth > depth_max ? depth : depth_max;
    }
    return depth_max + 1;
}

struct value_cursor value_cursor(struct value value)
{
    struct value_cursor cursor = {
        .reader = byte_reader_of(value.payload),
        .element_type = value_type_element(value.type),
        .has_names = value.type == VALUE_MAP,
    };
    if (value.type == VALUE_LIST || cursor.has_names || cursor.element_type != 0) {
        (void)byte_reader_u32(&cursor.reader);
        cursor.left_count = byte_reader_varint(&cursor.reader);
    }
    return cursor;
}

/* Skips one payload, by its own account of its size. */
static inline void skip_payload(struct byte_reader *reader, enum value_type type)
{
    switch (type) {
    case VALUE_STRING:
    case VALUE_BINARY:
        (void)byte_reader_sized(reader);
        return;
    case VALUE_NUMBER:
        (void)byte_reader_bytes(reader, number_key_size(reader->rest));
        return;
    case VALUE_NULL:
    case VALUE_FALSE:
    case VALUE_TRUE:
        return;
    case VALUE_LIST:
    case VALUE_MAP:
    case VALUE_STRING_SET:
    case VALUE_NUMBER_SET:
    case VALUE_BINARY_SET:
        (void)byte_reader_bytes(reader, byte_reader_u32(reader));
        return;
    }
    CHECK(!"a type of value");
}

bool value_cursor_next(struct value_cursor *cursor, struct slice *out_name, struct value *out_value)
{
    if (cursor->left_count == 0)
        return false;
    cursor->left_count--;

    /* Field by field, in and out: a struct copied right after its fields were written stalls. */
    struct byte_reader reader =
        byte_reader_of(slice_of(cursor->reader.rest.bytes, cursor->reader.rest.size));
    struct slice name = {0};
    if (cursor->has_names)
        name = byte_reader_sized(&reader);
    enum value_type type = cursor->element_type;
    if (type == 0)
        type = (enum value_type)byte_reader_u8(&reader);
    struct slice before = reader.rest;
    skip_payload(&reader, type);
    CHECK(!reader.has_failed);
    cursor->reader.rest.bytes = reader.rest.bytes;
    cursor->reader.rest.size = reader.rest.size;
    *out_name = name;
    out_value->type = type;
    out_value->payload.bytes = before.bytes;
    out_value->payload.size = before.size - reader.rest.size;
    return true;
}

/* As slice_compare. Most names part at their first byte. */
static inline int compare_names(struct slice left, struct slice right)
{
    if (left.size > 0 && right.size > 0 && left.bytes[0] != right.bytes[0])
        return left.bytes[0] < right.bytes[0] ? -1 : 1;
    return slice_compare(left, right);
}

bool value_cursor_find(struct value_cursor *cursor, struct slice name, struct value *out_value)
{
    CHECK(cursor->has_names);
    struct byte_reader reader = byte_reader_of(cursor->reader.rest);
    uint64_t left_count = cursor->left_count;
    int order = -1;
    while (left_count > 0 && order < 0) {
        left_count--;
        order = compare_names(byte_reader_sized(&reader), name);
        enum value_type type = (enum value_type)byte_reader_u8(&reader);
        struct slice before = reader.rest;
        skip_payload(&reader, type);
        CHECK(!reader.has_failed);
        if (order == 0) {
            out_value->type = type;
            out_value->payload = slice_of(before.bytes, before.size - reader.rest.size);
        }
    }
    cursor->reader = reader;
    cursor->left_count = left_count;
    return order == 0;
}
