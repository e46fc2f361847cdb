/*
 * Which parameters of a request may stand beside which: expressions, their placeholders, and the
 * older parameters that say the same without an expression.
 */
#pragma once

#include "core/base/arena.h"
#include "core/expression/expression_fault.h"

#include <stdbool.h>
#include <stddef.h>

struct expression_parameter {
    const char *name; /* as "UpdateExpression", or "AttributeUpdates" */
    bool is_present;
    bool is_legacy;
    bool takes_values; /* an expression other than a projection */
};

/* What one operation takes, in the order in which its errors list them. */
struct expression_parameters {
    const struct expression_parameter *entries;
    size_t count;
    bool has_names; /* ExpressionAttributeNames was given */
    bool has_values;
};

/* Refuses old and new parameters in one request, and placeholders without an expression. */
struct expression_fault expression_parameters_check(struct arena *arena,
                                                    const struct expression_parameters *parameters);
