/*
 * An arbitrary request body: either it is refused with a fault that can be answered, or its items
 * pass item_check, and give the same bytes again once they have been through JSON.
 */
#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/base/check.h"
#include "core/base/utf8.h"
#include "core/json/json_item.h"
#include "core/json/json_request.h"
#include "core/model/item.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const struct json_field fields[] = {
    {.kind = JSON_ITEM, .path = {"Item"}},
    {.kind = JSON_VALUE, .path = {"Value"}},
    {.kind = JSON_ITEM, .path = {"Items", "*"}},
    {.kind = JSON_ITEM, .path = {"*", "*", "*", "Item"}},
};

static struct json_request parse(struct json_request_parser *parser, struct slice body,
                                 struct arena *arena)
{
    return json_request_parse(parser, body, fields, sizeof fields / sizeof fields[0], arena);
}

static void check_same_again(struct slice body, const char *name, struct slice expected)
{
    OWNED(json_request_parser) parser = json_request_parser_create();
    OWNED(arena) arena = arena_create();
    struct json_request request = parse(parser, body, arena);
    CHECK(request.fault.kind == JSON_FAULT_NONE);
    CHECK(slice_is_equal(json_node_find(request.root, name)->text, expected));
}

static void check_item(const struct json_node *node)
{
    SCOPED(buffer) body = {0};
    CHECK(item_check(node->text) == STATUS_OK);
    buffer_append_text(&body, "{\"Item\":");
    json_item_write(&body, node->text);
    buffer_append_text(&body, "}");
    check_same_again(buffer_slice(&body), "Item", node->text);
}

static void check_value(const struct json_node *node)
{
    SCOPED(buffer) body = {0};
    buffer_append_text(&body, "{\"Value\":");
    json_value_write(&body, json_node_value(node));
    buffer_append_text(&body, "}");
    check_same_again(buffer_slice(&body), "Value", node->text);
}

/* Recursion is bounded by JSON_DEPTH_MAX. */
static void check_node(const struct json_node *node)
{
    uint32_t count = 0;
    CHECK(utf8_is_valid(node->name));
    for (const struct json_node *child = node->first; child != NULL; child = child->next) {
        count++;
        check_node(child);
    }
    CHECK(count == node->count);
    if (node->kind == JSON_ITEM)
        check_item(node);
    else if (node->kind == JSON_VALUE)
        check_value(node);
    else
        CHECK(utf8_is_valid(node->text));
}

static void check_fault(struct json_fault fault)
{
    bool has_message = fault.kind != JSON_FAULT_SYNTAX;
    CHECK((fault.message.size > 0) == has_message);
    CHECK(utf8_is_valid(fault.message));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    /* One parser for all bodies: what one leaves behind must not show in the next. */
    static struct json_request_parser *parser;
    if (parser == NULL)
        parser = json_request_parser_create();
    OWNED(arena) arena = arena_create();

    struct json_request request = parse(parser, slice_of(bytes, size), arena);

    CHECK((request.root == NULL) ==
          (request.fault.kind == JSON_FAULT_SYNTAX || request.fault.kind == JSON_FAULT_TYPE));
    if (request.fault.kind == JSON_FAULT_NONE)
        check_node(request.root);
    else
        check_fault(request.fault);
    return 0;
}
