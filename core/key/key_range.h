/*
 * Key range: a span of encoded keys, from `first` up to, but without, `end`.
 *
 * An empty `end` is no bound: the range goes on to the last key there can be. A range whose `end`
 * is not above its `first` holds nothing.
 *
 * Ownership: a range borrows both bounds.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"

#include <stdbool.h>

struct key_range {
    struct slice first;
    struct slice end;
};

/* Every key there can be. */
static inline struct key_range key_range_all(void)
{
    return (struct key_range){0};
}

bool key_range_is_empty(struct key_range range);
bool key_range_contains(struct key_range range, struct slice key);

/* The keys that are in both. */
struct key_range key_range_intersect(struct key_range left, struct key_range right);

/*
 * The keys that begin with `prefix`, which the range borrows; `end` receives its upper bound, the
 * prefix successor, in place of its former content.
 */
struct key_range key_range_of_prefix(struct slice prefix, struct buffer *end);

/*
 * Appends the least bytes above every key that begins with `prefix`. Appends nothing when there are
 * none, as the prefix is all FF, or empty: read as the end of a range, that is no bound.
 */
void key_prefix_successor(struct slice prefix, struct buffer *buffer);
