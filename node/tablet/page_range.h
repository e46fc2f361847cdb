/*
 * Page range: the keys that a page may have, as the engine knows them, narrowed from step to step.
 *
 * Ownership: a range owns its keys.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "core/key/key_range.h"

#include <stdbool.h>
#include <stdint.h>

struct page_range {
    struct buffer first;
    struct buffer end;
    bool is_backward;
};

void page_range_init(struct page_range *range);
void page_range_deinit(struct page_range *range);

struct tablet_range;

/* STATUS_INVALID when the range does not lie in the tablet. */
MUST_USE enum status page_range_set(struct page_range *range, const struct tablet_range *asked,
                                    uint32_t tablet, uint32_t tablet_count);

static inline struct key_range page_range_keys(const struct page_range *range)
{
    return (struct key_range){.first = buffer_slice(&range->first),
                              .end = buffer_slice(&range->end)};
}

/* The part of the range up to and with `key`, in its direction; `bound` is room for a key. */
struct key_range page_range_up_to(const struct page_range *range, struct slice key,
                                  struct buffer *bound);

/* Goes on behind `key`, in its direction. */
void page_range_pass(struct page_range *range, struct slice key);

/* A row's key as a range's bounds have it: without the table. */
struct slice page_range_relative(struct slice row_key);
