/*
 * Tree: what an expression asks for, checked and with its placeholders filled in.
 *
 * Three kinds of roots: `struct condition` (of conditions, filters and key conditions), `struct
 * update` and `struct projection`. The parser (parser.h) makes them from text, the constructors
 * below from the older parameters, and tree_codec.h from bytes that came over the wire.
 *
 * Shape:     a condition is AND or OR of several conditions, NOT of one, or a test of operands;
 *            CONDITION_DEPTH_MAX conditions and OPERAND_DEPTH_MAX operands stand within each other
 *            at most, so that walking one by recursion is safe.
 * Ownership: nodes live in the arena that they were made in, and never change. Names and values
 *            are borrowed from whoever made the tree.
 */
#pragma once

#include "core/base/arena.h"
#include "core/expression/path.h"
#include "core/model/value.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    CONDITION_DEPTH_MAX = 320,
    OPERAND_DEPTH_MAX = 320,
    CONDITION_IN_MAX = 100,

    /* Conditions, operands, actions, paths and steps of one tree. No text comes near it; whoever
       makes trees of the older parameters refuses more. */
    TREE_NODES_MAX = 1 << 18,
};

/* On the wire: never renumber. */
enum operand_kind {
    OPERAND_PATH = 1,
    OPERAND_VALUE = 2,
    OPERAND_SIZE = 3,          /* of a path or value; in conditions only */
    OPERAND_PLUS = 4,          /* from here on of two arguments, and in updates only */
    OPERAND_MINUS = 5,         /* the first less the second */
    OPERAND_IF_NOT_EXISTS = 6, /* a path, and what to take in its place */
    OPERAND_LIST_APPEND = 7,
};

struct operand {
    enum operand_kind kind;
    union {
        struct path path;
        struct value value;
        const struct operand *arguments; /* operand_argument_count of them */
    };
};

/* 0 for paths and values, 1 for a size, else 2. */
uint32_t operand_argument_count(enum operand_kind kind);

/* On the wire: never renumber. */
enum condition_kind {
    CONDITION_AND = 1, /* of 2 or more children, in the order of the text */
    CONDITION_OR = 2,  /* likewise */
    CONDITION_NOT = 3, /* of 1 child; all below have operands */
    CONDITION_EQUAL = 4,
    CONDITION_NOT_EQUAL = 5,
    CONDITION_LESS = 6,
    CONDITION_LESS_OR_EQUAL = 7,
    CONDITION_GREATER = 8,
    CONDITION_GREATER_OR_EQUAL = 9,
    CONDITION_BETWEEN = 10,              /* operand, lower bound, upper bound; both inclusive */
    CONDITION_IN = 11,                   /* operand, then 1 to CONDITION_IN_MAX candidates */
    CONDITION_ATTRIBUTE_EXISTS = 12,     /* a path */
    CONDITION_ATTRIBUTE_NOT_EXISTS = 13, /* a path */
    CONDITION_ATTRIBUTE_TYPE = 14,       /* operand, string value that names a type */
    CONDITION_BEGINS_WITH = 15,          /* operand, prefix */
    CONDITION_CONTAINS = 16,             /* operand, part or element */
};

struct condition {
    enum condition_kind kind;
    uint32_t count; /* of children or operands */
    union {
        const struct condition *children; /* of AND, OR and NOT */
        const struct operand *operands;
    };
};

static inline bool condition_has_children(enum condition_kind kind)
{
    return kind <= CONDITION_NOT;
}

/* On the wire: never renumber. */
enum update_kind {
    UPDATE_SET = 1,    /* to any operand but a size */
    UPDATE_REMOVE = 2, /* without an operand */
    UPDATE_ADD = 3,    /* a number or set value */
    UPDATE_DELETE = 4, /* the elements of a set value */
    /* AttributeUpdates' ADD: as UPDATE_ADD, and a list value is appended to a list. */
    UPDATE_ADD_OR_APPEND = 5,
};

struct update_action {
    enum update_kind kind;
    struct path path;
    struct operand operand;
};

/* Actions in the order of the text. Their paths neither overlap nor conflict. */
struct update {
    const struct update_action *actions;
    uint32_t count;
};

/* Paths in the order of the text. They neither overlap nor conflict. */
struct projection {
    const struct path *paths;
    uint32_t count;
};

/* Constructors. They copy the nodes handed to them into the arena, and borrow names and values. */
struct operand operand_of_attribute(struct arena *arena, struct slice name);
struct operand operand_of_path(struct path path);
struct operand operand_of_value(struct value value);
struct operand operand_of_function(struct arena *arena, enum operand_kind kind,
                                   const struct operand *arguments);

/* A test of operands. */
struct condition condition_of_operands(struct arena *arena, enum condition_kind kind,
                                       const struct operand *operands, uint32_t count);

/* AND or OR of at least one condition; of one, it is that condition. */
struct condition condition_join(struct arena *arena, enum condition_kind kind,
                                const struct condition *children, uint32_t count);
struct condition condition_not(struct arena *arena, struct condition child);

/* Whether any path begins with the attribute. */
bool condition_uses(const struct condition *condition, struct slice attribute);
bool update_changes(const struct update *update, struct slice attribute);
