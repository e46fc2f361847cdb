/*
 * Turn watch: tells on stderr when something held the loop up.
 *
 * All requests of a process share one loop, so that each waits at least as long as the longest turn
 * under way. Long turns mean a disk or machine that is too slow, or a fault of ours.
 *
 * A line a minute at most, and one at the end, of turns above 20 ms; the environment variable
 * GRATICULE_TURN_WATCH_MS sets another limit, and 0 tells of every minute.
 */
#pragma once

#include "core/env/env.h"

#include <stdint.h>

struct turn_watch {
    struct env *env;
    const char *name; /* who tells */
    uint64_t limit_us;
    struct env_timer timer;
};

/* The name is borrowed. */
void turn_watch_start(struct turn_watch *watch, struct env *env, const char *name);

/* Tells of the time since the last line. Fine for a zeroed watch, which was never started. */
void turn_watch_stop(struct turn_watch *watch);
