/*
 * Table name: which table a request means: by its name or by its ARN.
 */
#pragma once

#include "core/base/buffer.h"
#include "router/front/api_call.h"

/* Whether a text is meant as an ARN, and not as a name. */
bool table_name_is_arn(struct slice text);

/* The name in a text that has passed its shape. An ARN must be of this region and account. */
MUST_USE enum status table_name_of(struct api_call *call, struct slice text,
                                   struct slice *out_name);

/* The same for a member. */
MUST_USE enum status table_name_read(struct api_call *call, size_t member, struct slice *out_name);

/* arn:aws:dynamodb:us-east-1:000000000000:table/name */
void table_name_append_arn(const struct backend *backend, struct slice name, struct buffer *buffer);
