/*
 * Durations as people write them: a whole number and a unit, such as 80ms, 1s, 10m or 24h.
 */
#pragma once

#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdint.h>

/* Units: us, ms, s, m, h, d. STATUS_INVALID; STATUS_TOO_LARGE for one that 64 bits do not hold. */
MUST_USE enum status duration_parse(struct slice text, uint64_t *out_us);
