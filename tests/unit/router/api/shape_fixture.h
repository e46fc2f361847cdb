/*
 * What the tests of shapes share: one structure with a member of each sort, and requests read by
 * it.
 */
#pragma once

#include "core/base/check.h"
#include "core/json/json_request.h"
#include "router/api/shapes.h"

enum { NAME, COUNT, CHOICE, ITEMS, FLAG, MAP, PART, TABLES };

static const struct shape fixture_count = {
    .type = JSON_TARGET_INTEGER, .has_min = true, .has_max = true, .min = 1, .max = 100};
static const struct shape fixture_choice = SHAPE_ENUM("RED", "GREEN");

static const struct shape_member fixture_element_members[] = {
    SHAPE_MEMBER("Name", shape_key_name, .is_required = true),
    SHAPE_MEMBER("Choice", fixture_choice),
};
static const struct shape fixture_element = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "Element",
    .members = fixture_element_members,
    .member_count = SHAPE_COUNT(fixture_element_members),
};
static const struct shape fixture_items = {.type = JSON_TARGET_LIST,
                                           .has_min = true,
                                           .has_max = true,
                                           .min = 1,
                                           .max = 2,
                                           .element = &fixture_element};

static const struct shape fixture_tables = {.type = JSON_TARGET_STRUCTURE,
                                            .has_max = true,
                                            .max = 2,
                                            .element = &fixture_items,
                                            .key = &shape_table_name};

static const struct shape_member fixture_members[] = {
    [NAME] = SHAPE_MEMBER("Name", shape_table_name, .is_required = true),
    [COUNT] = SHAPE_MEMBER("Count", fixture_count),
    [CHOICE] = SHAPE_MEMBER("Choice", fixture_choice),
    [ITEMS] = SHAPE_MEMBER("Items", fixture_items),
    [FLAG] = SHAPE_MEMBER("Flag", shape_boolean),
    [MAP] = SHAPE_MEMBER("Map", shape_string_map),
    [PART] = SHAPE_MEMBER("SSEPart", fixture_element),
    [TABLES] = SHAPE_MEMBER("Tables", fixture_tables),
};
static const struct shape fixture_shape = {
    .type = JSON_TARGET_STRUCTURE,
    .members = fixture_members,
    .member_count = SHAPE_COUNT(fixture_members),
};

static inline void fixture_read(const char *body, struct arena *arena,
                                const struct json_node **out_nodes)
{
    OWNED(json_request_parser) parser = json_request_parser_create();
    struct slice copy = arena_copy(arena, slice_of_text(body));
    struct json_request request = json_request_parse(parser, copy, NULL, 0, arena);
    CHECK(request.fault.kind == JSON_FAULT_NONE);
    shape_find_members(&fixture_shape, request.root, out_nodes);
}
