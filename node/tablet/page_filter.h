/*
 * Page filter: which of the items evaluated a page keeps, and which parts of them.
 *
 * Ownership: a filter owns its trees.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "core/expression/work.h"

#include <stdbool.h>

struct page_filter;

/*
 * From the bytes of a condition and of a projection (core/expression/tree_codec.h), which are
 * copied; without bytes: all items, and all of them. What is no such tree is tree_codec's error;
 * STATUS_TOO_LARGE above LIMIT_EXPRESSION_BYTES.
 */
MUST_USE enum status page_filter_create(struct slice condition, struct slice projection,
                                        struct page_filter **out_filter);
void page_filter_destroy(struct page_filter *filter);
DEFINE_CLEANUP(page_filter)

/* As condition_holds. */
bool page_filter_matches(const struct page_filter *filter, struct slice item, struct work *work);

/* What is asked for of an item; it holds until the next call, or as long as the item. */
struct slice page_filter_project(struct page_filter *filter, struct slice item);
