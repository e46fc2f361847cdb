#include "core/catalog/placement.h"

#include "core/base/check.h"
#include "core/catalog/placement_balance_private.h"
#include "core/catalog/ring.h"

#include <stdlib.h>

/*
 * What comes first outweighs, on one chain of moves, all that comes after it: a leader's replica
 * lost, a replica moved, a zone shared, a host shared.
 */
#define COST_OF_LEADER      ((int64_t)1)
#define COST_OF_MOVE        ((int64_t)1 << 9)
#define COST_OF_SHARED_ZONE ((int64_t)1 << 18)
#define COST_OF_SHARED_HOST ((int64_t)1 << 31)

enum { CHAIN_MAX = PLACEMENT_NODES_MAX + 1, COMPANY_MAX = PLACEMENT_REPLICAS_MAX - 1 };

_Static_assert(CHAIN_MAX *COST_OF_LEADER < COST_OF_MOVE, "moves come before leaders");
_Static_assert(CHAIN_MAX *(COST_OF_MOVE + COST_OF_LEADER) < COST_OF_SHARED_ZONE,
               "zones come before moves");
_Static_assert(CHAIN_MAX *(COMPANY_MAX *COST_OF_SHARED_ZONE + COST_OF_MOVE + COST_OF_LEADER) <
                   COST_OF_SHARED_HOST,
               "hosts come before zones");
_Static_assert(PLACEMENT_REPLICAS_MAX *COST_OF_SHARED_HOST < BALANCE_COST_MAX / 2,
               "the cost of a move is in its bounds");

/* Nodes that take replicas are known by their number, in the order of their ids. */
struct placement {
    struct arena *arena;
    uint32_t tablet_count;
    size_t replica_count;
    size_t node_count;
    const struct placement_node **nodes;
    int64_t *shared;   /* [node][node]: what it costs that both hold the same tablet */
    uint16_t *held;    /* [tablet][replica]: nodes, in no order */
    uint8_t *counts;   /* [tablet] of them filled so far */
    uint16_t *leaders; /* [tablet] before; `node_count` when it is gone */
    uint8_t *before;   /* [node][tablet]: held it before */
    struct balance *replica_balance;
    struct balance *leader_balance;
};

static uint64_t mix(uint64_t value)
{
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
    value = (value ^ value >> 27) * 0x94d049bb133111ebu;
    return value ^ value >> 31;
}

static uint64_t tie_hash(const struct placement *placement, uint32_t tablet, size_t node)
{
    return mix(placement->nodes[node]->id * 0x9e3779b97f4a7c15u + mix(tablet + 1));
}

static uint16_t *held_of(const struct placement *placement, uint32_t tablet)
{
    return &placement->held[tablet * placement->replica_count];
}

static uint8_t *before_at(const struct placement *placement, uint32_t tablet, size_t node)
{
    return &placement->before[node * placement->tablet_count + tablet];
}

static const int64_t *shared_of(const struct placement *placement, size_t node)
{
    return &placement->shared[node * placement->node_count];
}

/* --- What there is --- */

static int node_order(const void *left, const void *right)
{
    uint64_t left_id = (*(const struct placement_node *const *)left)->id;
    uint64_t right_id = (*(const struct placement_node *const *)right)->id;
    return (left_id > right_id) - (left_id < right_id);
}

/* Keeps the nodes that take replicas, sorted. */
static enum status nodes_take(struct placement *placement, const struct placement_request *request)
{
    const struct placement_node **all =
        arena_alloc(placement->arena, request->node_count * sizeof *all);
    for (size_t i = 0; i < request->node_count; i++)
        all[i] = &request->nodes[i];
    qsort(all, request->node_count, sizeof *all, node_order);
    placement->nodes = all;
    for (size_t i = 0; i < request->node_count; i++) {
        if (i + 1 < request->node_count && all[i]->id == all[i + 1]->id)
            return STATUS_INVALID;
        if (!all[i]->is_draining)
            placement->nodes[placement->node_count++] = all[i];
    }
    return placement->node_count > 0 ? STATUS_OK : STATUS_INVALID;
}

static void shared_fill(struct placement *placement)
{
    size_t count = placement->node_count;
    placement->shared = arena_alloc(placement->arena, count * count * sizeof(int64_t));
    for (size_t i = 0; i < count * count; i++) {
        const struct placement_node *left = placement->nodes[i / count];
        const struct placement_node *right = placement->nodes[i % count];
        placement->shared[i] = (slice_is_equal(left->host, right->host) ? COST_OF_SHARED_HOST : 0) +
                               (slice_is_equal(left->zone, right->zone) ? COST_OF_SHARED_ZONE : 0);
    }
}

static size_t node_find(const struct placement *placement, uint64_t id)
{
    const struct placement_node wanted = {.id = id};
    const struct placement_node *pointer = &wanted;
    const struct placement_node **found = bsearch(&pointer, placement->nodes, placement->node_count,
                                                  sizeof *placement->nodes, node_order);
    return found == NULL ? placement->node_count : (size_t)(found - placement->nodes);
}

static void replica_add(struct placement *placement, uint32_t tablet, size_t node)
{
    held_of(placement, tablet)[placement->counts[tablet]++] = (uint16_t)node;
    balance_add(placement->replica_balance, tablet, node);
}

/* Replicas stay where they are, on nodes that still take some, as many as are wanted. */
static void previous_take(struct placement *placement, uint32_t tablet,
                          const struct placement_replicas *previous)
{
    for (size_t i = 0; i < previous->count; i++) {
        size_t node = node_find(placement, previous->node_ids[i]);
        if (i == 0)
            placement->leaders[tablet] = (uint16_t)node;
        if (node == placement->node_count || *before_at(placement, tablet, node))
            continue;
        *before_at(placement, tablet, node) = 1;
        if (placement->counts[tablet] < placement->replica_count)
            replica_add(placement, tablet, node);
    }
}

/* --- Replicas --- */

/* What it costs that a replica is there and not where it was. */
static int64_t stay_cost(const struct placement *placement, uint32_t tablet, size_t node)
{
    return (*before_at(placement, tablet, node) ? 0 : COST_OF_MOVE) -
           (placement->leaders[tablet] == node ? COST_OF_LEADER : 0);
}

static int64_t replica_cost(const void *context, uint32_t tablet, size_t from, size_t to)
{
    const struct placement *placement = context;
    const int64_t *shared_from = shared_of(placement, from);
    const int64_t *shared_to = shared_of(placement, to);
    const uint16_t *held = held_of(placement, tablet);
    int64_t cost = stay_cost(placement, tablet, to) - stay_cost(placement, tablet, from);
    for (size_t i = 0; i < placement->replica_count; i++)
        if (held[i] != from)
            cost += shared_to[held[i]] - shared_from[held[i]];
    return cost;
}

static void replica_moved(void *context, uint32_t tablet, size_t from, size_t to)
{
    struct placement *placement = context;
    uint16_t *held = held_of(placement, tablet);
    size_t i = 0;
    while (held[i] != from)
        i++;
    held[i] = (uint16_t)to;
}

/* What a replica there has in common with those that the tablet has. */
static int64_t company_cost(const struct placement *placement, uint32_t tablet, size_t node)
{
    int64_t cost = 0;
    for (size_t i = 0; i < placement->counts[tablet]; i++)
        cost += shared_of(placement, node)[held_of(placement, tablet)[i]];
    return cost;
}

/* The node with the best company, then the least load, then the greatest hash. */
static size_t node_for_replica(const struct placement *placement, uint32_t tablet)
{
    size_t best = placement->node_count, best_load = 0;
    int64_t best_cost = 0;
    for (size_t node = 0; node < placement->node_count; node++) {
        if (balance_holds(placement->replica_balance, tablet, node))
            continue;
        int64_t cost = company_cost(placement, tablet, node);
        size_t load = balance_load(placement->replica_balance, node);
        bool is_worse = cost != best_cost ? cost > best_cost : load > best_load;
        bool is_tied = cost == best_cost && load == best_load;
        if (best < placement->node_count &&
            (is_worse ||
             (is_tied && tie_hash(placement, tablet, node) < tie_hash(placement, tablet, best))))
            continue;
        best = node;
        best_cost = cost;
        best_load = load;
    }
    CHECK(best < placement->node_count);
    return best;
}

static void replicas_place(struct placement *placement, const struct placement_request *request)
{
    size_t share = placement->tablet_count * placement->replica_count / placement->node_count;
    bool is_even =
        share * placement->node_count == placement->tablet_count * placement->replica_count;
    struct balance_options options = {
        .row_count = placement->tablet_count,
        .bin_count = placement->node_count,
        .load_min = share,
        .load_max = share + !is_even,
        .cost_fn = replica_cost,
        .moved_fn = replica_moved,
        .context = placement,
    };
    placement->replica_balance = balance_create(&options, placement->arena);
    for (uint32_t i = 0; request->previous != NULL && i < placement->tablet_count; i++)
        previous_take(placement, i, &request->previous[i]);
    for (uint32_t i = 0; i < placement->tablet_count; i++)
        while (placement->counts[i] < placement->replica_count)
            replica_add(placement, i, node_for_replica(placement, i));
    balance_run(placement->replica_balance);
}

/* --- Leaders --- */

static int64_t leader_cost(const void *context, uint32_t tablet, size_t from, size_t to)
{
    const struct placement *placement = context;
    if (!balance_holds(placement->replica_balance, tablet, to))
        return BALANCE_FORBIDDEN;
    return (placement->leaders[tablet] == from) - (placement->leaders[tablet] == to);
}

static void leader_moved(void *context, uint32_t tablet, size_t from, size_t to)
{
    (void)context;
    (void)tablet;
    (void)from;
    (void)to;
}

/* The leader before, if it still holds the tablet, or else the one that leads least. */
static size_t node_for_leader(const struct placement *placement, uint32_t tablet)
{
    const struct balance *balance = placement->leader_balance;
    size_t best = held_of(placement, tablet)[0];
    for (size_t i = 0; i < placement->replica_count; i++) {
        size_t node = held_of(placement, tablet)[i];
        if (node == placement->leaders[tablet])
            return node;
        size_t load = balance_load(balance, node), best_load = balance_load(balance, best);
        if (load < best_load || (load == best_load && tie_hash(placement, tablet, node) >
                                                          tie_hash(placement, tablet, best)))
            best = node;
    }
    return best;
}

static void leaders_place(struct placement *placement)
{
    size_t share = placement->tablet_count / placement->node_count;
    struct balance_options options = {
        .row_count = placement->tablet_count,
        .bin_count = placement->node_count,
        .load_min = share,
        .load_max = share + (placement->tablet_count % placement->node_count != 0),
        .cost_fn = leader_cost,
        .moved_fn = leader_moved,
        .context = placement,
    };
    placement->leader_balance = balance_create(&options, placement->arena);
    for (uint32_t i = 0; i < placement->tablet_count; i++)
        balance_add(placement->leader_balance, i, node_for_leader(placement, i));
    balance_run(placement->leader_balance);
}

/* --- All of it --- */

static bool is_valid(const struct placement_request *request)
{
    return request->node_count > 0 && request->node_count <= PLACEMENT_NODES_MAX &&
           request->tablet_count > 0 && request->tablet_count <= RING_TABLETS_MAX &&
           request->replica_count > 0 && request->replica_count <= PLACEMENT_REPLICAS_MAX;
}

/* The leader first, the others by id. */
static struct placement_replicas replicas_write(const struct placement *placement, uint32_t tablet)
{
    uint64_t *ids = arena_alloc(placement->arena, placement->replica_count * sizeof *ids);
    size_t count = 1;
    for (size_t node = 0; node < placement->node_count; node++) {
        if (balance_holds(placement->leader_balance, tablet, node))
            ids[0] = placement->nodes[node]->id;
        else if (balance_holds(placement->replica_balance, tablet, node))
            ids[count++] = placement->nodes[node]->id;
    }
    CHECK(count == placement->replica_count);
    return (struct placement_replicas){.count = count, .node_ids = ids};
}

enum status placement_compute(const struct placement_request *request, struct arena *arena,
                              const struct placement_replicas **out_tablets)
{
    if (!is_valid(request))
        return STATUS_INVALID;
    uint32_t tablet_count = request->tablet_count;
    struct placement placement = {.arena = arena, .tablet_count = tablet_count};
    TRY(nodes_take(&placement, request));
    size_t replica_count = request->replica_count;
    placement.replica_count =
        replica_count < placement.node_count ? replica_count : placement.node_count;
    shared_fill(&placement);
    placement.held =
        arena_alloc(arena, tablet_count * placement.replica_count * sizeof *placement.held);
    placement.counts = arena_alloc_zeroed(arena, tablet_count);
    placement.before = arena_alloc_zeroed(arena, placement.node_count * tablet_count);
    placement.leaders = arena_alloc(arena, tablet_count * sizeof *placement.leaders);
    for (uint32_t i = 0; i < tablet_count; i++)
        placement.leaders[i] = (uint16_t)placement.node_count;
    replicas_place(&placement, request);
    leaders_place(&placement);

    struct placement_replicas *tablets = arena_alloc(arena, tablet_count * sizeof *tablets);
    for (uint32_t i = 0; i < tablet_count; i++)
        tablets[i] = replicas_write(&placement, i);
    *out_tablets = tablets;
    return STATUS_OK;
}
