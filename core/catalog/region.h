/*
 * Region: how a region is numbered in stamps.
 */
#pragma once

#include "core/base/checksum.h"
#include "core/base/slice.h"

#include <stdint.h>

/*
 * 16 bits of its name's checksum, never 0. Two regions that share a table must differ in it, which
 * is checked when they are linked: 33 AWS regions do.
 */
static inline uint16_t region_id_of(struct slice name)
{
    uint32_t checksum = checksum_extend(0, name);
    uint16_t id = (uint16_t)(checksum ^ checksum >> 16);
    return id == 0 ? 1 : id;
}
