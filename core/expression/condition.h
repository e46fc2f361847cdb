/*
 * Condition: does an item satisfy a tree? Of filters too.
 *
 * What a tree compares is often not there, or of another type than expected; that is no error, but
 * decides the comparison:
 *
 *     - two values are equal when they are of one type and the same; a missing one equals nothing,
 *       not even another missing one, so `<>` holds for it
 *     - the orders, BETWEEN, begins_with and contains do not hold for values that are missing, of
 *       different types or of types without an order
 *     - size() is the UTF-16 units of a string, the bytes of a binary, the elements of the others;
 *       numbers, booleans and null have none, as if they were missing
 *
 * Errors: none. What a request may not ask for was refused when its text became a tree.
 */
#pragma once

#include "core/base/slice.h"
#include "core/expression/tree.h"
#include "core/expression/work.h"

#include <stdbool.h>

/*
 * An item of no bytes is one that does not exist. What it says means nothing when the work is over
 * its bound then (work_is_over).
 */
bool condition_holds(const struct condition *condition, struct slice item, struct work *work);
