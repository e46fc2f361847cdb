/*
 * Hash of bytes for tables in memory: quick, keyed, and the same on every run of one seed. Not for
 * what is stored or sent.
 */
#pragma once

#include "core/base/slice.h"

#include <stdint.h>

uint64_t hash_bytes(uint64_t seed, struct slice bytes);
