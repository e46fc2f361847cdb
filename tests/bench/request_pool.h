/*
 * Request pool: signed requests that are made once and sent over and over, so that the client's
 * signing does not slow down what is measured. They are signed again before servers refuse them
 * for their age.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/memory.h"
#include "tests/bench/dynamo_request.h"

#include <stddef.h>
#include <stdint.h>

struct pooled_request {
    enum dynamo_operation operation;
    uint64_t item_number;
    int64_t signed_at_s;
    struct buffer bytes;
};

/* Signs the request unless it has been signed lately. */
void pooled_request_refresh(struct pooled_request *request, const struct dynamo_client *client);

struct request_pool {
    struct pooled_request *requests;
    size_t count;
    size_t next;
};

/* Zeroed memory: the caller says what each request is for before it asks for any. */
void request_pool_init(struct request_pool *pool, size_t count);
void request_pool_deinit(struct request_pool *pool);

/* In turn, over and over; signed. */
struct pooled_request *request_pool_next(struct request_pool *pool,
                                         const struct dynamo_client *client);
