#include "node/tablet/overlay.h"

#include "core/base/check.h"
#include "core/base/hash_map.h"
#include "core/base/list.h"

#include <stdlib.h>
#include <string.h>

enum { ENTRY_OVERHEAD = 160 };

struct entry {
    struct list link;
    uint64_t index;
    size_t key_size;
    size_t row_size;
    bool is_deleted;
    uint8_t bytes[]; /* the key, then the row */
};

struct overlay {
    struct list entries;     /* in the order of the log */
    struct hash_map *newest; /* by key */
    size_t bytes;
};

struct overlay *overlay_create(uint64_t hash_seed)
{
    struct overlay *overlay = memory_alloc_zeroed(sizeof *overlay);
    list_init(&overlay->entries);
    overlay->newest = hash_map_create(hash_seed);
    return overlay;
}

void overlay_destroy(struct overlay *overlay)
{
    if (overlay == NULL)
        return;
    struct list *link;
    while ((link = list_take_first(&overlay->entries)) != NULL)
        memory_free(LIST_ELEMENT(link, struct entry, link));
    hash_map_destroy(overlay->newest);
    memory_free(overlay);
}

static struct slice entry_key(const struct entry *entry)
{
    return slice_of(entry->bytes, entry->key_size);
}

static struct slice entry_row(const struct entry *entry)
{
    return entry->is_deleted ? (struct slice){0}
                             : slice_of(entry->bytes + entry->key_size, entry->row_size);
}

bool overlay_find(const struct overlay *overlay, struct slice key, struct overlay_row *out_row)
{
    const struct entry *entry = hash_map_get(overlay->newest, key);
    if (entry == NULL)
        return false;
    *out_row = (struct overlay_row){.index = entry->index, .row = entry_row(entry)};
    return true;
}

void overlay_rows_deinit(struct overlay_rows *rows)
{
    memory_free(rows->rows);
    *rows = (struct overlay_rows){0};
}

static void rows_add(struct overlay_rows *rows, const struct entry *entry)
{
    if (rows->count == rows->capacity) {
        rows->capacity = rows->capacity * 2 + 16;
        rows->rows = memory_resize(rows->rows, rows->capacity * sizeof *rows->rows);
    }
    rows->rows[rows->count++] = (struct overlay_span_row){
        .key = entry_key(entry),
        .newest = {.index = entry->index, .row = entry_row(entry)},
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
        const struct entry *entry = LIST_ELEMENT(link, struct entry, link);
        if (key_range_contains(range, entry_key(entry)) &&
            hash_map_get(overlay->newest, entry_key(entry)) == entry)
            rows_add(out_rows, entry);
    }
    if (out_rows->count > 1)
        qsort(out_rows->rows, out_rows->count, sizeof *out_rows->rows, compare_keys);
}

static struct entry *entry_add(struct overlay *overlay, uint64_t index, struct slice key,
                               size_t row_size)
{
    CHECK(index >= overlay_last_index(overlay));
    struct entry *entry = memory_alloc(sizeof *entry + key.size + row_size);
    entry->index = index;
    entry->key_size = key.size;
    entry->row_size = row_size;
    memcpy(entry->bytes, key.bytes, key.size);
    list_append(&overlay->entries, &entry->link);
    hash_map_put(overlay->newest, key, entry);
    overlay->bytes += ENTRY_OVERHEAD + key.size + row_size;
    return entry;
}

void overlay_add(struct overlay *overlay, uint64_t index, struct slice key, struct slice header,
                 struct slice value)
{
    struct entry *entry = entry_add(overlay, index, key, header.size + value.size);
    entry->is_deleted = false;
    if (header.size > 0)
        memcpy(entry->bytes + key.size, header.bytes, header.size);
    if (value.size > 0)
        memcpy(entry->bytes + key.size + header.size, value.bytes, value.size);
}

void overlay_add_deletion(struct overlay *overlay, uint64_t index, struct slice key)
{
    entry_add(overlay, index, key, 0)->is_deleted = true;
}

static void entry_forget(struct overlay *overlay, struct entry *entry)
{
    list_remove(&entry->link);
    overlay->bytes -= ENTRY_OVERHEAD + entry->key_size + entry->row_size;
    memory_free(entry);
}

void overlay_release(struct overlay *overlay, uint64_t index, overlay_row_fn fn, void *context)
{
    while (!list_is_empty(&overlay->entries)) {
        struct entry *entry = LIST_ELEMENT(overlay->entries.next, struct entry, link);
        if (entry->index > index)
            break;
        if (hash_map_get(overlay->newest, entry_key(entry)) == entry) {
            hash_map_remove(overlay->newest, entry_key(entry));
            fn(context, entry_key(entry), entry_row(entry));
        }
        entry_forget(overlay, entry);
    }
}

void overlay_truncate(struct overlay *overlay, uint64_t index)
{
    while (!list_is_empty(&overlay->entries)) {
        struct entry *entry = LIST_ELEMENT(overlay->entries.previous, struct entry, link);
        if (entry->index <= index)
            break;
        hash_map_remove(overlay->newest, entry_key(entry));
        entry_forget(overlay, entry);
    }
    LIST_FOR_EACH (link, &overlay->entries) {
        struct entry *entry = LIST_ELEMENT(link, struct entry, link);
        hash_map_put(overlay->newest, entry_key(entry), entry);
    }
}

uint64_t overlay_last_index(const struct overlay *overlay)
{
    if (list_is_empty(&overlay->entries))
        return 0;
    return LIST_ELEMENT(overlay->entries.previous, struct entry, link)->index;
}

size_t overlay_bytes(const struct overlay *overlay)
{
    return overlay->bytes;
}
