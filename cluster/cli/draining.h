/*
 * Draining: the end of a process with routers: no new connections, what is under way is answered,
 * for at most a few seconds, and then the loop ends.
 */
#pragma once

#include "cluster/cli/router_parts.h"
#include "core/env/env.h"

#include <stddef.h>

struct draining {
    struct env *env;
    struct router_parts *routers;
    size_t router_count;
    uint64_t deadline_us;
    struct env_timer timer;
};

/* Calls env_uv_stop in the end; the draining must live until then. */
void draining_start(struct draining *draining);
