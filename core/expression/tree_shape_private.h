/*
 * The shape that tree.h promises, for trees that came as bytes: which operands each condition,
 * function and action takes, and how many.
 */
#pragma once

#include "core/expression/tree.h"

#include <stdbool.h>
#include <stdint.h>

/* False for a kind that there is not, too. */
bool condition_shape_allows_count(enum condition_kind kind, uint64_t count);

/* The kind of root that operands stand in; some belong to one only. */
enum operand_place {
    OPERAND_IN_CONDITION,
    OPERAND_IN_UPDATE,
};

/* False for a kind that there is not, too. */
bool operand_shape_allows_kind(enum operand_place place, unsigned kind);

/* Whether the arguments of a function are what it takes. */
bool operand_shape_is_sound(const struct operand *operand);

/* Whether the operands of a test are what it takes; there are as many as it takes. */
bool condition_shape_is_sound(const struct condition *condition);

/* Whether the operand is what the action takes. */
bool update_shape_is_sound(const struct update_action *action);
