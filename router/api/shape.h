/*
 * Shape: what an operation's request may look like, as data: members, types, bounds, patterns and
 * enums, after DynamoDB's service model.
 *
 * Two passes check a request against its shape, in DynamoDB's order: first its JSON types, the
 * first mistake of which ends it; then the constraints, whose violations are collected.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "core/json/json_document.h"
#include "core/json/json_fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHAPE_MEMBER_COUNT_MAX = 24 };

enum shape_pattern {
    SHAPE_PATTERN_NONE,
    SHAPE_PATTERN_NAME, /* [a-zA-Z0-9_.-]+ */
};

struct shape_member;

/* Bounds are of a number's value, a string's characters, or a list's or map's count. */
struct shape {
    enum json_target type;
    bool has_min;
    bool has_max;
    int64_t min;
    int64_t max;
    enum shape_pattern pattern;
    bool may_be_arn;           /* then bounds and pattern are those of names only */
    const char *const *values; /* of an enum, up to NULL, in the order in which AWS tells them */

    /* Of a structure. */
    const char *class_name;
    const struct shape_member *members;
    size_t member_count;

    const struct shape *element; /* of a list, or of a map: a structure without members */
    const struct shape *key;     /* of a map; NULL: any */
};

enum shape_support {
    SHAPE_SERVED,
    SHAPE_NOT_SERVED, /* naming it is refused */
};

struct shape_member {
    struct slice name;
    const struct shape *shape;
    bool is_required;
    enum shape_support support;
};

#define SHAPE_TEXT(text)                                                                           \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }
#define SHAPE_MEMBER(text, of, ...)                                                                \
    {                                                                                              \
        .name = SHAPE_TEXT(text), .shape = &(of), __VA_ARGS__                                      \
    }
#define SHAPE_COUNT(members) (sizeof(members) / sizeof(members)[0])

/*
 * Finds the members of a structure in an object: `out_nodes` has one for each member of the shape,
 * NULL where it is missing or null. Members that the shape does not have are passed over.
 */
void shape_find_members(const struct shape *shape, const struct json_node *object,
                        const struct json_node **out_nodes);

/* The first node that is not of the type that its shape declares; JSON_FAULT_NONE: there is none.
 */
struct json_fault shape_check_types(const struct shape *shape, const struct json_node *const *nodes,
                                    struct arena *arena);

/*
 * STATUS_INVALID, and DynamoDB's account of the first ten violations in the arena, when there are
 * any. The types have been checked.
 */
MUST_USE enum status shape_check_constraints(const struct shape *shape,
                                             const struct json_node *const *nodes,
                                             struct arena *arena, struct slice *out_message);

/* The integer of a number node; beyond int64_t, its nearest. */
int64_t shape_integer(const struct json_node *node);

bool shape_is_in_pattern(enum shape_pattern pattern, struct slice text);
