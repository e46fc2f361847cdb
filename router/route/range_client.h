/*
 * Range client: reads a range of a table's rows, tablet after tablet, until a page is full.
 *
 * Pages are in the order of tokens and keys, or backward within one partition. Each tablet filters
 * and projects what it reads. What fails is repeated until the deadline, as nothing is changed.
 *
 * Ownership: borrows what is in its options. The caller bounds how many reads are asked for.
 * Threads:   the loop thread. Callbacks are never made from inside a call.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/key/key_range.h"
#include "router/route/tablet_call.h"

#include <stdbool.h>
#include <stdint.h>

struct range_client;

/* So many are read at once, of up to 3 MB each; others wait in line. */
enum { RANGE_READS_MAX = 128 };

struct range_client *range_client_create(const struct tablet_route *route);

/* Reads under way are forgotten. Destroy the peers first. */
void range_client_destroy(struct range_client *client);
DEFINE_CLEANUP(range_client)

/* What is to be read: all of it is copied. */
struct range_read {
    uint64_t table_uid;
    struct key_range keys; /* as range_plan.h has them */
    bool is_backward;      /* then they are those of one partition */
    bool is_consistent;
    bool is_count_only;
    uint64_t count_max; /* of the items evaluated; at least 1 */
    uint64_t size_max;  /* likewise of their bytes */
    struct slice filter;
    struct slice projection;
    uint64_t deadline_us; /* on the boot clock */
};

/*
 * RPC_NOT_EXECUTED with RPC_REASON_NO_TABLE comes at once: the caller's view of the table is old,
 * or it is gone. Slices hold during the call.
 */
struct range_page {
    enum rpc_outcome outcome;
    enum rpc_reason reason;
    uint64_t evaluated_count;
    uint64_t evaluated_size;
    uint64_t matched_count;
    struct slice items;    /* { item sized } */
    struct slice last_key; /* { token . primary key } of the last item evaluated, when full */
    bool is_end;           /* of the range */
};

typedef void (*range_page_fn)(void *context, const struct range_page *page);

void range_client_read(struct range_client *client, const struct range_read *read, range_page_fn fn,
                       void *context);
