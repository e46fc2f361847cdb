/*
 * Page: what a Query or Scan gets of one tablet at once, as it is filled item by item.
 *
 * Counts and sizes are of the items evaluated, before filter and projection. A page is full once it
 * has evaluated `count_max` items or at least `size_max` bytes of them, counted as DynamoDB does,
 * so that the item that passes the bound is in it; or once its answer nears what fits a message.
 *
 * Ownership: a page owns what it holds.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/limits.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "proto/rpc.h"

#include <stdbool.h>
#include <stdint.h>

/* One more item fits an answer that is below this. */
enum { PAGE_ITEMS_TARGET = RPC_BODY_SIZE_MAX - LIMIT_ITEM_BYTES - (16 << 10) };

struct page_bounds {
    uint64_t count_max; /* at least 1 */
    uint64_t size_max;
    bool is_count_only; /* no items are kept */
};

struct page_filter;

struct page {
    struct page_bounds bounds;
    struct page_filter *filter; /* NULL: all items match, and are kept whole */
    uint64_t evaluated_count;
    uint64_t evaluated_size;
    uint64_t matched_count;
    uint64_t work_done;     /* by the filter, and with the items; core/expression/work.h */
    bool is_over_work;      /* by one item: the page is no answer */
    struct buffer items;    /* { item sized } */
    struct buffer last_key; /* of the last item evaluated */
};

/* Takes the filter. */
void page_init(struct page *page, const struct page_bounds *bounds, struct page_filter *filter);
void page_deinit(struct page *page);

/* Not once the page is full or over its work. */
void page_add(struct page *page, struct slice key, struct slice item);

bool page_is_full(const struct page *page);
