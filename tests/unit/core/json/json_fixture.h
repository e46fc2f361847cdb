/*
 * For tests of JSON: a parser and an arena, and a request of one word.
 */
#pragma once

#include "core/json/json_item.h"
#include "core/json/json_request.h"
#include "core/model/item.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct json_fixture {
    struct json_request_parser *parser;
    struct arena *arena;
};

static inline int json_fixture_create(void **state)
{
    struct json_fixture *fixture = memory_alloc_zeroed(sizeof *fixture);
    fixture->parser = json_request_parser_create();
    fixture->arena = arena_create();
    *state = fixture;
    return 0;
}

static inline int json_fixture_destroy(void **state)
{
    struct json_fixture *fixture = *state;
    json_request_parser_destroy(fixture->parser);
    arena_destroy(fixture->arena);
    memory_free(fixture);
    return 0;
}

/* Members "Item" and "Value" are what they say, "Items" is an array of items. */
static inline struct json_request parse(struct json_fixture *fixture, const char *body)
{
    static const struct json_field fields[] = {
        {.kind = JSON_ITEM, .path = {"Item"}},
        {.kind = JSON_VALUE, .path = {"Value"}},
        {.kind = JSON_ITEM, .path = {"Items", "*"}},
    };
    return json_request_parse(fixture->parser, slice_of_text(body), fields,
                              sizeof fields / sizeof fields[0], fixture->arena);
}

static inline struct json_request parse_attribute(struct json_fixture *fixture, const char *json)
{
    return parse(fixture, arena_format(fixture->arena, "{\"Item\":{\"a\":%s}}", json));
}

static inline const struct json_node *member(const struct json_node *node, const char *name)
{
    const struct json_node *found = json_node_find(node, name);
    assert_non_null(found);
    return found;
}

static inline void assert_fault(struct json_fault fault, enum json_fault_kind kind,
                                const char *message)
{
    assert_int_equal(fault.kind, kind);
    if (!slice_is_text(fault.message, message))
        print_error("'%.*s', not '%s'\n", (int)fault.message.size,
                    (const char *)fault.message.bytes, message);
    assert_true(slice_is_text(fault.message, message));
}

/* The item as JSON again; the item has passed item_check. */
static inline void assert_item(struct slice item, const char *expected)
{
    SCOPED(buffer) json = {0};
    assert_int_equal(item_check(item), STATUS_OK);
    json_item_write(&json, item);
    if (!slice_is_text(buffer_slice(&json), expected))
        print_error("'%.*s', not '%s'\n", (int)json.size, (const char *)json.bytes, expected);
    assert_true(slice_is_text(buffer_slice(&json), expected));
}
