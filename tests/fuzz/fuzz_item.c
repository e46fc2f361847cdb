/*
 * Arbitrary bytes as an item: either item_check refuses them, or they can be walked, measured,
 * rebuilt value by value and sent through JSON, and come out as the same bytes.
 */
#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/base/check.h"
#include "core/json/json_item.h"
#include "core/json/json_request.h"
#include "core/model/item.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void rebuild_elements(struct item_builder *builder, struct value_cursor cursor);

static void rebuild(struct item_builder *builder, struct value value)
{
    switch (value.type) {
    case VALUE_STRING:
        item_builder_string(builder, value_bytes(value));
        return;
    case VALUE_BINARY:
        item_builder_binary(builder, value_bytes(value));
        return;
    case VALUE_NUMBER:
        item_builder_number(builder, value_number(value));
        return;
    case VALUE_NULL:
        item_builder_null(builder);
        return;
    case VALUE_FALSE:
    case VALUE_TRUE:
        item_builder_bool(builder, value.type == VALUE_TRUE);
        return;
    case VALUE_LIST:
    case VALUE_MAP:
    case VALUE_STRING_SET:
    case VALUE_NUMBER_SET:
    case VALUE_BINARY_SET:
        item_builder_open(builder, value.type);
        rebuild_elements(builder, value_cursor(value));
        item_builder_close(builder);
        return;
    }
    CHECK(!"a type of value");
}

static void rebuild_elements(struct item_builder *builder, struct value_cursor cursor)
{
    struct slice name;
    struct value value;
    while (value_cursor_next(&cursor, &name, &value)) {
        if (cursor.has_names)
            item_builder_name(builder, name);
        rebuild(builder, value);
    }
}

static void check_rebuilt(struct slice item)
{
    OWNED(item_builder) builder = item_builder_create();
    struct slice rebuilt;
    rebuild_elements(builder, item_cursor(item));
    CHECK(item_builder_finish(builder, &rebuilt) == ITEM_FAULT_NONE);
    CHECK(slice_is_equal(rebuilt, item));
}

/* As above, but the top-level values are taken as they are. */
static void check_copied(struct slice item)
{
    OWNED(item_builder) builder = item_builder_create();
    struct value_cursor cursor = item_cursor(item);
    struct slice name;
    struct value value;
    while (value_cursor_next(&cursor, &name, &value)) {
        struct value found;
        CHECK(item_find(item, name, &found));
        CHECK(slice_is_equal(found.payload, value.payload));
        item_builder_name(builder, name);
        item_builder_value(builder, value);
    }
    struct slice copied;
    CHECK(item_builder_finish(builder, &copied) == ITEM_FAULT_NONE);
    CHECK(slice_is_equal(copied, item));
}

static void check_through_json(struct slice item)
{
    static const struct json_field fields[] = {{.kind = JSON_ITEM, .path = {"Item"}}};
    OWNED(json_request_parser) parser = json_request_parser_create();
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) body = {0};
    buffer_append_text(&body, "{\"Item\":");
    json_item_write(&body, item);
    buffer_append_text(&body, "}");

    struct json_request request = json_request_parse(parser, buffer_slice(&body), fields, 1, arena);

    CHECK(request.fault.kind == JSON_FAULT_NONE);
    CHECK(slice_is_equal(request.root->first->text, item));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct slice item = slice_of(bytes, size);
    if (item_check(item) != STATUS_OK)
        return 0;
    /* The most is counted for a null in a list: 1, and 1 for the element. */
    CHECK(item_size(item) <= 2 * size);
    check_rebuilt(item);
    check_copied(item);
    check_through_json(item);
    return 0;
}
