/*
 * Set change: sets with elements added and taken away.
 *
 * Both sets of a call are of one type. Once the work is over, they stop before the end. Errors:
 * none.
 */
#pragma once

#include "core/expression/work.h"
#include "core/model/item.h"
#include "core/model/value.h"

#include <stdbool.h>

/* Writes one set of the elements of both. */
void set_write_union(struct item_builder *builder, struct value left, struct value right,
                     struct work *work);

/* Whether any element is left when those of `taken` are gone. */
bool set_has_more(struct value set, struct value taken, struct work *work);

/* Writes one set of those that are left; there is one. */
void set_write_difference(struct item_builder *builder, struct value set, struct value taken,
                          struct work *work);
