/*
 * Load report: what a load saw, printed as lines of JSON for programs and patient people.
 */
#pragma once

#include "core/base/slice.h"
#include "tests/bench/dynamo_request.h"
#include "tests/bench/http_load.h"
#include "tests/bench/latency.h"

#include <stdbool.h>
#include <stdint.h>

enum { REPORT_STATUS_CODES = 600 };

struct load_report {
    struct latency latencies[DYNAMO_OPERATION_COUNT]; /* by operation, since the last interval */
    struct latency totals[DYNAMO_OPERATION_COUNT];    /* up to then */
    uint64_t status_counts[REPORT_STATUS_CODES];      /* above 599: counted as 0 */
    uint64_t wrong_count; /* said to be fine, but another item than asked */
};

void load_report_add(struct load_report *report, enum dynamo_operation operation,
                     const struct http_load_answer *answer, bool is_right);

/* Prints what came since the last interval, which was `interval_seconds` ago. */
void load_report_print_interval(struct load_report *report, double at_seconds,
                                double interval_seconds);
void load_report_print_total(struct load_report *report, const struct http_load_result *result);

/* Every answer was right. */
bool load_report_is_valid(const struct load_report *report);
