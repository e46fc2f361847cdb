/*
 * Projection: the parts of an item that were asked for, as an item of their own.
 *
 * Parts of one map or list are put together in it; elements of a list move up to the front, in the
 * order of their indexes. What is not there is left out, and so is a list or map of which nothing
 * is there.
 *
 * Errors: none.
 */
#pragma once

#include "core/base/arena.h"
#include "core/expression/path_order.h"
#include "core/expression/tree.h"
#include "core/model/item.h"

/* Puts the paths in order, once for all items. The group lives in the arena. */
struct path_group projection_prepare(const struct projection *projection, struct arena *arena);

/* The parts of the item. They lie in the builder, which is reset first. */
struct slice projection_apply(struct path_group paths, struct slice item,
                              struct item_builder *builder);
