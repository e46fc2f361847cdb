/*
 * Hash map from bytes to pointers, which iterates in the order of insertion, so that a run with the
 * same input gives the same output.
 *
 * Ownership: keys are copied, values are borrowed.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"

#include <stddef.h>
#include <stdint.h>

struct hash_map;

/* `seed` keeps outsiders from aiming keys at one bucket; any number will do for trusted keys. */
struct hash_map *hash_map_create(uint64_t seed);
void hash_map_destroy(struct hash_map *map);
DEFINE_CLEANUP(hash_map)

size_t hash_map_count(const struct hash_map *map);

/* NULL when the key is not there. */
void *hash_map_get(const struct hash_map *map, struct slice key);

/* Replaces the value of a key that is there; returns the value replaced, or NULL. */
void *hash_map_put(struct hash_map *map, struct slice key, void *value);

/* Returns the value removed, or NULL. */
void *hash_map_remove(struct hash_map *map, struct slice key);

/*
 * Walks from `*position` = 0 on; NULL at the end. The map may lose the entry just returned during
 * the walk, and nothing else.
 */
void *hash_map_next(const struct hash_map *map, size_t *position, struct slice *out_key);
