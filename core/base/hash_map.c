#include "core/base/hash_map.h"

#include "core/base/check.h"
#include "core/base/hash.h"

#include <string.h>

enum { SLOTS_MIN = 16 };

struct entry {
    void *value; /* NULL: removed */
    uint64_t hash;
    size_t key_size;
    uint8_t *key;
};

/* Open addressing over `slots`, which hold entry number + 1; entries stand in insertion order. */
struct hash_map {
    uint64_t seed;
    uint32_t *slots;
    size_t slot_count; /* a power of two */
    struct entry *entries;
    size_t entry_count; /* with the removed ones */
    size_t live_count;
};

struct hash_map *hash_map_create(uint64_t seed)
{
    struct hash_map *map = memory_alloc_zeroed(sizeof *map);
    map->seed = seed;
    map->slot_count = SLOTS_MIN;
    map->slots = memory_alloc_zeroed(SLOTS_MIN * sizeof *map->slots);
    map->entries = memory_alloc(SLOTS_MIN / 2 * sizeof *map->entries);
    return map;
}

void hash_map_destroy(struct hash_map *map)
{
    if (map == NULL)
        return;
    for (size_t i = 0; i < map->entry_count; i++)
        memory_free(map->entries[i].key);
    memory_free(map->entries);
    memory_free(map->slots);
    memory_free(map);
}

size_t hash_map_count(const struct hash_map *map)
{
    return map->live_count;
}

/* The slot that holds the key, or the free slot that ends the search for it. */
static size_t slot_find(const struct hash_map *map, struct slice key, uint64_t hash)
{
    size_t slot = hash & (map->slot_count - 1);
    while (map->slots[slot] != 0) {
        const struct entry *entry = &map->entries[map->slots[slot] - 1];
        if (entry->value != NULL && entry->hash == hash &&
            slice_is_equal(slice_of(entry->key, entry->key_size), key))
            break;
        slot = (slot + 1) & (map->slot_count - 1);
    }
    return slot;
}

void *hash_map_get(const struct hash_map *map, struct slice key)
{
    if (map->live_count == 0)
        return NULL;
    size_t slot = slot_find(map, key, hash_bytes(map->seed, key));
    return map->slots[slot] == 0 ? NULL : map->entries[map->slots[slot] - 1].value;
}

/* Drops the removed entries, and leaves at least half of the entry room free. */
static void rebuild(struct hash_map *map)
{
    while (map->slot_count / 4 < map->live_count + 1)
        map->slot_count *= 2;
    memory_free(map->slots);
    map->slots = memory_alloc_zeroed(map->slot_count * sizeof *map->slots);
    struct entry *entries = memory_alloc(map->slot_count / 2 * sizeof *entries);
    size_t count = 0;
    for (size_t i = 0; i < map->entry_count; i++) {
        if (map->entries[i].value == NULL)
            continue;
        entries[count] = map->entries[i];
        size_t slot = entries[count].hash & (map->slot_count - 1);
        while (map->slots[slot] != 0)
            slot = (slot + 1) & (map->slot_count - 1);
        map->slots[slot] = (uint32_t)(++count);
    }
    memory_free(map->entries);
    map->entries = entries;
    map->entry_count = count;
}

void *hash_map_put(struct hash_map *map, struct slice key, void *value)
{
    CHECK(value != NULL);
    uint64_t hash = hash_bytes(map->seed, key);
    size_t slot = slot_find(map, key, hash);
    if (map->slots[slot] != 0) {
        struct entry *entry = &map->entries[map->slots[slot] - 1];
        void *replaced = entry->value;
        entry->value = value;
        return replaced;
    }
    if (map->entry_count == map->slot_count / 2) {
        rebuild(map);
        slot = slot_find(map, key, hash);
    }
    map->entries[map->entry_count] = (struct entry){
        .value = value,
        .hash = hash,
        .key_size = key.size,
        .key = memory_copy(key.bytes, key.size),
    };
    map->slots[slot] = (uint32_t)(++map->entry_count);
    map->live_count++;
    return NULL;
}

void *hash_map_remove(struct hash_map *map, struct slice key)
{
    size_t slot = slot_find(map, key, hash_bytes(map->seed, key));
    if (map->slots[slot] == 0)
        return NULL;
    struct entry *entry = &map->entries[map->slots[slot] - 1];
    void *removed = entry->value;
    entry->value = NULL;
    memory_free(entry->key);
    entry->key = NULL;
    map->live_count--;
    return removed;
}

void *hash_map_next(const struct hash_map *map, size_t *position, struct slice *out_key)
{
    while (*position < map->entry_count) {
        const struct entry *entry = &map->entries[(*position)++];
        if (entry->value == NULL)
            continue;
        if (out_key != NULL)
            *out_key = slice_of(entry->key, entry->key_size);
        return entry->value;
    }
    return NULL;
}
