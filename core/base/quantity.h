/*
 * Quantity: a whole number with a unit, nothing between them.
 */
#pragma once

#include "core/base/slice.h"
#include "core/base/status.h"

#include <stddef.h>
#include <stdint.h>

struct quantity_unit {
    const char *name;
    uint64_t factor;
};

/* The number alone, of decimal digits. STATUS_INVALID, STATUS_TOO_LARGE. */
MUST_USE enum status quantity_parse_number(struct slice digits, uint64_t *out_value);

/* The number times the factor of its unit, which must be there. */
MUST_USE enum status quantity_parse(struct slice text, const struct quantity_unit *units,
                                    size_t unit_count, uint64_t *out_value);
