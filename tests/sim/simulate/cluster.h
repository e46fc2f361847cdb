/*
 * Cluster: one region in a world: machines with nodes, and machines with clients of rows.
 *
 * Machines 0 to node_count - 1 run a node each, on a disk of the world and an engine in memory; the
 * first one holds the catalog. The machines after them run a client each: a router's way to rows
 * (catalog_watch, peers, row_client, range_client) without HTTP. A nemesis, or a test, starts and
 * stops them.
 *
 * Ownership: keep the world alive longer.
 */
#pragma once

#include "core/base/memory.h"
#include "node/node.h"
#include "router/route/range_client.h"
#include "router/route/row_client.h"
#include "tests/sim/simulate/findings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CLUSTER_NODES_MAX = 3, CLUSTER_CLIENTS_MAX = 4 };

struct cluster;
struct engine_memory_disk;
struct world;

/* One life of a client's process. */
struct cluster_client {
    uint32_t number; /* from 0 on */
    struct env *env;
    struct catalog_watch *watch;
    struct peers *peers;
    struct row_client *rows;
    struct range_client *ranges;
};

struct cluster_options {
    struct world *world;
    struct findings *findings;
    uint32_t node_count;
    uint32_t client_count;
    uint32_t tablet_count;
    enum log_durability durability;
    uint64_t segment_size;
    uint64_t checkpoint_bytes;
    size_t row_cache_bytes;
    uint64_t timeout_us;  /* of a client's request */
    bool has_disk_faults; /* a node may end because its disk failed, and for no other reason */
    bool nodes_move;      /* all but the first come back at another address */
    const struct tablet_faults *tablet_faults;
    const struct log_faults *log_faults;

    /* A client's process has begun, or is about to go: stop using it. */
    void (*client_started_fn)(void *context, const struct cluster_client *client);
    void (*client_stopped_fn)(void *context, uint32_t number);
    void *context;
};

struct cluster *cluster_create(const struct cluster_options *options);

/* Every machine has been stopped. */
void cluster_destroy(struct cluster *cluster);
DEFINE_CLEANUP(cluster)

uint32_t cluster_machine_count(const struct cluster *cluster);

/* A nemesis_start_fn and a nemesis_stop_fn. */
void cluster_start(void *cluster, uint32_t machine, struct env *env);
void cluster_stop(void *cluster, uint32_t machine);

/* Every node runs and serves all that is placed on it, and every client knows that. */
bool cluster_is_ready(const struct cluster *cluster);

/* Runs the world until every client knows all that the catalog has committed; false: it never does.
 */
bool cluster_refresh(const struct cluster *cluster);

/* NULL while it is down. */
struct node *cluster_node(const struct cluster *cluster, uint32_t number);
const struct cluster_client *cluster_client(const struct cluster *cluster, uint32_t number);

/* What the engine of a node stands on. */
struct engine_memory_disk *cluster_engine_disk(const struct cluster *cluster, uint32_t number);
