/*
 * Update: an item and a tree make a new item.
 *
 * All operands, and all indexes in paths, mean the item as it was before. SET and ADD behind the
 * end of a list append to it, in the order of the indexes; the places of removed elements close
 * up. What is not there can be removed, but not what would hold it: the lists and maps that a path
 * leads through must be there.
 *
 * An item that does not exist is updated from an item of its key.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/slice.h"
#include "core/expression/path_lookup.h"
#include "core/expression/tree.h"
#include "core/expression/update_fault.h"
#include "core/model/item.h"

#include <stddef.h>

/*
 * The item after the update. It lies in the builder, which is reset first; `arena` is for what is
 * needed on the way. UPDATE_FAULT_WORK once the work is over its bound. An item larger than
 * LIMIT_ITEM_BYTES is UPDATE_FAULT_SIZE; whether it is too large for DynamoDB is for the caller to
 * ask, by item_size and update_size.
 */
enum update_fault update_apply(const struct update *update, struct item_reader *before,
                               struct arena *arena, struct item_builder *builder,
                               struct slice *out_after);

/*
 * What DynamoDB counts for an update besides the size of the item, which has the same limit: what
 * the actions wrote, and something for each of them. `arena` is for what is needed on the way.
 */
size_t update_size(const struct update *update, struct slice after, struct arena *arena);

/* Which of an update's attributes are asked for. */
enum update_image {
    UPDATE_IMAGE_OLD, /* as they were in the item before */
    UPDATE_IMAGE_NEW, /* as they are in the item after; those that were removed are not */
};

/*
 * The parts of the item before or after that the actions' paths name, for UPDATED_OLD and
 * UPDATED_NEW: no attributes when there is nothing to return. They lie in the builder, which must
 * be another than the item's, and is reset first.
 */
struct slice update_image(const struct update *update, enum update_image image, struct slice item,
                          struct arena *arena, struct item_builder *builder);
