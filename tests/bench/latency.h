/*
 * Latency: how long answers took, counted in buckets that are at most 1.6 % wide, so that a run of
 * any length fits in a few kilobytes.
 */
#pragma once

#include <stdint.h>

enum {
    LATENCY_STEP_BITS = 6, /* of a power of two: 64 buckets */
    LATENCY_BUCKET_COUNT = (40 - LATENCY_STEP_BITS + 1) << LATENCY_STEP_BITS,
};

struct latency {
    uint64_t counts[LATENCY_BUCKET_COUNT];
    uint64_t count;
    uint64_t longest_ns;
};

/* What took longer than 18 minutes is counted as that long. */
void latency_add(struct latency *latency, uint64_t latency_ns);

/* Adds all of `other`. */
void latency_merge(struct latency *latency, const struct latency *other);

/* The lower end of the bucket that holds the fraction; 0 of nothing. */
double latency_percentile_us(const struct latency *latency, double fraction);
