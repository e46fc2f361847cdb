/*
 * Table refusal: what is said of a table that is not there, or not in a state to be changed.
 */
#pragma once

#include "core/catalog/table.h"
#include "router/front/api_call.h"

#define TABLE_REFUSAL_INVALID "One or more parameter values were invalid: "

/* Each returns STATUS_INVALID. */
MUST_USE enum status table_refusal_not_found(struct api_call *call, struct slice name);

/* `table` may be NULL: then it is told to be deleted. */
MUST_USE enum status table_refusal_busy(struct api_call *call, struct slice name,
                                        const struct table *table);

/* Of something that can only be a mistake of ours, or of a later version. */
MUST_USE enum status table_refusal_internal(struct api_call *call);
