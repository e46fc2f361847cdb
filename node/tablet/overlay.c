#include "node/tablet/overlay.h"

#include "core/base/check.h"
#include "node/tablet/row_entry.h"

#include <stdlib.h>

struct overlay {
    struct list entries;   /* in the order of the log */
    struct row_map newest; /* by key */
    size_t bytes;
};

static struct row_entry *entry_of(struct list *link)
{
    return LIST_ELEMENT(link, struct row_entry, link);
}

struct overlay *overlay_create(uint64_t hash_seed)
{
    struct overlay *overlay = memory_alloc_zeroed(sizeof *overlay);
    list_init(&overlay->entries);
    row_map_init(&overlay->newest, hash_seed);
    return overlay;
}

void overlay_destroy(struct overlay *overlay)
{
    if (overlay == NULL)
        return;
    struct list *link;
    while ((link = list_take_first(&overlay->entries)) != NULL)
        row_entry_destroy(entry_of(link));
    row_map_deinit(&overlay->newest);
    memory_free(overlay);
}

bool overlay_find(const struct overlay *overlay, struct slice key, struct overlay_row *out_row)
{
    const struct row_entry *entry = row_map_find(&overlay->newest, key);
    if (entry == NULL)
        return false;
    *out_row = (struct overlay_row){.index = entry->index, .row = row_entry_row(entry)};
    return true;
}

void overlay_rows_deinit(struct overlay_rows *rows)
{
    memory_free(rows->rows);
    *rows = (struct overlay_rows){0};
}

static void rows_add(struct overlay_rows *rows, const struct row_entry *entry)
{
    if (rows->count == rows->capacity) {
        rows->capacity = rows->capacity * 2 + 16;
        rows->rows = memory_resize(rows->rows, rows->capacity * sizeof *rows->rows);
    }
    rows->rows[rows->count++] = (struct overlay_span_row){
        .key = row_entry_key(entry),
        .newest = {.index = entry->index, .row = row_entry_row(entry)},
    };
}

static int compare_keys(const void *left, const void *right)
{
    return slice_compare(((const struct overlay_span_row *)left)->key,
                         ((const struct overlay_span_row *)right)->key);
}

void overlay_find_range(const struct overlay *overlay, struct key_range range,
                        struct overlay_rows *out_rows)
{
    out_rows->count = 0;
    LIST_FOR_EACH (link, &overlay->entries) {
        const struct row_entry *entry = entry_of(link);
        if (key_range_contains(range, row_entry_key(entry)) &&
            row_map_find(&overlay->newest, row_entry_key(entry)) == entry)
            rows_add(out_rows, entry);
    }
    if (out_rows->count > 1)
        qsort(out_rows->rows, out_rows->count, sizeof *out_rows->rows, compare_keys);
}

static size_t bytes_of(const struct row_entry *entry)
{
    return row_entry_bytes(entry->key_size, entry->row_size);
}

static void entry_add(struct overlay *overlay, uint64_t index, struct row_entry *entry)
{
    CHECK(index >= overlay_last_index(overlay));
    entry->index = index;
    list_append(&overlay->entries, &entry->link);
    (void)row_map_put(&overlay->newest, entry); /* the one before keeps its place in the order */
    overlay->bytes += bytes_of(entry);
}

void overlay_add(struct overlay *overlay, uint64_t index, struct slice key, struct slice header,
                 struct slice value)
{
    entry_add(overlay, index, row_entry_create(key, header, value));
}

void overlay_add_deletion(struct overlay *overlay, uint64_t index, struct slice key)
{
    entry_add(overlay, index, row_entry_create_deleted(key));
}

void overlay_release(struct overlay *overlay, uint64_t index, overlay_row_fn fn, void *context)
{
    while (!list_is_empty(&overlay->entries)) {
        struct row_entry *entry = entry_of(overlay->entries.next);
        if (entry->index > index)
            break;
        list_remove(&entry->link);
        overlay->bytes -= bytes_of(entry);
        if (row_map_remove(&overlay->newest, entry))
            fn(context, entry);
        else
            row_entry_destroy(entry);
    }
}

void overlay_truncate(struct overlay *overlay, uint64_t index)
{
    while (!list_is_empty(&overlay->entries)) {
        struct row_entry *entry = entry_of(overlay->entries.previous);
        if (entry->index <= index)
            break;
        (void)row_map_remove(&overlay->newest, entry); /* a newer one of its key has left before */
        list_remove(&entry->link);
        overlay->bytes -= bytes_of(entry);
        row_entry_destroy(entry);
    }
    LIST_FOR_EACH (link, &overlay->entries) {
        struct row_entry *entry = entry_of(link);
        (void)row_map_remove(&overlay->newest, entry);
        (void)row_map_put(&overlay->newest, entry);
    }
}

uint64_t overlay_last_index(const struct overlay *overlay)
{
    if (list_is_empty(&overlay->entries))
        return 0;
    return entry_of(overlay->entries.previous)->index;
}

size_t overlay_bytes(const struct overlay *overlay)
{
    return overlay->bytes;
}
