#include "tests/scenario/backend.h"
#include "tests/sim/world.h"

static const struct region_answer *sim_send(void *context, const struct region_request *request)
{
    return region_send(context, request);
}

static void sim_pass_time(void *context)
{
    world_run_for(region_world(context), 1000);
}

static bool sim_restart(void *context)
{
    region_restart_node(context);
    return true;
}

static void sim_destroy(void *context)
{
    region_destroy(context);
}

struct backend backend_sim_create(void)
{
    return (struct backend){
        .context = region_create(NULL),
        .send = sim_send,
        .pass_time = sim_pass_time,
        .restart = sim_restart,
        .destroy = sim_destroy,
    };
}
