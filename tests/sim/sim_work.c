#include "tests/sim/sim_env_private.h"

_Static_assert(sizeof(struct sim_work) <= sizeof(((struct env_work *)NULL)->implementation),
               "a work has room for what the simulator keeps in it");

/* Mostly at once, at times behind whatever else the workers do. */
static uint64_t queue_us(struct sim_env *env)
{
    enum { RARE = 50, SHORT_US = 60, LONG_US = 10000 };
    struct random *random = &env->world->random;
    return 1 + random_below(random, random_one_in(random, RARE) ? LONG_US : SHORT_US);
}

static uint64_t paused_us(const struct sim_env *env)
{
    uint64_t until_us = env->machine->paused_until_us;
    return until_us > env->world->now_us ? until_us - env->world->now_us : 0;
}

static void work_done(void *context)
{
    struct sim_work *sim = context;
    list_remove(&sim->link);
    list_append(&sim->env->done_works, &sim->link);
    sim_env_wake(sim->env);
}

static void work_run(void *context)
{
    struct sim_work *sim = context;
    struct sim_env *env = sim->env;
    if (paused_us(env) > 0) {
        world_timer_start(env->world, &sim->step, paused_us(env) + queue_us(env), work_run, sim);
        return;
    }
    world_record(env->world, "work", env->machine->number, 0);
    env->work_latency_us = 0;
    env->is_in_work = true;
    sim->work->work_fn(sim->work->context);
    env->is_in_work = false;
    if (!env->is_dead)
        world_timer_start(env->world, &sim->step, env->work_latency_us + queue_us(env), work_done,
                          sim);
}

void sim_work_start(struct env *base, struct env_work *work)
{
    struct sim_env *env = sim_env_of(base);
    sim_env_check_loop(env);
    if (env->is_dead)
        return;
    struct sim_work *sim = (struct sim_work *)work->implementation;
    *sim = (struct sim_work){.env = env, .work = work};
    list_append(&env->works, &sim->link);
    world_timer_start(env->world, &sim->step, queue_us(env), work_run, sim);
}

void sim_work_finish_first(struct sim_env *env)
{
    struct sim_work *sim = LIST_ELEMENT(list_take_first(&env->done_works), struct sim_work, link);
    struct env_work *work = sim->work;
    world_record(env->world, "done", env->machine->number, 0);
    work->done_fn(work->context);
}

void sim_work_forget_all(struct sim_env *env)
{
    struct list *link;
    list_take_all(&env->works, &env->done_works);
    while ((link = list_take_first(&env->works)) != NULL)
        world_timer_stop(env->world, &LIST_ELEMENT(link, struct sim_work, link)->step);
}
