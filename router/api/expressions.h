/*
 * Expressions: what the expression parameters of a request share: their placeholders, and how what
 * is wrong with them is answered.
 */
#pragma once

#include "core/expression/expression_context.h"
#include "core/expression/expression_parameters.h"
#include "core/json/json_document.h"
#include "router/front/api_call.h"

/* OK when there is no fault. */
MUST_USE enum status expressions_refuse(struct api_call *call, struct expression_fault fault);

/* `names` and `values` are ExpressionAttributeNames and -Values; NULL: missing. */
MUST_USE enum status expressions_open(struct api_call *call, const struct json_node *names,
                                      const struct json_node *values,
                                      struct expression_context **out_context);

/* Once all have been parsed: refuses placeholders that none of them used. */
MUST_USE enum status expressions_close(struct api_call *call,
                                       const struct expression_context *context);
