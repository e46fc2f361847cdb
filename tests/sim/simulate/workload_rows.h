/*
 * Workload on rows: each client puts, deletes and gets at random, several operations at a time, on
 * a few hot rows and many cold ones of two tables, and writes down what it was told.
 *
 * Ownership: borrows the cluster and the history.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/random.h"
#include "tests/sim/simulate/cluster.h"
#include "tests/sim/simulate/history.h"

#include <stdbool.h>
#include <stdint.h>

/* The first table is there all the time; the second is dropped and made again (workload_tables.h).
 */
enum { WORKLOAD_TABLES = 2, WORKLOAD_SLOTS_MAX = 16 };
extern const char *const workload_tables[WORKLOAD_TABLES];

struct workload_rows;

struct workload_rows_options {
    struct world *world;
    struct history *history;
    struct findings *findings;
    uint32_t slot_count;   /* operations under way, per client */
    uint32_t hot_count;    /* rows numbered from 0 on */
    uint32_t cold_count;   /* the rows after those */
    uint64_t think_us_max; /* between two operations of a slot */
    uint32_t filler_size_max;
};

struct workload_rows *workload_rows_create(const struct workload_rows_options *options);

/* After the clients are gone. */
void workload_rows_destroy(struct workload_rows *workload);
DEFINE_CLEANUP(workload_rows)

/* For cluster_options: the context is the workload. */
void workload_rows_client_started(void *context, const struct cluster_client *client);
void workload_rows_client_stopped(void *context, uint32_t number);

/* Begins no operation any more. */
void workload_rows_stop(struct workload_rows *workload);

/* Operations that a client that still lives waits for. */
size_t workload_rows_under_way(const struct workload_rows *workload);

/* Reads every row of every table that has been touched, once; waits for the answers. */
void workload_rows_read_all(struct workload_rows *workload, const struct cluster *cluster);
