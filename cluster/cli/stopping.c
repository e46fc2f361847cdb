#include "cluster/cli/stopping.h"

#include "core/base/memory.h"
#include "core/env/env_uv.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

/* One per process: signals are. */
static struct {
    bool has_begun;
    void (*fn)(void *context);
    void *context;
} stopping;

static void signal_take(void *context)
{
    (void)context;
    if (stopping.has_begun)
        _Exit(128 + SIGTERM);
    stopping.has_begun = true;
    stopping.fn(stopping.context);
}

void stopping_on_signals(struct env *env, void (*fn)(void *context), void *context)
{
    stopping.fn = fn;
    stopping.context = context;
    env_uv_on_signal(env, SIGTERM, signal_take, NULL);
    env_uv_on_signal(env, SIGINT, signal_take, NULL);
}
