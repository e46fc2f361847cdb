#include "node/tablet/row_cache.h"

#include "core/base/check.h"
#include "node/tablet/row_entry.h"

struct row_cache {
    struct list recent; /* the least recently used first */
    struct row_map map;
    size_t bytes;
    size_t bytes_max;
};

struct row_cache *row_cache_create(size_t bytes_max, uint64_t hash_seed)
{
    struct row_cache *cache = memory_alloc_zeroed(sizeof *cache);
    list_init(&cache->recent);
    row_map_init(&cache->map, hash_seed);
    cache->bytes_max = bytes_max;
    return cache;
}

void row_cache_destroy(struct row_cache *cache)
{
    if (cache == NULL)
        return;
    struct list *link;
    while ((link = list_take_first(&cache->recent)) != NULL)
        row_entry_destroy(LIST_ELEMENT(link, struct row_entry, link));
    row_map_deinit(&cache->map);
    memory_free(cache);
}

bool row_cache_find(struct row_cache *cache, struct slice key, struct slice *out_row)
{
    struct row_entry *entry = row_map_find(&cache->map, key);
    if (entry == NULL)
        return false;
    list_remove(&entry->link);
    list_append(&cache->recent, &entry->link);
    *out_row = row_entry_row(entry);
    return true;
}

static size_t bytes_of(const struct row_entry *entry)
{
    return row_entry_bytes(entry->key_size, entry->row_size);
}

/* Of an entry that is in the map no more. */
static void entry_forget(struct row_cache *cache, struct row_entry *entry)
{
    list_remove(&entry->link);
    cache->bytes -= bytes_of(entry);
    row_entry_destroy(entry);
}

static void entry_remove(struct row_cache *cache, struct row_entry *entry)
{
    CHECK(row_map_remove(&cache->map, entry));
    entry_forget(cache, entry);
}

void row_cache_take(struct row_cache *cache, struct row_entry *entry)
{
    if (entry->is_deleted || bytes_of(entry) > cache->bytes_max / 8) {
        row_cache_remove(cache, row_entry_key(entry));
        row_entry_destroy(entry);
        return;
    }
    struct row_entry *replaced = row_map_put(&cache->map, entry);
    if (replaced != NULL)
        entry_forget(cache, replaced);
    list_append(&cache->recent, &entry->link);
    cache->bytes += bytes_of(entry);
    while (cache->bytes > cache->bytes_max)
        entry_remove(cache, LIST_ELEMENT(cache->recent.next, struct row_entry, link));
}

void row_cache_put(struct row_cache *cache, struct slice key, struct slice row)
{
    row_cache_take(cache, row_entry_create(key, (struct slice){0}, row));
}

void row_cache_remove(struct row_cache *cache, struct slice key)
{
    struct row_entry *entry = row_map_find(&cache->map, key);
    if (entry != NULL)
        entry_remove(cache, entry);
}

size_t row_cache_bytes(const struct row_cache *cache)
{
    return cache->bytes;
}
