#include "core/base/check.h"
#include "core/env/env_frames_private.h"
#include "core/env/env_uv_private.h"

#include <time.h>

/*
 * What is still there after so many rounds, or after the round in which a turn became so long,
 * waits until the descriptors have been looked at.
 */
enum { ROUNDS_MAX = 16, TURN_LONG_US = 4000 };

static uint64_t clock_us(clockid_t clock)
{
    struct timespec now;
    CHECK(clock_gettime(clock, &now) == 0);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

uint64_t uv_wall_us(struct env *env)
{
    (void)env;
    return clock_us(CLOCK_REALTIME);
}

uint64_t uv_boot_us(struct env *env)
{
    (void)env;
    return clock_us(CLOCK_BOOTTIME);
}

void uv_env_timer_start(struct env *env, struct env_timer *timer, uint64_t delay_us)
{
    uint64_t now_us = uv_boot_us(env);
    uint64_t due_us = delay_us < UINT64_MAX - now_us ? now_us + delay_us : UINT64_MAX;
    timer_heap_add(env_uv_of(env)->timers, &timer->timer, due_us);
}

void uv_env_timer_stop(struct env *env, struct env_timer *timer)
{
    timer_heap_remove(env_uv_of(env)->timers, &timer->timer);
}

void uv_defer(struct env *env, enum env_phase phase, struct env_task *task)
{
    list_append(&env_uv_of(env)->tasks[phase], &task->link);
}

void uv_turn_begin(struct env_uv *env)
{
    if (env->turn_started_us != 0)
        return;
    env->turn_started_us = uv_boot_us(&env->env);
    env->turn_started_cpu_us = env->times_processor ? clock_us(CLOCK_THREAD_CPUTIME_ID) : 0;
}

/* The clock is read once, so that a timer which restarts itself cannot hold the loop. */
static void timers_fire(struct env_uv *env)
{
    struct timer *first = timer_heap_first(env->timers);
    if (first == NULL)
        return;

    uint64_t now_us = uv_boot_us(&env->env);
    while (first != NULL && first->due_us <= now_us) {
        struct env_timer *timer = (struct env_timer *)first;
        uv_turn_begin(env);
        timer_heap_remove(env->timers, first);
        timer->fire_fn(timer->context);
        first = timer_heap_first(env->timers);
    }
}

static void tasks_run(struct list *tasks)
{
    struct list now;
    list_init(&now);
    list_take_all(&now, tasks);

    for (struct list *link = list_take_first(&now); link != NULL; link = list_take_first(&now)) {
        struct env_task *task = LIST_ELEMENT(link, struct env_task, link);
        task->fn(task->context);
    }
}

static bool tasks_wait(const struct env_uv *env)
{
    for (int phase = 0; phase < ENV_PHASE_COUNT; phase++)
        if (!list_is_empty(&env->tasks[phase]))
            return true;
    return false;
}

/* Returns whether there is more to do. */
static bool round_run(struct env_uv *env)
{
    env_local_deliver(env->local);
    env_zmq_receive(env->zmq);
    for (int phase = 0; phase < ENV_PHASE_COUNT; phase++)
        tasks_run(&env->tasks[phase]);
    return tasks_wait(env) || env_local_is_waiting(env->local) || env_zmq_is_waiting(env->zmq);
}

/* The loop only needs to wake up: what is due fires at the end of the turn. */
static void on_nearest_due(uv_timer_t *nearest)
{
    uv_turn_begin(nearest->loop->data);
}

/* libuv counts in whole milliseconds: rounded up, so that it never wakes before the timer is due.
 */
static void nearest_arm(struct env_uv *env)
{
    struct timer *first = timer_heap_first(env->timers);
    if (first == NULL) {
        CHECK(uv_timer_stop(&env->nearest) == 0);
        return;
    }
    if (first->due_us == env->nearest_due_us && uv_is_active((uv_handle_t *)&env->nearest))
        return;

    uint64_t now_us = uv_boot_us(&env->env);
    uint64_t delay_us = first->due_us > now_us ? first->due_us - now_us : 0;
    uint64_t delay_ms = delay_us / 1000 + (delay_us % 1000 != 0);
    env->nearest_due_us = first->due_us;
    uv_update_time(&env->loop);
    CHECK(uv_timer_start(&env->nearest, on_nearest_due, delay_ms, 0) == 0);
}

static void on_no_sleep(uv_idle_t *no_sleep)
{
    uv_turn_begin(no_sleep->loop->data);
}

static void sleep_allow(struct env_uv *env, bool is_allowed)
{
    if (is_allowed)
        CHECK(uv_idle_stop(&env->no_sleep) == 0);
    else
        CHECK(uv_idle_start(&env->no_sleep, on_no_sleep) == 0);
}

static void turn_measure(struct env_uv *env)
{
    if (env->turn_started_us == 0)
        return;
    uint64_t turn_us = uv_boot_us(&env->env) - env->turn_started_us;
    if (turn_us > env->longest_turn_us)
        env->longest_turn_us = turn_us;
    env->turn_started_us = 0;
    if (env->turn_started_cpu_us == 0)
        return;
    uint64_t turn_cpu_us = clock_us(CLOCK_THREAD_CPUTIME_ID) - env->turn_started_cpu_us;
    if (turn_cpu_us > env->longest_turn_cpu_us)
        env->longest_turn_cpu_us = turn_cpu_us;
}

/* Time in which others had the processor does not count; asking for it costs a system call. */
static bool turn_is_long(struct env_uv *env)
{
    return env->turn_started_us != 0 &&
           uv_boot_us(&env->env) - env->turn_started_us > TURN_LONG_US &&
           clock_us(CLOCK_THREAD_CPUTIME_ID) - env->turn_started_cpu_us > TURN_LONG_US;
}

void uv_turn_end(struct env_uv *env)
{
    timers_fire(env);
    bool has_more = round_run(env);
    for (int round = 1; has_more && round < ROUNDS_MAX && !turn_is_long(env); round++)
        has_more = round_run(env);

    sleep_allow(env, !has_more);
    nearest_arm(env);
    turn_measure(env);
}

static void on_turn_end(uv_prepare_t *turn_end)
{
    uv_turn_end(turn_end->loop->data);
}

void uv_turn_init(struct env_uv *env)
{
    for (int phase = 0; phase < ENV_PHASE_COUNT; phase++)
        list_init(&env->tasks[phase]);
    env->timers = timer_heap_create();
    CHECK(uv_timer_init(&env->loop, &env->nearest) == 0);
    CHECK(uv_idle_init(&env->loop, &env->no_sleep) == 0);
    CHECK(uv_prepare_init(&env->loop, &env->turn_end) == 0);
    CHECK(uv_prepare_start(&env->turn_end, on_turn_end) == 0);
}

void uv_turn_deinit(struct env_uv *env)
{
    uv_close((uv_handle_t *)&env->turn_end, NULL);
    uv_close((uv_handle_t *)&env->no_sleep, NULL);
    uv_close((uv_handle_t *)&env->nearest, NULL);
    timer_heap_destroy(env->timers);
    for (int phase = 0; phase < ENV_PHASE_COUNT; phase++)
        while (list_take_first(&env->tasks[phase]) != NULL)
            continue;
}
