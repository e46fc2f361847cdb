/*
 * Workload on tables: one client makes the tables of workload_rows.h, and drops the second and
 * makes it again and again.
 *
 * Also checks, as it hears of them: uids are never reused, and what was acknowledged is so.
 */
#pragma once

#include "core/base/memory.h"
#include "tests/sim/simulate/cluster.h"

#include <stdbool.h>
#include <stdint.h>

struct workload_tables;

struct workload_tables_options {
    struct world *world;
    struct findings *findings;
    uint64_t pause_us_max; /* between two calls */
};

struct workload_tables *workload_tables_create(const struct workload_tables_options *options);

/* After the clients are gone. */
void workload_tables_destroy(struct workload_tables *workload);
DEFINE_CLEANUP(workload_tables)

/* For the first client. */
void workload_tables_client_started(struct workload_tables *workload,
                                    const struct cluster_client *client);
void workload_tables_client_stopped(struct workload_tables *workload);

/* Drops and makes nothing any more. */
void workload_tables_stop(struct workload_tables *workload);

/* A call waits for its answer. */
bool workload_tables_is_calling(const struct workload_tables *workload);

/* No table is on its way into another state, as far as the client knows. */
bool workload_tables_are_settled(const struct cluster *cluster);

/* All is well again: the tables are as was acknowledged. */
void workload_tables_check(struct workload_tables *workload, const struct cluster *cluster);
