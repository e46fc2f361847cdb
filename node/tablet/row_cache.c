#include "node/tablet/row_cache.h"

#include "core/base/hash_map.h"
#include "core/base/list.h"

#include <string.h>

enum { ENTRY_OVERHEAD = 160 };

struct entry {
    struct list link;
    size_t key_size;
    size_t row_size;
    uint8_t bytes[]; /* the key, then the row */
};

struct row_cache {
    struct list recent; /* the least recently used first */
    struct hash_map *entries;
    size_t bytes;
    size_t bytes_max;
};

struct row_cache *row_cache_create(size_t bytes_max, uint64_t hash_seed)
{
    struct row_cache *cache = memory_alloc_zeroed(sizeof *cache);
    list_init(&cache->recent);
    cache->entries = hash_map_create(hash_seed);
    cache->bytes_max = bytes_max;
    return cache;
}

void row_cache_destroy(struct row_cache *cache)
{
    if (cache == NULL)
        return;
    struct list *link;
    while ((link = list_take_first(&cache->recent)) != NULL)
        memory_free(LIST_ELEMENT(link, struct entry, link));
    hash_map_destroy(cache->entries);
    memory_free(cache);
}

bool row_cache_find(struct row_cache *cache, struct slice key, struct slice *out_row)
{
    struct entry *entry = hash_map_get(cache->entries, key);
    if (entry == NULL)
        return false;
    list_remove(&entry->link);
    list_append(&cache->recent, &entry->link);
    *out_row = slice_of(entry->bytes + entry->key_size, entry->row_size);
    return true;
}

static size_t entry_bytes(const struct entry *entry)
{
    return ENTRY_OVERHEAD + entry->key_size + entry->row_size;
}

static void entry_forget(struct row_cache *cache, struct entry *entry)
{
    list_remove(&entry->link);
    cache->bytes -= entry_bytes(entry);
    memory_free(entry);
}

void row_cache_put(struct row_cache *cache, struct slice key, struct slice row)
{
    row_cache_remove(cache, key);
    if (ENTRY_OVERHEAD + key.size + row.size > cache->bytes_max / 8)
        return;
    struct entry *entry = memory_alloc(sizeof *entry + key.size + row.size);
    entry->key_size = key.size;
    entry->row_size = row.size;
    memcpy(entry->bytes, key.bytes, key.size);
    memcpy(entry->bytes + key.size, row.bytes, row.size);
    list_append(&cache->recent, &entry->link);
    hash_map_put(cache->entries, key, entry);
    cache->bytes += entry_bytes(entry);
    while (cache->bytes > cache->bytes_max) {
        struct entry *oldest = LIST_ELEMENT(cache->recent.next, struct entry, link);
        hash_map_remove(cache->entries, slice_of(oldest->bytes, oldest->key_size));
        entry_forget(cache, oldest);
    }
}

void row_cache_remove(struct row_cache *cache, struct slice key)
{
    struct entry *entry = hash_map_remove(cache->entries, key);
    if (entry != NULL)
        entry_forget(cache, entry);
}

size_t row_cache_bytes(const struct row_cache *cache)
{
    return cache->bytes;
}
