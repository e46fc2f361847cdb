/*
 * Ring: the tokens, cut into equal tablets.
 *
 * Tablet i of T (a power of two) owns the tokens from i x 2^64 / T up to the next one's first.
 */
#pragma once

#include "core/base/check.h"

#include <stdbool.h>
#include <stdint.h>

enum { RING_TABLETS_MAX = 4096 };

static inline bool ring_is_valid_count(uint64_t tablet_count)
{
    return tablet_count > 0 && tablet_count <= RING_TABLETS_MAX &&
           (tablet_count & (tablet_count - 1)) == 0;
}

static inline uint32_t ring_tablet_of(uint32_t tablet_count, uint64_t token)
{
    CHECK(ring_is_valid_count(tablet_count));
    return (uint32_t)((unsigned __int128)token * tablet_count >> 64);
}

static inline uint64_t ring_first_token(uint32_t tablet_count, uint32_t tablet)
{
    CHECK(tablet < tablet_count);
    return (uint64_t)(((unsigned __int128)tablet << 64) / tablet_count);
}
