/*
 * Clusters to place tablets in, and what can be measured of a placement.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/catalog/placement.h"

#include <stdio.h>
#include <string.h>

enum { NODES_MAX = PLACEMENT_NODES_MAX, ID_STEP = 7 };

/* Nodes whose ids are their numbers times ID_STEP, on hosts and in zones by number. */
struct cluster {
    struct placement_node nodes[NODES_MAX + 1];
    size_t count;
    char names[NODES_MAX + 1][8];
};

static inline struct slice name_of(const struct cluster *cluster, size_t number)
{
    return slice_of_text(cluster->names[number]);
}

/* Each node on a host of its own, all in one zone. */
static inline void cluster_init(struct cluster *cluster, size_t count)
{
    *cluster = (struct cluster){.count = count};
    for (size_t i = 0; i <= NODES_MAX; i++) {
        snprintf(cluster->names[i], sizeof cluster->names[i], "%zu", i);
        cluster->nodes[i].id = (i + 1) * ID_STEP;
        cluster->nodes[i].host = name_of(cluster, i);
        cluster->nodes[i].zone = name_of(cluster, 0);
    }
}

static inline const struct placement_node *node_of(const struct cluster *cluster, uint64_t id)
{
    assert_true(id % ID_STEP == 0 && id / ID_STEP >= 1 && id / ID_STEP <= cluster->count);
    return &cluster->nodes[id / ID_STEP - 1];
}

static inline const struct placement_replicas *place(const struct cluster *cluster,
                                                     uint32_t tablet_count, uint32_t replica_count,
                                                     const struct placement_replicas *previous,
                                                     struct arena *arena)
{
    const struct placement_replicas *tablets;
    struct placement_request request = {
        .nodes = cluster->nodes,
        .node_count = cluster->count,
        .tablet_count = tablet_count,
        .replica_count = replica_count,
        .previous = previous,
    };
    assert_int_equal(placement_compute(&request, arena, &tablets), STATUS_OK);
    return tablets;
}

/* --- What is measured --- */

struct loads {
    size_t replicas[NODES_MAX + 1];
    size_t leaders[NODES_MAX + 1];
};

static inline struct loads loads_of(const struct cluster *cluster,
                                    const struct placement_replicas *tablets, uint32_t tablet_count)
{
    struct loads loads = {0};
    for (uint32_t i = 0; i < tablet_count; i++)
        for (size_t j = 0; j < tablets[i].count; j++) {
            size_t node = (size_t)(node_of(cluster, tablets[i].node_ids[j]) - cluster->nodes);
            loads.replicas[node]++;
            loads.leaders[node] += j == 0;
        }
    return loads;
}

static inline size_t taking_count(const struct cluster *cluster)
{
    size_t count = 0;
    for (size_t i = 0; i < cluster->count; i++)
        count += !cluster->nodes[i].is_draining;
    return count;
}

static inline void assert_share(size_t load, size_t total, size_t node_count)
{
    assert_in_range(load, total / node_count, (total + node_count - 1) / node_count);
}

/* Everything that must hold of every placement. */
static inline void assert_even(const struct cluster *cluster,
                               const struct placement_replicas *tablets, uint32_t tablet_count,
                               uint32_t replica_count)
{
    size_t node_count = taking_count(cluster);
    size_t wanted = replica_count < node_count ? replica_count : node_count;
    struct loads loads = loads_of(cluster, tablets, tablet_count);
    for (size_t i = 0; i < cluster->count; i++) {
        bool is_draining = cluster->nodes[i].is_draining;
        assert_share(loads.replicas[i], is_draining ? 0 : tablet_count * wanted, node_count);
        assert_share(loads.leaders[i], is_draining ? 0 : tablet_count, node_count);
    }
    for (uint32_t i = 0; i < tablet_count; i++) {
        assert_int_equal(tablets[i].count, wanted);
        for (size_t j = 1; j < wanted; j++)
            for (size_t k = 0; k < j; k++)
                assert_true(tablets[i].node_ids[j] != tablets[i].node_ids[k]);
    }
}

static inline bool has_replica(const struct placement_replicas *tablet, uint64_t node_id)
{
    for (size_t i = 0; i < tablet->count; i++)
        if (tablet->node_ids[i] == node_id)
            return true;
    return false;
}

static inline size_t move_count(const struct placement_replicas *before,
                                const struct placement_replicas *after, uint32_t tablet_count)
{
    size_t count = 0;
    for (uint32_t i = 0; i < tablet_count; i++)
        for (size_t j = 0; j < after[i].count; j++)
            count += !has_replica(&before[i], after[i].node_ids[j]);
    return count;
}

/*
 * What cannot be done without: of the replicas before, only as many can stay on a node as it may
 * hold afterwards, and only so many nodes may hold the share rounded up.
 */
static inline size_t move_count_min(const struct cluster *cluster, const size_t *replicas_before,
                                    size_t replica_total)
{
    size_t node_count = taking_count(cluster);
    size_t share = replica_total / node_count;
    size_t larger_left = replica_total % node_count;
    size_t kept = 0;
    for (size_t i = 0; i < cluster->count; i++) {
        size_t before = cluster->nodes[i].is_draining ? 0 : replicas_before[i];
        kept += before < share ? before : share;
        if (before > share && larger_left > 0) {
            kept++;
            larger_left--;
        }
    }
    return replica_total - kept;
}

/* Pairs of replicas of one tablet on one host or in one zone. */
static inline size_t shared_count(const struct cluster *cluster,
                                  const struct placement_replicas *tablets, uint32_t tablet_count,
                                  bool is_of_hosts)
{
    size_t count = 0;
    for (uint32_t i = 0; i < tablet_count; i++)
        for (size_t j = 1; j < tablets[i].count; j++)
            for (size_t k = 0; k < j; k++) {
                const struct placement_node *left = node_of(cluster, tablets[i].node_ids[j]);
                const struct placement_node *right = node_of(cluster, tablets[i].node_ids[k]);
                count += is_of_hosts ? slice_is_equal(left->host, right->host)
                                     : slice_is_equal(left->zone, right->zone);
            }
    return count;
}

static inline bool is_same(const struct placement_replicas *left,
                           const struct placement_replicas *right, uint32_t tablet_count)
{
    for (uint32_t i = 0; i < tablet_count; i++)
        if (left[i].count != right[i].count ||
            memcmp(left[i].node_ids, right[i].node_ids, left[i].count * sizeof(uint64_t)) != 0)
            return false;
    return true;
}
