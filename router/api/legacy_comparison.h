/*
 * Legacy comparison: a ComparisonOperator and its arguments, made into a condition.
 *
 * Ownership: as legacy_condition.h has it.
 */
#pragma once

#include "core/expression/tree.h"
#include "core/json/json_document.h"
#include "router/front/api_call.h"

/*
 * `arguments` is the AttributeValueList, or NULL; where there is none, `value`, if it is not NULL,
 * stands for a list of one.
 */
struct legacy_comparison {
    struct slice attribute;
    struct slice comparison_operator;
    const struct json_node *arguments;
    const struct json_node *value;
};

MUST_USE enum status legacy_comparison_read(struct api_call *call,
                                            const struct legacy_comparison *comparison,
                                            struct condition *out_condition);
