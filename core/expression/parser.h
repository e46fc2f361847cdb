/*
 * Parser: the text of an expression as a checked tree, with the errors that DynamoDB gives.
 *
 *     condition  := or
 *     or         := and { OR and }            and := not { AND not }
 *     not        := NOT not | test
 *     test       := operand comparator operand | operand BETWEEN operand AND operand
 *                 | operand IN ( operand { , operand } ) | call | ( or )
 *     operand    := path | :value | call | ( operand )
 *     call       := function ( operand { , operand } )
 *     path       := name { . name | [ digits ] }            name := word | #placeholder
 *
 *     update     := section { section }
 *     section    := SET path = sum { , path = sum } | REMOVE path { , path }
 *                 | ADD path :value { , path :value } | DELETE path :value { , path :value }
 *     sum        := operand [ + operand | - operand ] | ( sum )
 *
 *     projection := path { , path }
 *
 * A text that breaks the grammar is refused for that, at the first token that does not fit. Only
 * then does it matter what it says: of several faults the one is reported that `enum complaint`
 * (parser_private.h) lists first, and of two alike the one that stands first.
 *
 * Ownership: a tree lies in the context's arena, and borrows from the text, and from the context's
 *            names and values.
 */
#pragma once

#include "core/expression/expression_context.h"
#include "core/expression/expression_fault.h"
#include "core/expression/tree.h"

enum {
    EXPRESSION_SIZE_MAX = 4096,
    EXPRESSION_OPERATORS_MAX = 300, /* comparators, logic, arithmetic and functions */
};

enum expression_kind {
    EXPRESSION_CONDITION,
    EXPRESSION_FILTER,
    EXPRESSION_KEY_CONDITION,
    EXPRESSION_UPDATE,
    EXPRESSION_PROJECTION,
};

/* "ConditionExpression", "FilterExpression" ... */
const char *expression_kind_parameter(enum expression_kind kind);

/* `kind` is that of a condition, a filter or a key condition. */
struct expression_fault expression_parse_condition(struct expression_context *context,
                                                   enum expression_kind kind, struct slice text,
                                                   struct condition *out_condition);
struct expression_fault expression_parse_update(struct expression_context *context,
                                                struct slice text, struct update *out_update);
struct expression_fault expression_parse_projection(struct expression_context *context,
                                                    struct slice text,
                                                    struct projection *out_projection);
