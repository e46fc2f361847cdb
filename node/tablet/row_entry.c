#include "node/tablet/row_entry.h"

#include "core/base/check.h"
#include "core/base/hash.h"
#include "core/base/memory.h"

#include <string.h>

enum { ENTRY_OVERHEAD = 96, BUCKETS_MIN = 16 };

static struct row_entry *entry_of_size(struct slice key, size_t row_size)
{
    CHECK(key.size <= UINT32_MAX && row_size <= UINT32_MAX);
    struct row_entry *entry = memory_alloc(sizeof *entry + key.size + row_size);
    *entry = (struct row_entry){.key_size = (uint32_t)key.size, .row_size = (uint32_t)row_size};
    memcpy(entry->bytes, key.bytes, key.size);
    return entry;
}

struct row_entry *row_entry_create(struct slice key, struct slice header, struct slice value)
{
    struct row_entry *entry = entry_of_size(key, header.size + value.size);
    if (header.size > 0)
        memcpy(entry->bytes + key.size, header.bytes, header.size);
    if (value.size > 0)
        memcpy(entry->bytes + key.size + header.size, value.bytes, value.size);
    return entry;
}

struct row_entry *row_entry_create_deleted(struct slice key)
{
    struct row_entry *entry = entry_of_size(key, 0);
    entry->is_deleted = true;
    return entry;
}

void row_entry_destroy(struct row_entry *entry)
{
    memory_free(entry);
}

struct slice row_entry_key(const struct row_entry *entry)
{
    return slice_of(entry->bytes, entry->key_size);
}

struct slice row_entry_row(const struct row_entry *entry)
{
    return entry->is_deleted ? (struct slice){0}
                             : slice_of(entry->bytes + entry->key_size, entry->row_size);
}

size_t row_entry_bytes(size_t key_size, size_t row_size)
{
    return ENTRY_OVERHEAD + key_size + row_size;
}

/* --- The map --------------------------------------------------------------------------------- */

void row_map_init(struct row_map *map, uint64_t seed)
{
    *map = (struct row_map){.seed = seed, .bucket_count = BUCKETS_MIN};
    map->buckets = memory_alloc_zeroed(BUCKETS_MIN * sizeof *map->buckets);
}

void row_map_deinit(struct row_map *map)
{
    memory_free(map->buckets);
    *map = (struct row_map){0};
}

static struct row_entry **bucket_of(const struct row_map *map, uint64_t hash)
{
    return &map->buckets[hash & (map->bucket_count - 1)];
}

/* Where the entry of the key hangs, or the end of its bucket. */
static struct row_entry **place_of(const struct row_map *map, struct slice key, uint64_t hash)
{
    struct row_entry **place = bucket_of(map, hash);
    while (*place != NULL &&
           !((*place)->hash == hash && slice_is_equal(row_entry_key(*place), key)))
        place = &(*place)->next;
    return place;
}

struct row_entry *row_map_find(const struct row_map *map, struct slice key)
{
    return map->entry_count == 0 ? NULL : *place_of(map, key, hash_bytes(map->seed, key));
}

static void grow(struct row_map *map)
{
    size_t old_count = map->bucket_count;
    struct row_entry **old = map->buckets;
    map->bucket_count *= 2;
    map->buckets = memory_alloc_zeroed(map->bucket_count * sizeof *map->buckets);
    for (size_t i = 0; i < old_count; i++) {
        for (struct row_entry *entry = old[i], *next; entry != NULL; entry = next) {
            next = entry->next;
            struct row_entry **bucket = bucket_of(map, entry->hash);
            entry->next = *bucket;
            *bucket = entry;
        }
    }
    memory_free(old);
}

struct row_entry *row_map_put(struct row_map *map, struct row_entry *entry)
{
    struct slice key = row_entry_key(entry);
    entry->hash = hash_bytes(map->seed, key);
    struct row_entry **place = place_of(map, key, entry->hash);
    struct row_entry *replaced = *place;
    CHECK(replaced != entry);
    entry->next = replaced == NULL ? NULL : replaced->next;
    *place = entry;
    if (replaced == NULL && ++map->entry_count > map->bucket_count)
        grow(map);
    return replaced;
}

bool row_map_remove(struct row_map *map, const struct row_entry *entry)
{
    struct row_entry **place = bucket_of(map, entry->hash);
    while (*place != NULL && *place != entry)
        place = &(*place)->next;
    if (*place == NULL)
        return false;
    *place = entry->next;
    map->entry_count--;
    return true;
}
