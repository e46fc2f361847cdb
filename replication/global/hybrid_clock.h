/*
 * Hybrid clock: the stamps by which writes are ordered, and by which the last writer wins.
 *
 * Stamps stay close to wall time, yet never repeat or run backwards on one clock, even when the
 * operating system steps its own (Kulkarni and others: "Logical physical clocks", 2014).
 *
 * Ownership: the clock is embedded by its owner, and borrows the env.
 * Threads:   a clock belongs to one thread.
 */
#pragma once

#include "core/base/status.h"

#include <stdint.h>

struct env;

/* Ordered by time, then by region. */
struct stamp {
    uint64_t time; /* milliseconds since 1970 << 16 | ticks within one */
    uint16_t region_id;
};

struct hybrid_clock {
    struct env *env;
    struct stamp last;
};

void hybrid_clock_init(struct hybrid_clock *clock, struct env *env, uint16_t region_id);

/* A stamp later than every one that this clock has given or observed. */
struct stamp hybrid_clock_next(struct hybrid_clock *clock);

/* Learns of a stamp of our own past, as found in the log or the engine: it is followed however far.
 */
void hybrid_clock_recall(struct hybrid_clock *clock, uint64_t time);

/* Negative, zero or positive, like memcmp. */
int stamp_compare(struct stamp left, struct stamp right);
