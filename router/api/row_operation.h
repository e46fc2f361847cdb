/*
 * Row operation: what the operations on one item have in common: the table is found, the key is
 * made, the row's leader is called, and called again while it is certain that nothing was done.
 */
#pragma once

#include "router/api/primary_key.h"
#include "router/api/table_attempt.h"
#include "router/route/row_client.h"

/* What is to be done. It lies in the call's arena, or longer. */
struct row_operation {
    struct table_attempt attempt; /* first */
    struct slice table_name;
    struct slice item; /* that of a put; or the key alone */
    enum primary_key_source source;
    bool is_read;
    bool is_consistent;     /* of a read */
    struct row_write write; /* unless it is a read */

    /* What the table has to say of the request; NULL: nothing. */
    enum status (*check_fn)(struct api_call *call, const struct table *table);

    /* Answers an operation that was executed. */
    void (*done_fn)(struct api_call *call, const struct row_result *result);

    /* For a worker. */
    struct row_result result;
    void (*write_fn)(struct api_call *call, const struct row_result *result);
};

/* Takes the call's `state`: it is the operation, or begins with it. */
MUST_USE enum status row_operation_start(struct api_call *call, struct row_operation *operation);

/*
 * Answers the call with what `write_fn` writes of the result into its body: a function of the two,
 * as a large item is written on a worker.
 */
typedef void (*row_operation_write_fn)(struct api_call *call, const struct row_result *result);
void row_operation_answer(struct api_call *call, const struct row_result *result,
                          row_operation_write_fn write_fn);
