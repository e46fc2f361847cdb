#include "tests/sim/sim_env.h"

#include "core/base/byte_order.h"
#include "tests/sim/sim_env_private.h"
#include "tests/sim/sim_net.h"

#include <string.h>

/* --- Clocks and randomness --- */

static uint64_t wall_us(struct env *base)
{
    const struct sim_env *env = sim_env_of(base);
    return sim_clock_wall_us(&env->machine->clock, env->world->now_us);
}

static uint64_t boot_us(const struct sim_env *env)
{
    return sim_clock_boot_us(&env->machine->clock, env->world->now_us);
}

static uint64_t env_boot(struct env *base)
{
    return boot_us(sim_env_of(base));
}

static void fill_random(struct env *base, void *out_bytes, size_t size)
{
    struct sim_env *env = sim_env_of(base);
    uint8_t *out = out_bytes;
    for (size_t at = 0; at < size; at += sizeof(uint64_t)) {
        uint64_t value = random_next(&env->random);
        memcpy(out + at, &value, size - at < sizeof value ? size - at : sizeof value);
    }
}

/* --- Timers --- */

static void timer_start(struct env *base, struct env_timer *timer, uint64_t delay_us)
{
    struct sim_env *env = sim_env_of(base);
    sim_env_check_loop(env);
    if (env->is_dead)
        return;
    /* At least one microsecond, lest a timer that restarts itself stops the world's time. */
    timer_heap_add(env->timers, &timer->timer, boot_us(env) + (delay_us > 0 ? delay_us : 1));
    if (timer_heap_first(env->timers) == &timer->timer)
        sim_env_wake(env);
}

static void timer_stop(struct env *base, struct env_timer *timer)
{
    struct sim_env *env = sim_env_of(base);
    sim_env_check_loop(env);
    timer_heap_remove(env->timers, &timer->timer);
}

/* --- Tasks --- */

static void defer(struct env *base, enum env_phase phase, struct env_task *task)
{
    struct sim_env *env = sim_env_of(base);
    CHECK(phase < ENV_PHASE_COUNT);
    sim_env_check_loop(env);
    if (env->is_dead)
        return;
    list_append(&env->tasks[phase], &task->link);
    sim_env_wake(env);
}

static bool has_tasks(const struct sim_env *env)
{
    for (int phase = 0; phase < ENV_PHASE_COUNT; phase++)
        if (!list_is_empty(&env->tasks[phase]))
            return true;
    return false;
}

static void run_phase(struct sim_env *env, enum env_phase phase)
{
    struct list *link;
    struct list now;
    list_init(&now);
    list_take_all(&now, &env->tasks[phase]);
    while ((link = list_take_first(&now)) != NULL) {
        struct env_task *task = LIST_ELEMENT(link, struct env_task, link);
        if (env->is_dead)
            continue; /* taken out, it does not wait any more */
        world_record(env->world, "task", env->machine->number, phase);
        task->fn(task->context);
    }
}

static void run_tasks(struct sim_env *env)
{
    enum { ROUNDS_MAX = 10000 }; /* more: tasks that defer each other for ever */
    for (int round = 0; has_tasks(env); round++) {
        CHECK(round < ROUNDS_MAX);
        for (int phase = 0; phase < ENV_PHASE_COUNT; phase++)
            run_phase(env, (enum env_phase)phase);
    }
}

/* --- Turns --- */

enum { TURN_CALLBACKS_MAX = 16, TURN_LATE = 8, TURN_LATE_US = 40 };

static bool has_timer_due(const struct sim_env *env)
{
    const struct timer *first = timer_heap_first(env->timers);
    return first != NULL && first->due_us <= boot_us(env);
}

static void fire_first_timer(struct sim_env *env)
{
    struct timer *first = timer_heap_first(env->timers);
    struct env_timer *timer = (struct env_timer *)first;
    timer_heap_remove(env->timers, first);
    world_record(env->world, "timer", env->machine->number, first->due_us);
    timer->fire_fn(timer->context);
}

static bool is_due(const struct sim_env *env)
{
    return !list_is_empty(&env->done_works) || !list_is_empty(&env->ready_flows) ||
           has_tasks(env) || has_timer_due(env);
}

/* Makes one callback of a kind chosen by `start` among those that are due. False: none is. */
static bool run_one(struct sim_env *env, uint64_t start)
{
    enum { KIND_TIMER, KIND_WORK, KIND_FRAME, KIND_COUNT };
    for (uint64_t i = 0; i < KIND_COUNT; i++) {
        uint64_t kind = (start + i) % KIND_COUNT;
        if (kind == KIND_TIMER && has_timer_due(env)) {
            fire_first_timer(env);
            return true;
        }
        if (kind == KIND_WORK && !list_is_empty(&env->done_works)) {
            sim_work_finish_first(env);
            return true;
        }
        if (kind == KIND_FRAME && !list_is_empty(&env->ready_flows)) {
            sim_net_deliver_first(&env->ready_flows);
            return true;
        }
    }
    return false;
}

/* When the process can be at work: not while it is paused or blocked. */
static uint64_t free_at_us(const struct sim_env *env)
{
    uint64_t at_us = env->world->now_us;
    at_us = at_us > env->busy_until_us ? at_us : env->busy_until_us;
    return at_us > env->machine->paused_until_us ? at_us : env->machine->paused_until_us;
}

static void turn_run(void *context)
{
    struct sim_env *env = context;
    if (free_at_us(env) > env->world->now_us || !is_due(env)) {
        sim_env_wake(env);
        return;
    }
    uint64_t choice = random_next(&env->world->random);
    uint64_t callbacks = 1 + (choice & 0xff) % TURN_CALLBACKS_MAX;
    env->is_in_turn = true;
    for (uint64_t i = 0; i < callbacks && !env->is_dead; i++)
        if (!run_one(env, choice >> (8 + 2 * i) & 3))
            break;
    if (!env->is_dead)
        run_tasks(env);
    env->is_in_turn = false;
    if (!env->is_dead)
        sim_env_wake(env);
}

/* The true time at which the next turn can do something; UINT64_MAX: there is nothing to wait for.
 */
static uint64_t next_due_us(const struct sim_env *env)
{
    const struct timer *first = timer_heap_first(env->timers);
    if (is_due(env))
        return free_at_us(env);
    if (first == NULL)
        return UINT64_MAX;
    uint64_t when_us = sim_clock_when(&env->machine->clock, env->world->now_us, first->due_us);
    uint64_t free_us = free_at_us(env);
    return when_us > free_us ? when_us : free_us;
}

void sim_env_wake(struct sim_env *env)
{
    if (env->is_dead || env->is_in_turn)
        return;
    struct random *random = &env->world->random;
    uint64_t due_us = next_due_us(env);
    if (due_us == UINT64_MAX)
        return;
    if (timer_is_waiting(&env->turn.timer) && env->turn.timer.due_us <= due_us)
        return;
    if (random_one_in(random, TURN_LATE))
        due_us += random_below(random, TURN_LATE_US);
    world_timer_start(env->world, &env->turn, due_us - env->world->now_us, turn_run, env);
}

/* --- The rest --- */

static enum status watch_start(struct env *env, int descriptor, env_fn ready_fn, void *context,
                               struct env_watch **out_watch)
{
    (void)env;
    (void)descriptor;
    (void)ready_fn;
    (void)context;
    (void)out_watch;
    return STATUS_UNSUPPORTED;
}

static void watch_stop(struct env_watch *watch)
{
    CHECK(watch == NULL); /* none was ever started */
}

static void fatal(struct env *base, const char *reason)
{
    struct sim_env *env = sim_env_of(base);
    if (env->is_dead)
        return;
    CHECK(env->machine->fatal_reason == NULL);
    env->machine->fatal_reason = memory_copy_text(reason);
    machine_die(env->machine, DEATH_KILL);
}

static const struct env_ops sim_env_ops = {
    .wall_us = wall_us,
    .boot_us = env_boot,
    .random = fill_random,
    .timer_start = timer_start,
    .timer_stop = timer_stop,
    .defer = defer,
    .work_start = sim_work_start,
    .file_open = sim_env_file_open,
    .file_close = sim_env_file_close,
    .file_write = sim_env_file_write,
    .file_read = sim_env_file_read,
    .file_size = sim_env_file_size,
    .file_sync = sim_env_file_sync,
    .file_preallocate = sim_env_file_preallocate,
    .file_rename = sim_env_file_rename,
    .file_remove = sim_env_file_remove,
    .directory_create = sim_env_directory_create,
    .directory_sync = sim_env_directory_sync,
    .directory_list = sim_env_directory_list,
    .directory_lock = sim_env_directory_lock,
    .listen = sim_net_listen,
    .listener_close = sim_net_listener_close,
    .listener_send = sim_net_listener_send,
    .connect = sim_net_connect,
    .link_close = sim_net_link_close,
    .link_send = sim_net_link_send,
    .watch_start = watch_start,
    .watch_stop = watch_stop,
    .fatal = fatal,
};

struct sim_env *sim_env_create(struct machine *machine, struct list *envs)
{
    struct sim_env *env = memory_alloc_zeroed(sizeof *env);
    env->env.ops = &sim_env_ops;
    env->machine = machine;
    env->world = machine->world;
    env->random = random_of_seed(random_next(machine_random(machine)));
    env->timers = timer_heap_create();
    for (int phase = 0; phase < ENV_PHASE_COUNT; phase++)
        list_init(&env->tasks[phase]);
    list_init(&env->works);
    list_init(&env->done_works);
    list_init(&env->ready_flows);
    list_init(&env->locks);
    list_append(envs, &env->link);
    return env;
}

void sim_env_destroy(struct sim_env *env)
{
    CHECK(env->is_dead);
    CHECK(!env->is_in_turn && !env->is_in_work);
    CHECK(env->handle_count == 0); /* or somebody forgot to close a file, listener or link */
    list_remove(&env->link);
    timer_heap_destroy(env->timers);
    memory_free(env);
}

struct sim_env *sim_env_of_link(struct list *link)
{
    return LIST_ELEMENT(link, struct sim_env, link);
}

struct env *sim_env_base(struct sim_env *env)
{
    return &env->env;
}

struct machine *sim_env_machine(struct env *env)
{
    return sim_env_of(env)->machine;
}

void sim_env_die(struct sim_env *env)
{
    struct list *link;
    env->is_dead = true;
    env->env.is_over = true;
    world_timer_stop(env->world, &env->turn);
    for (struct timer *timer; (timer = timer_heap_first(env->timers)) != NULL;)
        timer_heap_remove(env->timers, timer);
    for (int phase = 0; phase < ENV_PHASE_COUNT; phase++)
        while ((link = list_take_first(&env->tasks[phase])) != NULL)
            continue; /* taking a task out makes it one that does not wait */
    sim_work_forget_all(env);
    sim_lock_forget_all(env);
}
