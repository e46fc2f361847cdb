/*
 * The checksum of everything stored or sent: CRC-32C (Castagnoli, reflected, as in RFC 3720).
 *
 * It finds accidents, not attacks.
 */
#pragma once

#include "core/base/slice.h"

#include <stdint.h>

/* Continues `checksum`, which is 0 for the first bytes. */
uint32_t checksum_extend(uint32_t checksum, struct slice bytes);
