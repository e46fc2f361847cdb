/*
 * Workload of scans: each client pages through a table, a segment of one, or backward through a
 * part of a tablet, while others write (workload_rows.h).
 *
 * A page is written down as one read of each row that it might cover: executed for those that it
 * covered, not for the others. So whatever a page says of a row, also that it is not there, is held
 * against the same history as any other read (checker_linearizable.h): a scan has every row that
 * was there throughout. That it has none twice, and all in order, is checked here.
 *
 * Ownership: borrows the history and the findings.
 */
#pragma once

#include "core/base/memory.h"
#include "tests/sim/simulate/cluster.h"
#include "tests/sim/simulate/history.h"

#include <stddef.h>
#include <stdint.h>

enum { WORKLOAD_SCAN_ROWS_MAX = 128 };

struct workload_scans;

struct workload_scans_options {
    struct world *world;
    struct history *history;
    struct findings *findings;
    uint32_t row_count;
    uint32_t tablet_count;
    uint64_t timeout_us;
    uint64_t pause_us_max; /* between two pages; 0: there are no scans */
};

struct workload_scans *workload_scans_create(const struct workload_scans_options *options);

/* After the clients are gone. */
void workload_scans_destroy(struct workload_scans *workload);
DEFINE_CLEANUP(workload_scans)

/* For cluster_options: the context is the workload. */
void workload_scans_client_started(void *context, const struct cluster_client *client);
void workload_scans_client_stopped(void *context, uint32_t number);

/* Begins no page any more. */
void workload_scans_stop(struct workload_scans *workload);

/* Pages that a client that still lives waits for. */
size_t workload_scans_under_way(const struct workload_scans *workload);
