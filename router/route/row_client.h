/*
 * Row client: reads and writes one row, wherever its tablet's leader is.
 *
 * A read is repeated until the deadline; a write only after it was *not executed*. What is still
 * unknown at the end is answered so, and never as success.
 *
 * Ownership: borrows the env, the catalog's watch and the peers.
 * Threads:   the loop thread. Callbacks are never made from inside a call.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/catalog/table.h"
#include "proto/catalog_watch.h"
#include "proto/peers.h"
#include "proto/rpc.h"
#include "proto/write_kind.h"

#include <stdbool.h>
#include <stdint.h>

struct env;
struct row_client;

struct row_client_options {
    struct env *env;
    struct catalog_watch *watch;
    struct peers *peers;
    uint64_t timeout_us; /* of a request, with all its repetitions */
};

struct row_client *row_client_create(const struct row_client_options *options);

/* Requests under way are forgotten. Destroy the peers first. */
void row_client_destroy(struct row_client *client);
DEFINE_CLEANUP(row_client)

/* A row of a table: `key` is the encoded primary key, which begins with the partition key. */
struct row_name {
    const struct table *table;
    struct slice partition_key;
    struct slice key;
};

/* What few writes ask for. Trees are bytes (core/expression/tree_codec.h), empty: there is none. */
struct row_terms {
    struct slice condition;
    struct slice update;
    bool wants_item_on_failure;
    bool wants_sizes;
};

/* What is to be written. */
struct row_write {
    enum write_kind kind;
    struct slice item; /* of a put; of an update the key's attributes */
    enum write_returned returned;
    const struct row_terms *terms; /* NULL: none */
};

/*
 * RPC_NOT_EXECUTED with RPC_REASON_NO_TABLE comes at once: the caller's view of the table is old,
 * or it is gone. `item` is the item read, or the one that a write returns, and holds during the
 * call.
 */
struct row_result {
    enum rpc_outcome outcome;
    enum rpc_reason reason;
    bool is_found;
    struct slice item;

    /* Of a write. Sizes are told when they were asked for; 0: there is no item. */
    enum write_result result;
    uint32_t fault; /* enum update_fault, of one that was refused */
    size_t size_before;
    size_t size_after;
};

typedef void (*row_result_fn)(void *context, const struct row_result *result);

void row_client_read(struct row_client *client, const struct row_name *row, bool is_consistent,
                     row_result_fn fn, void *context);
void row_client_write(struct row_client *client, const struct row_name *row,
                      const struct row_write *write, row_result_fn fn, void *context);
