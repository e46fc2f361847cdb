#include "node/tablet/page_merge.h"

#include "core/base/check.h"

static void engine_advance(struct page_merge *merge)
{
    merge->has_engine_row = merge->engine_count > 0;
    if (!merge->has_engine_row)
        return;
    merge->engine_count--;
    merge->engine_key = byte_reader_sized(&merge->engine_rows);
    merge->engine_value = byte_reader_sized(&merge->engine_rows);
    CHECK(!merge->engine_rows.has_failed);
}

void page_merge_init(struct page_merge *merge, const struct engine_page *page,
                     const struct overlay_rows *overlay, bool is_backward)
{
    *merge = (struct page_merge){
        .engine_rows = byte_reader_of(page->rows),
        .engine_count = page->row_count,
        .overlay = overlay,
        .is_backward = is_backward,
    };
    engine_advance(merge);
}

static const struct overlay_span_row *overlay_row(const struct page_merge *merge)
{
    size_t count = merge->overlay->count;
    if (merge->overlay_position == count)
        return NULL;
    size_t position =
        merge->is_backward ? count - 1 - merge->overlay_position : merge->overlay_position;
    return &merge->overlay->rows[position];
}

bool page_merge_next(struct page_merge *merge, struct merged_row *out_row)
{
    const struct overlay_span_row *newer = overlay_row(merge);
    if (newer == NULL && !merge->has_engine_row)
        return false;
    int order = newer == NULL ? 1 : -1;
    if (newer != NULL && merge->has_engine_row) {
        order = slice_compare(newer->key, merge->engine_key);
        if (merge->is_backward)
            order = -order;
    }
    if (order > 0) {
        *out_row = (struct merged_row){.key = merge->engine_key, .row = merge->engine_value};
        engine_advance(merge);
        return true;
    }
    *out_row = (struct merged_row){
        .key = newer->key, .row = newer->newest.row, .index = newer->newest.index};
    merge->overlay_position++;
    if (order == 0)
        engine_advance(merge);
    return true;
}

struct slice page_merge_last_key(const struct engine_page *page)
{
    struct byte_reader reader = byte_reader_of(page->rows);
    struct slice key = {0};
    for (size_t i = 0; i < page->row_count; i++) {
        key = byte_reader_sized(&reader);
        byte_reader_sized(&reader);
    }
    CHECK(!reader.has_failed && key.size > 0);
    return key;
}
