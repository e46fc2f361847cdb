#include "tests/sim/simulate/simulation.h"

#include "core/base/check.h"
#include "core/base/random.h"
#include "replication/log/faults.h"
#include "tests/sim/nemesis.h"
#include "tests/sim/sim_net.h"
#include "tests/sim/simulate/checker_collected.h"
#include "tests/sim/simulate/checker_durable.h"
#include "tests/sim/simulate/checker_linearizable.h"
#include "tests/sim/simulate/cluster.h"
#include "tests/sim/simulate/workload_rows.h"
#include "tests/sim/simulate/workload_tables.h"

#include <inttypes.h>

enum {
    MS = 1000,
    SECOND_US = 1000 * 1000,
    STEP_US = 10 * MS,
    READY_US_MAX = 60 * SECOND_US,
    QUIET_US = 300 * MS, /* after faults: what was still under way arrives */
};

/* What this seed's run is like. */
struct plan {
    struct cluster_options cluster;
    struct nemesis_options nemesis;
    struct workload_rows_options rows;
    struct workload_tables_options tables;
    uint64_t run_us;
    bool is_relaxed;
};

struct simulation {
    const struct simulation_options *options;
    struct simulation_report *report;
    struct plan plan;
    struct world *world;
    struct history *history;
    struct cluster *cluster;
    struct nemesis *nemesis;
    struct workload_rows *rows;
    struct workload_tables *tables;
};

enum simulation_fault simulation_fault_of_name(const char *name)
{
#define SIMULATION_FAULT_TEXT(fault, text) text,
    static const char *const names[] = {SIMULATION_FAULT_LIST(SIMULATION_FAULT_TEXT)};
#undef SIMULATION_FAULT_TEXT
    int fault = 0;
    while (fault < SIMULATION_FAULT_COUNT && strcmp(names[fault], name) != 0)
        fault++;
    return (enum simulation_fault)fault;
}

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

static void plan_make(const struct simulation_options *options, struct world *world,
                      struct plan *plan)
{
    struct random random = random_of_seed(options->seed ^ 0x706c616e);
    *plan = (struct plan){.cluster = cluster_plan(&random)};
    plan->nemesis = nemesis_plan(&random, plan->cluster.node_count + plan->cluster.client_count);
    plan->run_us = between(&random, 2 * SECOND_US, 6 * SECOND_US);
    plan->rows = (struct workload_rows_options){
        .world = world,
        .slot_count = (uint32_t)between(&random, 2, 8),
        .hot_count = (uint32_t)between(&random, 1, 8),
        .cold_count = (uint32_t)between(&random, 10, 100),
        .think_us_max = between(&random, 5 * MS, 60 * MS),
        .filler_size_max = (uint32_t)between(&random, 200, 8000),
    };
    plan->tables = (struct workload_tables_options){
        .world = world, .pause_us_max = between(&random, 50 * MS, SECOND_US)};
    if (random_one_in(&random, 4))
        hurry_plan(&random, plan);
    else if (options->fault == SIMULATION_FAULT_NONE && random_one_in(&random, 8))
        relaxed_plan(plan);
    plan->cluster.has_disk_faults = plan->nemesis.weights[NEMESIS_SYNC_FAILURE] > 0 ||
                                    plan->nemesis.weights[NEMESIS_FULL_DISK] > 0;
    faults_plan(options, plan);
}

/* --- Clients come and go --------------------------------------------------------------------- */

static void client_started(void *context, const struct cluster_client *client)
{
    struct simulation *simulation = context;
    workload_rows_client_started(simulation->rows, client);
    if (client->number == 0)
        workload_tables_client_started(simulation->tables, client);
}

static void client_stopped(void *context, uint32_t number)
{
    struct simulation *simulation = context;
    workload_rows_client_stopped(simulation->rows, number);
    if (number == 0)
        workload_tables_client_stopped(simulation->tables);
}

/* --- The run --------------------------------------------------------------------------------- */

static void simulation_begin(struct simulation *simulation)
{
    struct plan *plan = &simulation->plan;
    struct findings *findings = &simulation->report->findings;
    simulation->world = world_create(simulation->options->seed);
    world_trace(simulation->world, simulation->options->trace);
    plan_make(simulation->options, simulation->world, plan);
    simulation->history = history_create(findings, simulation->options->trace);
    plan->rows.history = simulation->history;
    plan->rows.findings = findings;
    plan->tables.findings = findings;
    simulation->rows = workload_rows_create(&plan->rows);
    simulation->tables = workload_tables_create(&plan->tables);
    plan->cluster.world = simulation->world;
    plan->cluster.findings = findings;
    plan->cluster.client_started_fn = client_started;
    plan->cluster.client_stopped_fn = client_stopped;
    plan->cluster.context = simulation;
    simulation->cluster = cluster_create(&plan->cluster);
    plan->nemesis.start_fn = cluster_start;
    plan->nemesis.stop_fn = cluster_stop;
    plan->nemesis.context = simulation->cluster;
    simulation->nemesis = nemesis_create(simulation->world, &plan->nemesis);
}

static void simulation_end(struct simulation *simulation)
{
    simulation->report->digest = world_digest(simulation->world);
    simulation->report->event_count = world_event_count(simulation->world);
    simulation->report->simulated_us = world_now_us(simulation->world);
    simulation->report->operation_count = history_count(simulation->history);
    for (uint64_t id = 1; id <= history_count(simulation->history); id++)
        simulation->report->executed_count +=
            history_find(simulation->history, id)->outcome == OPERATION_EXECUTED;
    nemesis_destroy(simulation->nemesis);
    cluster_destroy(simulation->cluster);
    workload_tables_destroy(simulation->tables);
    workload_rows_destroy(simulation->rows);
    history_destroy(simulation->history);
    world_destroy(simulation->world);
}

static bool is_ready(const struct simulation *simulation)
{
    return cluster_is_ready(simulation->cluster);
}

static bool is_answered(const struct simulation *simulation)
{
    return workload_rows_under_way(simulation->rows) == 0 &&
           !workload_tables_is_calling(simulation->tables);
}

static bool is_settled(const struct simulation *simulation)
{
    return workload_tables_are_settled(simulation->cluster);
}

static bool is_collected(const struct simulation *simulation)
{
    const struct catalog_view *view =
        catalog_watch_view(cluster_client(simulation->cluster, 0)->watch);
    for (uint32_t i = 0; i < simulation->plan.cluster.node_count; i++)
        if (!checker_is_collected(cluster_engine_disk(simulation->cluster, i), view))
            return false;
    return true;
}

static bool wait_for(const struct simulation *simulation,
                     bool (*condition_fn)(const struct simulation *simulation), uint64_t us_max)
{
    uint64_t end_us = world_now_us(simulation->world) + us_max;
    while (!condition_fn(simulation)) {
        if (world_now_us(simulation->world) >= end_us)
            return false;
        world_run_for(simulation->world, STEP_US);
    }
    return true;
}

static bool must_become(struct simulation *simulation, const char *what,
                        bool (*condition_fn)(const struct simulation *simulation), uint64_t us_max)
{
    bool has_become = wait_for(simulation, condition_fn, us_max);
    if (!has_become)
        findings_add(&simulation->report->findings, "%s within %" PRIu64 " s after all was healed",
                     what, us_max / SECOND_US);
    return has_become;
}

/* The end of all processes, and of the power where the log does not rest on it. */
static void restart_all(const struct simulation *simulation)
{
    for (uint32_t i = 0; i < simulation->plan.cluster.node_count; i++) {
        if (simulation->plan.is_relaxed)
            world_shutdown(simulation->world, i);
        else
            world_crash(simulation->world, i);
    }
    world_run_for(simulation->world, STEP_US);
}

static bool become_well(struct simulation *simulation)
{
    if (!must_become(simulation, "the region is not ready again", is_ready, READY_US_MAX) ||
        !must_become(simulation, "tables are not settled", is_settled, READY_US_MAX))
        return false;
    bool is_fresh = cluster_refresh(simulation->cluster);
    if (!is_fresh)
        findings_add(&simulation->report->findings, "the catalog is not reached");
    return is_fresh;
}

static bool become_quiet(struct simulation *simulation)
{
    nemesis_heal(simulation->nemesis);
    workload_rows_stop(simulation->rows);
    workload_tables_stop(simulation->tables);
    world_run_for(simulation->world, QUIET_US);
    uint64_t answer_us = simulation->plan.cluster.timeout_us + 3 * SECOND_US;
    return must_become(simulation, "operations are not answered", is_answered, answer_us) &&
           must_become(simulation, "the region is not ready", is_ready, READY_US_MAX);
}

static void check_all(struct simulation *simulation)
{
    struct findings *findings = &simulation->report->findings;
    uint64_t first_id = history_count(simulation->history) + 1;
    workload_rows_read_all(simulation->rows, simulation->cluster);
    workload_tables_check(simulation->tables, simulation->cluster);
    checker_durable(simulation->history, first_id, findings);
    checker_linearizable(simulation->history, findings);
    if (wait_for(simulation, is_collected, 2 * SECOND_US))
        return;
    for (uint32_t i = 0; i < simulation->plan.cluster.node_count; i++)
        checker_collected(cluster_engine_disk(simulation->cluster, i),
                          catalog_watch_view(cluster_client(simulation->cluster, 0)->watch),
                          findings);
}

void simulation_run(const struct simulation_options *options, struct simulation_report *out_report)
{
    *out_report = (struct simulation_report){0};
    struct simulation simulation = {.options = options, .report = out_report};
    simulation_begin(&simulation);
    world_run_for(simulation.world, simulation.plan.run_us);
    if (become_quiet(&simulation)) {
        restart_all(&simulation);
        if (become_well(&simulation))
            check_all(&simulation);
    }
    simulation_end(&simulation);
}
