/*
 * Legacy condition: the parameters of before there were expressions, made into the same trees.
 *
 * Ownership: trees lie in the call's arena, and borrow names and values from its request.
 * Errors:    what AWS refuses is refused, with its words.
 */
#pragma once

#include "core/expression/tree.h"
#include "core/json/json_document.h"
#include "router/front/api_call.h"

/*
 * Expected, of which the members have passed their shape. `conditional_operator` is that member's
 * text, or empty. `out_has_condition` is false when nothing is expected.
 */
MUST_USE enum status legacy_expected_read(struct api_call *call, const struct json_node *expected,
                                          struct slice conditional_operator,
                                          bool *out_has_condition, struct condition *out_condition);

/* The same of QueryFilter or ScanFilter. */
MUST_USE enum status legacy_filter_read(struct api_call *call, const struct json_node *filter,
                                        struct slice conditional_operator, bool *out_has_condition,
                                        struct condition *out_condition);

/* KeyConditions: at least one, and all must hold. Refuses operators that no key has. */
MUST_USE enum status legacy_key_conditions_read(struct api_call *call,
                                                const struct json_node *conditions,
                                                struct condition *out_condition);
