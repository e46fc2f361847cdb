#include "cluster/cli/turn_watch.h"

#include "core/env/env_uv.h"

#include <stdio.h>
#include <stdlib.h>

enum { INTERVAL_US = 60000000, LIMIT_MS_DEFAULT = 20 };

static uint64_t limit_us(void)
{
    const char *text = getenv("GRATICULE_TURN_WATCH_MS");
    return 1000 * (text == NULL ? LIMIT_MS_DEFAULT : strtoull(text, NULL, 10));
}

static void tell(struct turn_watch *watch)
{
    uint64_t longest_us = env_uv_longest_turn_us(watch->env, true);
    uint64_t longest_cpu_us = env_uv_longest_turn_cpu_us(watch->env, true);
    if (longest_us >= watch->limit_us)
        fprintf(stderr,
                "graticule: %s: longest loop turn of late: %.1f ms; most processor time of a turn: "
                "%.1f ms\n",
                watch->name, (double)longest_us / 1000, (double)longest_cpu_us / 1000);
}

static void look(void *context)
{
    struct turn_watch *watch = context;
    tell(watch);
    env_timer_start(watch->env, &watch->timer, INTERVAL_US, look, watch);
}

void turn_watch_start(struct turn_watch *watch, struct env *env, const char *name)
{
    *watch = (struct turn_watch){.env = env, .name = name, .limit_us = limit_us()};
    (void)env_uv_longest_turn_us(env, true);
    (void)env_uv_longest_turn_cpu_us(env, true);
    env_timer_start(env, &watch->timer, INTERVAL_US, look, watch);
}

void turn_watch_stop(struct turn_watch *watch)
{
    if (watch->env == NULL)
        return;
    tell(watch);
    env_timer_stop(watch->env, &watch->timer);
}
