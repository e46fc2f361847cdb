#include "tests/sim/simulate/simulation.h"

#include "core/base/check.h"
#include "core/base/random.h"
#include "tests/sim/engine_memory.h"
#include "tests/sim/nemesis.h"
#include "tests/sim/simulate/checker_collected.h"
#include "tests/sim/simulate/checker_durable.h"
#include "tests/sim/simulate/checker_linearizable.h"
#include "tests/sim/simulate/cluster.h"
#include "tests/sim/simulate/plan.h"
#include "tests/sim/simulate/workload_rows.h"
#include "tests/sim/simulate/workload_scans.h"
#include "tests/sim/simulate/workload_tables.h"

#include <inttypes.h>

enum {
    MS = 1000,
    SECOND_US = 1000 * 1000,
    STEP_US = 10 * MS,
    READY_US_MAX = 60 * SECOND_US,
    QUIET_US = 300 * MS, /* after faults: what was still under way arrives */
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
    struct workload_scans *scans;
    struct workload_tables *tables;
    struct env_timer engine_timer;
    uint32_t failing_node;
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

/* --- Clients come and go --------------------------------------------------------------------- */

static void client_started(void *context, const struct cluster_client *client)
{
    struct simulation *simulation = context;
    workload_rows_client_started(simulation->rows, client);
    workload_scans_client_started(simulation->scans, client);
    if (client->number == 0)
        workload_tables_client_started(simulation->tables, client);
}

static void client_stopped(void *context, uint32_t number)
{
    struct simulation *simulation = context;
    workload_rows_client_stopped(simulation->rows, number);
    workload_scans_client_stopped(simulation->scans, number);
    if (number == 0)
        workload_tables_client_stopped(simulation->tables);
}

/* --- Engines fail ---------------------------------------------------------------------------- */

static void engine_later(struct simulation *simulation);

/* One that has failed works again the next time around, and the other way about. */
static void engine_turn(void *context)
{
    struct simulation *simulation = context;
    struct random *random = world_random(simulation->world);
    bool is_failing = simulation->failing_node < simulation->plan.cluster.node_count;
    if (!is_failing)
        simulation->failing_node =
            (uint32_t)random_below(random, simulation->plan.cluster.node_count);
    engine_memory_disk_set_failure(
        cluster_engine_disk(simulation->cluster, simulation->failing_node),
        is_failing ? STATUS_OK : STATUS_IO);
    if (is_failing)
        simulation->failing_node = UINT32_MAX;
    engine_later(simulation);
}

static void engine_later(struct simulation *simulation)
{
    uint64_t us_max = simulation->plan.engine_failure_us_max;
    if (us_max == 0)
        return;
    uint64_t delay_us = random_below(world_random(simulation->world), us_max);
    world_timer_start(simulation->world, &simulation->engine_timer, delay_us, engine_turn,
                      simulation);
}

static void engines_heal(struct simulation *simulation)
{
    world_timer_stop(simulation->world, &simulation->engine_timer);
    for (uint32_t i = 0; i < simulation->plan.cluster.node_count; i++)
        engine_memory_disk_set_failure(cluster_engine_disk(simulation->cluster, i), STATUS_OK);
}

/* --- The run --------------------------------------------------------------------------------- */

static void simulation_begin(struct simulation *simulation)
{
    struct plan *plan = &simulation->plan;
    struct findings *findings = &simulation->report->findings;
    simulation->world = world_create(simulation->options->seed);
    world_trace(simulation->world, simulation->options->trace);
    *plan = plan_make(simulation->options);
    plan->rows.world = simulation->world;
    plan->tables.world = simulation->world;
    simulation->history = history_create(findings, simulation->options->trace);
    plan->rows.history = simulation->history;
    plan->rows.findings = findings;
    plan->tables.findings = findings;
    simulation->rows = workload_rows_create(&plan->rows);
    plan->scans.world = simulation->world;
    plan->scans.history = simulation->history;
    plan->scans.findings = findings;
    simulation->scans = workload_scans_create(&plan->scans);
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
    engine_later(simulation);
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
    workload_scans_destroy(simulation->scans);
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
           workload_scans_under_way(simulation->scans) == 0 &&
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
    engines_heal(simulation);
    workload_rows_stop(simulation->rows);
    workload_scans_stop(simulation->scans);
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
    struct simulation simulation = {
        .options = options, .report = out_report, .failing_node = UINT32_MAX};
    simulation_begin(&simulation);
    world_run_for(simulation.world, simulation.plan.run_us);
    if (become_quiet(&simulation)) {
        restart_all(&simulation);
        if (become_well(&simulation))
            check_all(&simulation);
    }
    simulation_end(&simulation);
}
