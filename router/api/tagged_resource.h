/*
 * Tagged resource: what the operations on tags have in common: they name a table by its ARN.
 */
#pragma once

#include "router/api/table_change_call.h"

enum { TAGGED_RESOURCE_ARN }; /* the first member of their requests */

MUST_USE enum status tagged_resource_read(struct api_call *call, struct slice *out_table_name);

MUST_USE enum status tagged_resource_refuse_missing(struct api_call *call);

/* Changes the table's tags; the answer is empty. */
MUST_USE enum status tagged_resource_change(struct api_call *call,
                                            struct table_change_call *change_call);
