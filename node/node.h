/*
 * Node: one storage process's parts, put together: log, engine, tablets, catalog, and the calls
 * that reach them.
 *
 * It starts from its data directory: it serves the tablets that its log holds at once, and learns
 * of new ones by watching the catalog. The same code runs in a process of its own, in `graticule
 * dev` and in the simulator: what differs is the env and the engine that it is given.
 *
 * Ownership: a node owns the engine from node_create on, also when that fails; it borrows the env,
 * and copies its options. Threads:   the loop thread. Errors:    what a node cannot go on after
 * ends its process (env_fatal).
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/status.h"
#include "node/tablet/tablet.h"
#include "proto/catalog_watch.h"
#include "replication/log/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct engine;
struct env;
struct node;
struct rpc_call;

struct node_options {
    struct env *env;
    struct engine *engine;
    const char *data_path;          /* a directory, made when missing */
    const char *name;               /* also the name of its key */
    const char *address;            /* where it listens */
    const char *advertised_address; /* where others reach it; NULL: `address` */
    const char *region;
    const char *host;
    const char *zone;
    const struct catalog_seed *seeds;
    size_t seed_count;
    bool holds_catalog;
    uint32_t tablet_count; /* of a new catalog */
    uint32_t node_count;   /* of a new catalog */
    enum log_durability durability;
    uint64_t segment_size;     /* of the log; 0: the default */
    size_t row_cache_bytes;    /* 0: the default, 32 MB */
    uint64_t checkpoint_bytes; /* of log between checkpoints; 0: the default, 64 MB */
    const struct tablet_faults *tablet_faults; /* for tests; NULL: none */
    const struct log_faults *log_faults;
};

/* Blocks while it reads its log. */
MUST_USE enum status node_create(const struct node_options *options, struct node **out_node);

/* As abruptly as a kill: what is not durable is not made so. NULL is fine. */
void node_destroy(struct node *node);
DEFINE_CLEANUP(node)

/* Everything that it held when it started serves again, and its catalog view is known. */
bool node_is_ready(const struct node *node);

/* Of the ring that its data belongs to; 0: not known yet. */
uint32_t node_tablet_count(const struct node *node);

/* How many tablets it leads and serves. */
size_t node_serving_count(const struct node *node);

/* Makes all that has been applied durable in the engine, so that the next start has little to
 * replay. */
void node_checkpoint(struct node *node, void (*done_fn)(void *context), void *context);
