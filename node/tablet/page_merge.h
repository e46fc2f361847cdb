/*
 * Page merge: rows of the engine and of the overlay as one sequence, in the order of a page.
 *
 * Where both have a key the overlay's row stands: it is the newer one.
 *
 * Ownership: borrows what it merges, which must not change meanwhile.
 */
#pragma once

#include "core/base/byte_order.h"
#include "core/base/slice.h"
#include "node/engine/engine.h"
#include "node/tablet/overlay.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct page_merge {
    struct byte_reader engine_rows;
    size_t engine_count; /* still in `engine_rows` */
    bool has_engine_row;
    struct slice engine_key;
    struct slice engine_value;
    const struct overlay_rows *overlay;
    size_t overlay_position;
    bool is_backward;
};

struct merged_row {
    struct slice key;
    struct slice row; /* `bytes` is NULL: deleted */
    uint64_t index;   /* of the overlay's entry; 0: it is the engine's */
};

void page_merge_init(struct page_merge *merge, const struct engine_page *page,
                     const struct overlay_rows *overlay, bool is_backward);

/* False at the end. */
bool page_merge_next(struct page_merge *merge, struct merged_row *out_row);

/* The last key of an engine's page, which has one. */
struct slice page_merge_last_key(const struct engine_page *page);
