/*
 * Tablet request: a read or a write of one row, on its way and while it waits for its row.
 */
#pragma once

#include "core/base/list.h"
#include "node/tablet/tablet.h"

#include <stdbool.h>
#include <stdint.h>

struct fetch;

struct tablet_request {
    struct list link; /* in its fetch's `waiting`, or in `resumed` */
    struct tablet_address address;
    bool is_write;
    struct write_request write;
    tablet_answer_fn fn;
    void *context;
};

/* A row as a request sees it. */
struct row_seen {
    bool is_known;
    bool is_found;
    uint64_t index; /* of the overlay's entry, or 0 */
    struct slice row;
};

void tablet_request_refuse(const struct tablet_request *request, enum rpc_reason reason);

/*
 * Answers a request, or has it wait. `fetched` is what a fetch has just brought, or NULL. The
 * request is copied where it is kept.
 */
void tablet_request_run(struct tablet *tablet, const struct tablet_request *request,
                        const struct row_seen *fetched);

/* Has a request wait behind a fetch of its row that is under way. */
void fetch_join(struct fetch *fetch, const struct tablet_request *request);

/* Fetches the row of `tablet->row_key` for a request, and others that come meanwhile. */
void fetch_start(struct tablet *tablet, const struct tablet_request *request);
