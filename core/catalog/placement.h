/*
 * Placement: which nodes hold the replicas of each tablet, and which of those leads.
 *
 * A pure function of the assignment before and of the nodes there are: consistent hashing with
 * bounded loads. Of N nodes that take replicas, each holds the R x T replicas' even share, rounded
 * down or up, and leads the T tablets' even share, likewise. Within these bounds, in this order:
 *   - no two replicas of a tablet on one host, and then in one zone, as far as the bounds allow;
 *   - as few replicas as possible on nodes that did not hold them before;
 *   - as few tablets as possible led by another node than before.
 * Hashes of node and tablet break ties. The order in which nodes are listed does not matter.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PLACEMENT_NODES_MAX = 256, PLACEMENT_REPLICAS_MAX = 16 };

/* Two nodes are on one host, or in one zone, when they name the same; empty is a name as well. */
struct placement_node {
    uint64_t id;
    struct slice host;
    struct slice zone;
    bool is_draining; /* gives its replicas away, and takes none */
};

/* The nodes that hold one tablet; the first should lead. */
struct placement_replicas {
    size_t count;
    const uint64_t *node_ids;
};

struct placement_request {
    const struct placement_node *nodes;
    size_t node_count;
    uint32_t tablet_count;
    uint32_t replica_count;                    /* one per node when there are fewer nodes */
    const struct placement_replicas *previous; /* of each tablet; NULL: of none */
};

/*
 * The replicas of each tablet, in the arena. STATUS_INVALID when no node takes replicas, two nodes
 * have one id, or a count is 0 or above its bound (that of tablets is RING_TABLETS_MAX).
 */
MUST_USE enum status placement_compute(const struct placement_request *request, struct arena *arena,
                                       const struct placement_replicas **out_tablets);
