/*
 * CRC-32 of IEEE 802.3, as x-amz-crc32 tells it: written here so that it is not the router's own
 * that vouches for the router.
 */
#pragma once

#include "core/base/slice.h"

#include <stdint.h>

uint32_t crc32_of(struct slice bytes);
