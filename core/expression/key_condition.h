/*
 * Key condition: from the tree of a KeyConditionExpression to one partition key value and what the
 * sort key must be.
 *
 * In two steps, as DynamoDB refuses some trees whatever the table: key_terms_read needs no table,
 * key_condition_match needs its key.
 *
 * Ownership: terms and key conditions borrow from the tree, faults lie in the arena.
 */
#pragma once

#include "core/expression/expression_fault.h"
#include "core/expression/tree.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    KEY_TERMS_MAX = 2,
    KEY_TERM_VALUES_MAX = 2,
};

/* How a key attribute compares to values. */
enum key_relation {
    KEY_ANY, /* there is no condition */
    KEY_EQUAL,
    KEY_LESS,
    KEY_LESS_OR_EQUAL,
    KEY_GREATER,
    KEY_GREATER_OR_EQUAL,
    KEY_BETWEEN, /* two values, both inclusive */
    KEY_BEGINS_WITH,
};

struct key_term {
    struct slice attribute;
    enum key_relation relation;
    struct value values[KEY_TERM_VALUES_MAX];
};

/* At most one for an attribute, in the order of the tree. */
struct key_terms {
    struct key_term terms[KEY_TERMS_MAX];
    uint32_t count;
};

struct expression_fault key_terms_read(struct arena *arena, const struct condition *condition,
                                       struct key_terms *out_terms);

struct key_attribute {
    struct slice name;
    enum value_type type; /* VALUE_STRING, VALUE_NUMBER or VALUE_BINARY */
};

/* The key of a table or index. */
struct key_schema {
    struct key_attribute partition;
    struct key_attribute sort;
    bool has_sort;
};

struct key_condition {
    struct value partition;
    enum key_relation relation; /* of the sort key */
    struct value values[KEY_TERM_VALUES_MAX];
};

struct expression_fault key_condition_match(struct arena *arena, const struct key_terms *terms,
                                            const struct key_schema *schema,
                                            struct key_condition *out_condition);
