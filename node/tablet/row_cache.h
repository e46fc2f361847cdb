/*
 * Row cache: the rows used last, of all tablets of a node, up to a bound in bytes.
 *
 * It never holds a row that is older than the engine's: what the engine takes replaces or removes
 * what is cached, in the same turn of the loop.
 *
 * Ownership: keys and rows are copied; a row found holds until the cache changes.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct row_cache;
struct row_entry;

struct row_cache *row_cache_create(size_t bytes_max, uint64_t hash_seed);
void row_cache_destroy(struct row_cache *cache);
DEFINE_CLEANUP(row_cache)

bool row_cache_find(struct row_cache *cache, struct slice key, struct slice *out_row);
void row_cache_put(struct row_cache *cache, struct slice key, struct slice row);

/* Takes the entry, which is in no list or map: its row, or that its key has none. */
void row_cache_take(struct row_cache *cache, struct row_entry *entry);
void row_cache_remove(struct row_cache *cache, struct slice key);
size_t row_cache_bytes(const struct row_cache *cache);
