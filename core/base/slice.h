/*
 * Slice: bytes that belong to somebody else.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const uint8_t *bytes;
    size_t size;
};

static inline struct slice slice_of(const void *bytes, size_t size)
{
    return (struct slice){.bytes = bytes, .size = size};
}

static inline struct slice slice_of_text(const char *text)
{
    return slice_of(text, strlen(text));
}

static inline bool slice_is_equal(struct slice left, struct slice right)
{
    return left.size == right.size &&
           (left.size == 0 || memcmp(left.bytes, right.bytes, left.size) == 0);
}

static inline bool slice_is_text(struct slice slice, const char *text)
{
    return slice_is_equal(slice, slice_of_text(text));
}

/* Negative, zero or positive, in the order of unsigned bytes; a prefix comes first. */
static inline int slice_compare(struct slice left, struct slice right)
{
    size_t shared = left.size < right.size ? left.size : right.size;
    int order = shared > 0 ? memcmp(left.bytes, right.bytes, shared) : 0;
    if (order != 0)
        return order;
    return (left.size > right.size) - (left.size < right.size);
}

static inline bool slice_has_prefix(struct slice slice, struct slice prefix)
{
    return slice.size >= prefix.size &&
           (prefix.size == 0 || memcmp(slice.bytes, prefix.bytes, prefix.size) == 0);
}

/* What is left after the first `size` bytes, which must be there. */
static inline struct slice slice_skip(struct slice slice, size_t size)
{
    /* Nothing may be added to NULL, not even zero. */
    if (size == 0)
        return slice;
    return slice_of(slice.bytes + size, slice.size - size);
}
