/*
 * Simulation: one seed: a region at work while a nemesis breaks it, healed, restarted and checked.
 */
#pragma once

#include "tests/sim/simulate/findings.h"

#include <stdint.h>
#include <stdio.h>

/* Mistakes that are planted to see whether they would be found. */
#define SIMULATION_FAULT_LIST(X)                                                                   \
    X(NONE, "none")                                                                                \
    X(ACKNOWLEDGES_BEFORE_SYNC, "acknowledges-before-sync")                                        \
    X(REPLAYS_LEFTOVERS, "replays-leftovers")                                                      \
    X(ANSWERS_BEFORE_PREDECESSOR, "answers-before-predecessor")                                    \
    X(PAGES_MISS_OVERLAY, "pages-miss-overlay")

#define SIMULATION_FAULT_ENTRY(name, text) SIMULATION_FAULT_##name,
enum simulation_fault { SIMULATION_FAULT_LIST(SIMULATION_FAULT_ENTRY) SIMULATION_FAULT_COUNT };
#undef SIMULATION_FAULT_ENTRY

/* SIMULATION_FAULT_COUNT when there is none of that name. */
enum simulation_fault simulation_fault_of_name(const char *name);

struct simulation_options {
    uint64_t seed;
    enum simulation_fault fault;
    FILE *trace; /* NULL: none */
};

struct simulation_report {
    struct findings findings; /* the caller's, to deinit */
    uint64_t digest;
    uint64_t event_count;
    uint64_t operation_count;
    uint64_t executed_count;
    uint64_t simulated_us;
};

void simulation_run(const struct simulation_options *options, struct simulation_report *out_report);
