#include "cluster/cli/draining.h"

#include "core/env/env_uv.h"

enum { LIMIT_US = 3000000, LOOK_US = 2000 };

static void look(void *context)
{
    struct draining *draining = context;
    bool is_idle = true;
    for (size_t i = 0; i < draining->router_count; i++)
        is_idle = is_idle && router_parts_is_idle(&draining->routers[i]);
    if (is_idle || env_boot_us(draining->env) >= draining->deadline_us)
        env_uv_stop(draining->env);
    else
        env_timer_start(draining->env, &draining->timer, LOOK_US, look, draining);
}

void draining_start(struct draining *draining)
{
    draining->deadline_us = env_boot_us(draining->env) + LIMIT_US;
    for (size_t i = 0; i < draining->router_count; i++)
        http_server_stop_accepting(draining->routers[i].server);
    look(draining);
}
