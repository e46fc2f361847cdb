/*
 * Action outcome: what an action of an update puts in the place that its path names.
 *
 * It is decided first, and written then, as it may be that nothing is to be written: not even the
 * name before it. Lists and sets are put together only where they are written.
 *
 * Ownership: an outcome borrows from the item, the action and itself, so that it cannot be copied.
 */
#pragma once

#include "core/base/slice.h"
#include "core/expression/path_lookup.h"
#include "core/expression/tree.h"
#include "core/expression/update_fault.h"
#include "core/model/item.h"

enum outcome_kind {
    OUTCOME_NOTHING, /* the place is empty from now on */
    OUTCOME_VALUE,
    OUTCOME_LIST,     /* what list_append puts together */
    OUTCOME_APPENDED, /* one list, and another behind it */
    OUTCOME_UNION,
    OUTCOME_DIFFERENCE,
};

struct outcome {
    enum outcome_kind kind;
    struct value value;
    struct value other;                  /* of the last three */
    const struct operand *list;          /* of a list */
    uint8_t number[NUMBER_KEY_SIZE_MAX]; /* where a computed value lies */
};

/*
 * Decides what the action comes to, where `old` stands in its place (NULL: nothing). All operands
 * are read from the item as it was before any action. UPDATE_FAULT_WORK once the work is over.
 */
enum update_fault outcome_decide(const struct update_action *action, const struct value *old,
                                 struct item_reader *item, struct outcome *out_outcome);

/*
 * Writes what has been decided for the same item, as one value; it is not nothing. Some of it is
 * missing when the work is over then.
 */
void outcome_write(const struct outcome *outcome, struct item_reader *item,
                   struct item_builder *builder);
