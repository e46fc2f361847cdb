/*
 * Ordered map from bytes to bytes: a skip list, for the engine of the simulator.
 *
 * Slices of entries hold until the map changes.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct ordered_map;

struct ordered_entry {
    struct slice key;
    struct slice value;
};

struct ordered_map *ordered_map_create(void);
void ordered_map_destroy(struct ordered_map *map);
DEFINE_CLEANUP(ordered_map)

size_t ordered_map_count(const struct ordered_map *map);
size_t ordered_map_bytes(const struct ordered_map *map);

/* Copies both; replaces what was there. */
void ordered_map_put(struct ordered_map *map, struct slice key, struct slice value);
void ordered_map_remove(struct ordered_map *map, struct slice key);

/* False when there is no such entry; the value of an entry is never NULL. */
bool ordered_map_get(const struct ordered_map *map, struct slice key, struct slice *out_value);

/* The first entry whose key is at least, or greater than, `key`. */
bool ordered_map_at_least(const struct ordered_map *map, struct slice key,
                          struct ordered_entry *out_entry);
bool ordered_map_above(const struct ordered_map *map, struct slice key,
                       struct ordered_entry *out_entry);

/* The last entry whose key is below `key`; the last of all when `key` is empty. */
bool ordered_map_below(const struct ordered_map *map, struct slice key,
                       struct ordered_entry *out_entry);
