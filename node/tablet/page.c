#include "node/tablet/page.h"

#include "core/base/check.h"
#include "core/model/item.h"
#include "node/tablet/page_filter.h"

enum { ITEM_BYTE_WORK = 4 }; /* in measuring the item, and copying what is asked for of it */

void page_init(struct page *page, const struct page_bounds *bounds, struct page_filter *filter)
{
    CHECK(bounds->count_max > 0);
    *page = (struct page){.bounds = *bounds, .filter = filter};
    buffer_init(&page->items);
    buffer_init(&page->last_key);
}

void page_deinit(struct page *page)
{
    page_filter_destroy(page->filter);
    buffer_deinit(&page->items);
    buffer_deinit(&page->last_key);
}

static bool matches(struct page *page, struct slice item)
{
    struct work work = work_of_request();
    bool is_match = page->filter == NULL || page_filter_matches(page->filter, item, &work);
    page->work_done += work.done + ITEM_BYTE_WORK * item.size;
    page->is_over_work = work_is_over(&work);
    return is_match && !page->is_over_work;
}

void page_add(struct page *page, struct slice key, struct slice item)
{
    CHECK(!page_is_full(page));
    CHECK(!page->is_over_work);
    page->evaluated_count++;
    page->evaluated_size += item_size(item);
    buffer_clear(&page->last_key);
    buffer_append(&page->last_key, key);
    if (!matches(page, item))
        return;
    page->matched_count++;
    if (page->bounds.is_count_only)
        return;
    buffer_append_sized(&page->items,
                        page->filter == NULL ? item : page_filter_project(page->filter, item));
}

bool page_is_full(const struct page *page)
{
    return page->evaluated_count >= page->bounds.count_max ||
           (page->evaluated_count > 0 && page->evaluated_size >= page->bounds.size_max) ||
           page->items.size >= PAGE_ITEMS_TARGET;
}
