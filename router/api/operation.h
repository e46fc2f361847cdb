/*
 * Operation: one operation of the API: its name, what its request looks like, and what it does.
 *
 * operations.def is the table of contents. Each operation served stands in a file of its own.
 */
#pragma once

#include "core/json/json_request.h"
#include "router/api/shape.h"

struct api_call;

struct operation {
    struct slice name;
    const struct shape *input;       /* a structure */
    const struct json_field *fields; /* where its request has items */
    size_t field_count;

    /* What is refused before parameters that are not served are; NULL: nothing. */
    enum status (*check_fn)(struct api_call *call);

    /* The request has passed its shape. NULL: not served yet. */
    enum status (*start_fn)(struct api_call *call);
};

/* The operation that X-Amz-Target names, "DynamoDB_20120810.GetItem"; NULL: there is none. */
const struct operation *operation_find(struct slice target);

#define OPERATION(name) extern const struct operation name##_operation;
#define OPERATION_NOT_SERVED(name)
#define STREAMS_NOT_SERVED(name)
#include "router/api/operations.def"
#undef OPERATION
#undef OPERATION_NOT_SERVED
#undef STREAMS_NOT_SERVED
