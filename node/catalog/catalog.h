/*
 * Catalog: Raft group 0, which knows the region's nodes, tablets, tables and settings.
 *
 * It is a state machine of records (core/catalog/records.h). Operations are evaluated one after the
 * other against applied state; each is one log entry of absolute puts and deletes. What takes
 * several steps (making the tablets, creating and deleting a table) is a state in a record, which
 * the leader drives on until it is done: a leader change, or a crash, in its middle does no harm.
 *
 * Ownership: the catalog borrows what is in its options, and owns a call from catalog_call on.
 * Threads:   the loop thread.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct catalog;
struct engine;
struct env;
struct log;
struct rpc_call;

enum { CATALOG_GROUP_ID = 0, CATALOG_CALLS_MAX = 4096, CATALOG_WATCHERS_MAX = 1024 };

struct catalog_options {
    struct env *env;
    struct log *log;
    struct engine *engine;
    const char *own_name;
    const char *region;    /* of a new catalog */
    uint32_t tablet_count; /* of a new catalog: a power of two */
    uint32_t
        node_count; /* of a new catalog: how many nodes must register before it places tablets */
};

typedef void (*catalog_opened_fn)(void *context, enum status status);

/* The log must hold group 0. Its records are read from the engine, then `fn` is called. */
struct catalog *catalog_create(const struct catalog_options *options, catalog_opened_fn fn,
                               void *context);

/* Destroy the engine first. Calls not answered yet are left to their server. */
void catalog_destroy(struct catalog *catalog);
DEFINE_CLEANUP(catalog)

/* Takes any RPC_CATALOG_* call. */
void catalog_call(struct catalog *catalog, struct rpc_call *call);

void catalog_synced(struct catalog *catalog, uint64_t lsn);
void catalog_checkpointed(struct catalog *catalog, uint64_t index);
uint64_t catalog_written_index(const struct catalog *catalog);
bool catalog_is_leader(const struct catalog *catalog);
