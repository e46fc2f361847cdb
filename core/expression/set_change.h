/*
 * Set change: sets with elements added and taken away.
 *
 * Both sets of a call are of one type. Errors: none.
 */
#pragma once

#include "core/expression/work.h"
#include "core/model/item.h"
#include "core/model/value.h"

#include <stdbool.h>

/* What one of the following is counted as, at most. */
uint64_t set_change_work(struct value left, struct value right);

/* Writes one set of the elements of both. */
void set_write_union(struct item_builder *builder, struct value left, struct value right);

/* Whether any element is left when those of `taken` are gone. */
bool set_has_more(struct value set, struct value taken);

/* Writes one set of those that are left; there is one. */
void set_write_difference(struct item_builder *builder, struct value set, struct value taken);
