/*
 * Row entry: a row in memory, in the overlay until the engine holds it and then in the row cache,
 * which it moves to as it is.
 *
 * A row map finds entries by key. It is made of the entries themselves, so that a lookup touches
 * little memory and nothing is allocated for an entry to come or go.
 *
 * Ownership: an entry belongs to whoever holds it; a map only refers to entries, and is told before
 *            one of them goes. Keys and rows are copied when an entry is made.
 */
#pragma once

#include "core/base/list.h"
#include "core/base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct row_entry {
    struct list link;       /* of the holder */
    struct row_entry *next; /* in the bucket of a map */
    uint64_t hash;          /* by the map that it is in */
    uint64_t index;         /* of the log entry that it stands in */
    uint32_t key_size;
    uint32_t row_size;
    bool is_deleted;
    uint8_t bytes[]; /* the key, then the row */
};

/* A row of `header` and `value`, one after the other; either may be empty. */
struct row_entry *row_entry_create(struct slice key, struct slice header, struct slice value);
struct row_entry *row_entry_create_deleted(struct slice key);
void row_entry_destroy(struct row_entry *entry);

struct slice row_entry_key(const struct row_entry *entry);

/* `bytes` is NULL when it is deleted. */
struct slice row_entry_row(const struct row_entry *entry);

/* What it takes of memory, about. */
size_t row_entry_bytes(size_t key_size, size_t row_size);

struct row_map {
    uint64_t seed;
    struct row_entry **buckets;
    size_t bucket_count; /* a power of two */
    size_t entry_count;
};

/* `seed` keeps outsiders from aiming keys at one bucket. */
void row_map_init(struct row_map *map, uint64_t seed);
void row_map_deinit(struct row_map *map);

/* NULL when the key is not there. */
struct row_entry *row_map_find(const struct row_map *map, struct slice key);

/* Puts an entry that is in no map; returns the one of its key that was there, or NULL. */
struct row_entry *row_map_put(struct row_map *map, struct row_entry *entry);

/* False, and nothing is changed, when this very entry is not in the map. */
bool row_map_remove(struct row_map *map, const struct row_entry *entry);
