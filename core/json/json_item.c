#include "core/json/json_item.h"

#include "core/base/check.h"
#include "core/json/json_base64.h"
#include "core/json/json_room_private.h"
#include "core/json/json_writer.h"
#include "core/model/item.h"

#include <string.h>

static void append_binary(struct buffer *buffer, struct slice bytes)
{
    json_put_byte(buffer, '"');
    json_base64_append(buffer, bytes);
    json_put_byte(buffer, '"');
}

static void append_number(struct buffer *buffer, struct number number)
{
    char *at = (char *)json_room(buffer, NUMBER_TEXT_SIZE_MAX + 2);
    size_t size = number_print(number, at + 1);
    at[0] = '"';
    at[1 + size] = '"';
    buffer->size += size + 2;
}

/* The elements of a list or set, or the entries of a map or item, without the brackets. */
static void append_elements(struct buffer *buffer, struct value_cursor cursor);

/* What stands behind the type's name. */
static void append_payload(struct buffer *buffer, struct value value)
{
    bool is_map = value.type == VALUE_MAP;
    switch (value.type) {
    case VALUE_STRING:
        json_append_string(buffer, value_bytes(value));
        return;
    case VALUE_NUMBER:
        append_number(buffer, value_number(value));
        return;
    case VALUE_BINARY:
        append_binary(buffer, value_bytes(value));
        return;
    case VALUE_NULL:
    case VALUE_TRUE:
        buffer_append(buffer, slice_of("true", 4));
        return;
    case VALUE_FALSE:
        buffer_append(buffer, slice_of("false", 5));
        return;
    case VALUE_LIST:
    case VALUE_MAP:
    case VALUE_STRING_SET:
    case VALUE_NUMBER_SET:
    case VALUE_BINARY_SET:
        json_put_byte(buffer, is_map ? '{' : '[');
        append_elements(buffer, value_cursor(value));
        json_put_byte(buffer, is_map ? '}' : ']');
        return;
    }
    CHECK(!"a type of value");
}

static void append_elements(struct buffer *buffer, struct value_cursor cursor)
{
    struct slice name;
    struct value value;
    bool is_set = cursor.element_type != 0;
    bool is_first = true;
    while (value_cursor_next(&cursor, &name, &value)) {
        if (!is_first)
            json_put_byte(buffer, ',');
        is_first = false;
        if (cursor.has_names) {
            json_append_string(buffer, name);
            json_put_byte(buffer, ':');
        }
        if (is_set)
            append_payload(buffer, value);
        else
            json_value_write(buffer, value);
    }
}

void json_item_write(struct buffer *buffer, struct slice item)
{
    json_put_byte(buffer, '{');
    append_elements(buffer, item_cursor(item));
    json_put_byte(buffer, '}');
}

/* The beginning of a value, such as {"S": */
static void append_opening(struct buffer *buffer, enum value_type type)
{
    static const struct {
        char text[JSON_ROOM_SLACK];
        uint8_t size;
    } openings[] = {
        [VALUE_STRING] = {"{\"S\":", 5},      [VALUE_NUMBER] = {"{\"N\":", 5},
        [VALUE_BINARY] = {"{\"B\":", 5},      [VALUE_NULL] = {"{\"NULL\":", 8},
        [VALUE_FALSE] = {"{\"BOOL\":", 8},    [VALUE_TRUE] = {"{\"BOOL\":", 8},
        [VALUE_LIST] = {"{\"L\":", 5},        [VALUE_MAP] = {"{\"M\":", 5},
        [VALUE_STRING_SET] = {"{\"SS\":", 6}, [VALUE_NUMBER_SET] = {"{\"NS\":", 6},
        [VALUE_BINARY_SET] = {"{\"BS\":", 6},
    };
    CHECK(type > 0);
    CHECK(type <= VALUE_BINARY_SET);
    memcpy(json_room(buffer, 0), openings[type].text, JSON_ROOM_SLACK);
    buffer->size += openings[type].size;
}

void json_value_write(struct buffer *buffer, struct value value)
{
    append_opening(buffer, value.type);
    append_payload(buffer, value);
    json_put_byte(buffer, '}');
}
