/*
 * Turn watch: tells on stderr when something held the loop up.
 *
 * All requests of a process share one loop, so that each waits for the turn under way.
 *
 * A line a minute at most, and one at the end, of turns above 20 ms. The environment variable
 * GRATICULE_TURN_WATCH_MS sets another limit, 0 tells of every minute, and either tells also how
 * much processor time a turn took: turns that are long, but took little, mean a machine that is too
 * busy; the others are a fault of ours.
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

/* When the process serves: starting may take long. The name is borrowed. */
void turn_watch_start(struct turn_watch *watch, struct env *env, const char *name);

/* Tells of the time since the last line. Fine for a zeroed watch, which was never started. */
void turn_watch_stop(struct turn_watch *watch);
