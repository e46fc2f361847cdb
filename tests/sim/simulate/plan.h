/*
 * Plan: what the run of one seed is like: its machines, load and faults.
 */
#pragma once

#include "tests/sim/nemesis.h"
#include "tests/sim/simulate/cluster.h"
#include "tests/sim/simulate/simulation.h"
#include "tests/sim/simulate/workload_rows.h"
#include "tests/sim/simulate/workload_scans.h"
#include "tests/sim/simulate/workload_tables.h"

struct plan {
    struct cluster_options cluster;
    struct nemesis_options nemesis;
    struct workload_rows_options rows;
    struct workload_scans_options scans;
    struct workload_tables_options tables;
    uint64_t run_us;
    uint64_t engine_failure_us_max; /* between two failures of an engine; 0: none fails */
    bool is_relaxed;                /* a power cut may take what was acknowledged */
};

/* A pure function of the options. The callbacks, and what the run itself makes, are not filled in.
 */
struct plan plan_make(const struct simulation_options *options);
