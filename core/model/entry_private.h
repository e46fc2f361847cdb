/*
 * Entry: where an entry of a map, or an element of a set, stands in bytes that are being built.
 *
 * Entries are sorted instead of the bytes, which then move once.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/byte_order.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct entry {
    uint64_t prefix; /* the first 8 bytes of the name: they decide most comparisons */
    uint32_t start;
    uint32_t size;
    uint32_t name_start; /* of an element: of its own bytes */
    uint32_t name_size;
};

/*
 * The first 8 bytes, or as many as there are and zeros. Reads 8 bytes in any case: there is always
 * room behind what has just been written.
 */
static inline uint64_t entry_prefix(const uint8_t *name, size_t size)
{
    uint64_t prefix = byte_order_get_u64(name);
    if (size >= sizeof prefix)
        return prefix;
    return size == 0 ? 0 : prefix & UINT64_MAX << (64 - 8 * size);
}

/*
 * Fills in all but `size`, which is left for entries_sort. Field by field: a struct put together
 * elsewhere and then copied costs a stall each time.
 */
static inline void entry_init(struct entry *entry, const uint8_t *bytes, size_t start,
                              size_t name_start, size_t name_size)
{
    entry->prefix = entry_prefix(bytes + name_start, name_size);
    entry->start = (uint32_t)start;
    entry->name_start = (uint32_t)name_start;
    entry->name_size = (uint32_t)name_size;
}

/* Negative, zero or positive, in the order of the names' bytes. */
static inline int entry_compare(const uint8_t *bytes, const struct entry *left,
                                const struct entry *right)
{
    if (left->prefix != right->prefix)
        return left->prefix < right->prefix ? -1 : 1;
    return slice_compare(slice_of(bytes + left->name_start, left->name_size),
                         slice_of(bytes + right->name_start, right->name_size));
}

/*
 * Sorts entries that lie one behind the other up to the end of `bytes`, and the bytes with them.
 * False when two have one name; the bytes are then unchanged.
 */
bool entries_sort(struct entry *entries, size_t count, struct buffer *bytes,
                  struct buffer *scratch);
