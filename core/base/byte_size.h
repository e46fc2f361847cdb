/*
 * Sizes as people write them: a whole number and a unit, such as 64MB; a KB is 1024 bytes.
 */
#pragma once

#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdint.h>

/* Units: B, KB, MB, GB, TB. STATUS_INVALID; STATUS_TOO_LARGE for one that 64 bits do not hold. */
MUST_USE enum status byte_size_parse(struct slice text, uint64_t *out_size);
