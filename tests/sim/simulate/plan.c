#include "tests/sim/simulate/plan.h"

#include "core/base/random.h"
#include "replication/log/faults.h"

enum { MS = 1000, SECOND_US = 1000 * 1000 };

/* --- The plan -------------------------------------------------------------------------------- */

static uint64_t between(struct random *random, uint64_t least, uint64_t most)
{
    return least + random_below(random, most - least + 1);
}

static void faults_plan(const struct simulation_options *options, struct plan *plan)
{
    static const struct log_faults before_sync = {.acknowledges_before_sync = true};
    static const struct log_faults leftovers = {.replays_leftovers = true};
    static const struct tablet_faults predecessor = {.answers_before_predecessor = true};
    static const struct tablet_faults overlay = {.pages_miss_overlay = true};
    switch (options->fault) {
    case SIMULATION_FAULT_NONE:
    case SIMULATION_FAULT_COUNT:
        return;
    case SIMULATION_FAULT_ACKNOWLEDGES_BEFORE_SYNC:
        plan->cluster.log_faults = &before_sync;
        return;
    case SIMULATION_FAULT_REPLAYS_LEFTOVERS:
        plan->cluster.log_faults = &leftovers;
        return;
    case SIMULATION_FAULT_ANSWERS_BEFORE_PREDECESSOR:
        plan->cluster.tablet_faults = &predecessor;
        return;
    case SIMULATION_FAULT_PAGES_MISS_OVERLAY:
        plan->cluster.tablet_faults = &overlay;
        return;
    }
}

static struct cluster_options cluster_plan(struct random *random)
{
    return (struct cluster_options){
        .node_count = (uint32_t)between(random, 1, CLUSTER_NODES_MAX),
        .client_count = (uint32_t)between(random, 1, 3),
        .tablet_count = 4u << random_below(random, 3),
        .segment_size = (uint64_t)64 << 10 << random_below(random, 3),
        .checkpoint_bytes = (uint64_t)16 << 10 << random_below(random, 6),
        .row_cache_bytes = (size_t)2 << 10 << random_below(random, 8),
        .timeout_us = between(random, 200 * MS, 2 * SECOND_US),
        .nodes_move = random_one_in(random, 3),
    };
}

/* Each fault is in about half of the runs, so that each is met with and without each other. */
static struct nemesis_options nemesis_plan(struct random *random, uint32_t machine_count)
{
    struct nemesis_options options = nemesis_options_usual(machine_count);
    options.down_max = machine_count;
    options.interval_us = between(random, 100 * MS, SECOND_US);
    options.fault_us_max = between(random, 50 * MS, 1500 * MS);
    options.clock_jump_us_max = 5 * SECOND_US;
    for (int fault = 0; fault < NEMESIS_FAULT_COUNT; fault++)
        if (random_one_in(random, 2))
            options.weights[fault] = 0;
    if (random_one_in(random, 2))
        options.weights[NEMESIS_POWER_CUT] = 10;
    return options;
}

/*
 * One run in four looks for answers that rest on what is not durable yet: syncs take long, the
 * power fails in their midst, and all clients are at the same few rows.
 */
static void hurry_plan(struct random *random, struct plan *plan)
{
    struct nemesis_options *nemesis = &plan->nemesis;
    memset(nemesis->weights, 0, sizeof nemesis->weights);
    nemesis->weights[NEMESIS_POWER_CUT] = 1;
    nemesis->weights[NEMESIS_SLOW_DISK] = 3;
    nemesis->interval_us = between(random, 50 * MS, 200 * MS);
    nemesis->fault_us_max = between(random, 50 * MS, 400 * MS);
    plan->cluster.node_count = 1;
    plan->cluster.client_count = 3;
    nemesis->machine_count = 4;
    nemesis->down_max = 4;
    plan->rows.slot_count = 4;
    plan->rows.hot_count = 2;
    plan->rows.think_us_max = 10 * MS;
}

/* A log that is not synced keeps what was acknowledged while power and disks do not fail. */
static void relaxed_plan(struct plan *plan)
{
    plan->is_relaxed = true;
    plan->cluster.durability = LOG_DURABILITY_RELAXED;
    plan->nemesis.weights[NEMESIS_POWER_CUT] = 0;
    plan->nemesis.weights[NEMESIS_SYNC_FAILURE] = 0;
}

static struct workload_rows_options rows_plan(struct random *random)
{
    return (struct workload_rows_options){
        .slot_count = (uint32_t)between(random, 2, 8),
        .hot_count = (uint32_t)between(random, 1, 8),
        .cold_count = (uint32_t)between(random, 10, 100),
        .think_us_max = between(random, 5 * MS, 60 * MS),
        .filler_size_max = (uint32_t)between(random, 200, 8000),
    };
}

struct plan plan_make(const struct simulation_options *options)
{
    struct random random = random_of_seed(options->seed ^ 0x706c616e);
    struct plan plan = {.cluster = cluster_plan(&random)};
    plan.nemesis = nemesis_plan(&random, plan.cluster.node_count + plan.cluster.client_count);
    plan.run_us = between(&random, 2 * SECOND_US, 6 * SECOND_US);
    plan.rows = rows_plan(&random);
    plan.tables.pause_us_max = between(&random, 50 * MS, SECOND_US);
    if (random_one_in(&random, 8))
        plan.engine_failure_us_max = between(&random, 200 * MS, 2 * SECOND_US);
    if (random_one_in(&random, 4))
        hurry_plan(&random, &plan);
    else if (options->fault == SIMULATION_FAULT_NONE && random_one_in(&random, 8))
        relaxed_plan(&plan);
    if (!random_one_in(&random, 3))
        plan.scans.pause_us_max = between(&random, 10 * MS, 200 * MS);
    plan.scans.row_count = plan.rows.hot_count + plan.rows.cold_count;
    plan.scans.tablet_count = plan.cluster.tablet_count;
    plan.scans.timeout_us = plan.cluster.timeout_us;
    plan.cluster.has_disk_faults = plan.engine_failure_us_max > 0 ||
                                   plan.nemesis.weights[NEMESIS_SYNC_FAILURE] > 0 ||
                                   plan.nemesis.weights[NEMESIS_FULL_DISK] > 0;
    faults_plan(options, &plan);
    return plan;
}
