#include "cluster/cli/turn_watch.h"

#include "core/env/env_uv.h"

#include <stdio.h>
#include <stdlib.h>

enum { INTERVAL_US = 60000000, LIMIT_MS_DEFAULT = 20 };

static void tell(struct turn_watch *watch)
{
    uint64_t longest_us = env_uv_longest_turn_us(watch->env, true);
    uint64_t longest_cpu_us = env_uv_longest_turn_cpu_us(watch->env, true);
    if (longest_us < watch->limit_us)
        return;
    fprintf(stderr, "graticule: %s: longest loop turn of late: %.1f ms", watch->name,
            (double)longest_us / 1000);
    if (longest_cpu_us > 0)
        fprintf(stderr, "; most processor time of a turn: %.1f ms", (double)longest_cpu_us / 1000);
    fputc('\n', stderr);
}

static void look(void *context)
{
    struct turn_watch *watch = context;
    tell(watch);
    env_timer_start(watch->env, &watch->timer, INTERVAL_US, look, watch);
}

void turn_watch_start(struct turn_watch *watch, struct env *env, const char *name)
{
    const char *limit_ms = getenv("GRATICULE_TURN_WATCH_MS");
    *watch = (struct turn_watch){.env = env, .name = name, .limit_us = LIMIT_MS_DEFAULT * 1000};
    if (limit_ms != NULL) {
        watch->limit_us = 1000 * strtoull(limit_ms, NULL, 10);
        env_uv_time_processor(env);
    }
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
