/*
 * Value comparison: equality of any two values, and the order of those that have one.
 *
 * Ownership: values borrow from the items that they stand in, which may be different ones.
 */
#pragma once

#include "core/model/value.h"

#include <stdbool.h>

/* Of one type, and the same in all that they hold. Numbers are equal by value, sets by content. */
bool values_are_equal(struct value left, struct value right);

/* Whether values of the type have an order: strings, numbers and binaries. */
bool value_type_is_ordered(enum value_type type);

/*
 * Negative, zero or positive: strings by their UTF-8 bytes, binaries by their bytes, numbers by
 * value. Both are of one type, which is ordered.
 */
int values_compare(struct value left, struct value right);

/* Whether the value is a set that has the element. */
bool value_set_has(struct value set, struct value element);
