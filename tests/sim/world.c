#include "tests/sim/world.h"

#include "tests/sim/sim_env.h"
#include "tests/sim/sim_net.h"
#include "tests/sim/world_private.h"

#include <inttypes.h>

struct world *world_create(uint64_t seed)
{
    struct world *world = memory_alloc_zeroed(sizeof *world);
    world->random = random_of_seed(seed);
    world->timers = timer_heap_create();
    list_init(&world->envs);
    world->net = sim_net_create(world);
    return world;
}

void world_destroy(struct world *world)
{
    if (world == NULL)
        return;
    LIST_FOR_EACH (link, &world->envs)
        world_env_destroy(sim_env_base(sim_env_of_link(link)));
    sim_net_destroy(world->net);
    for (uint32_t i = 0; i < WORLD_MACHINES_MAX; i++) {
        if (world->machines[i] == NULL)
            continue;
        sim_disk_destroy(world->machines[i]->disk);
        memory_free(world->machines[i]->fatal_reason);
        memory_free(world->machines[i]);
    }
    timer_heap_destroy(world->timers);
    memory_free(world);
}

uint64_t world_now_us(const struct world *world)
{
    return world->now_us;
}

struct random *world_random(struct world *world)
{
    return &world->random;
}

bool world_step(struct world *world)
{
    struct timer *first = timer_heap_first(world->timers);
    if (first == NULL)
        return false;
    CHECK(first->due_us >= world->now_us);
    struct env_timer *timer = (struct env_timer *)first;
    world->now_us = first->due_us;
    timer_heap_remove(world->timers, first);
    timer->fire_fn(timer->context);
    return true;
}

void world_run_until(struct world *world, uint64_t time_us)
{
    for (;;) {
        const struct timer *first = timer_heap_first(world->timers);
        if (first == NULL || first->due_us > time_us)
            break;
        (void)world_step(world); /* there is a timer */
    }
    if (world->now_us < time_us)
        world->now_us = time_us;
}

void world_run_for(struct world *world, uint64_t duration_us)
{
    world_run_until(world, world->now_us + duration_us);
}

void world_timer_start(struct world *world, struct env_timer *timer, uint64_t delay_us,
                       env_fn fire_fn, void *context)
{
    timer_heap_remove(world->timers, &timer->timer);
    timer->fire_fn = fire_fn;
    timer->context = context;
    timer_heap_add(world->timers, &timer->timer, world->now_us + delay_us);
}

void world_timer_stop(struct world *world, struct env_timer *timer)
{
    timer_heap_remove(world->timers, &timer->timer);
}

/* One round of SplitMix64's mixer, so that the order of what is folded in counts. */
static uint64_t fold(uint64_t digest, uint64_t value)
{
    struct random mixer = random_of_seed(digest ^ value);
    return random_next(&mixer);
}

void world_record(struct world *world, const char *kind, uint32_t machine, uint64_t value)
{
    world->event_count++;
    uint64_t what = (uint64_t)(uint8_t)kind[0] << 16 | (uint64_t)(uint8_t)kind[1] << 8 | machine;
    world->digest = fold(fold(world->digest, world->now_us << 24 ^ what), value);
    if (world->trace != NULL)
        fprintf(world->trace, "%12" PRIu64 " m%" PRIu32 " %s %" PRIx64 "\n", world->now_us, machine,
                kind, value);
}

uint64_t world_digest(const struct world *world)
{
    return world->digest;
}

uint64_t world_event_count(const struct world *world)
{
    return world->event_count;
}

void world_trace(struct world *world, FILE *out)
{
    world->trace = out;
}

struct machine *world_machine(struct world *world, uint32_t number)
{
    CHECK(number < WORLD_MACHINES_MAX);
    if (world->machines[number] != NULL)
        return world->machines[number];
    struct machine *machine = memory_alloc_zeroed(sizeof *machine);
    machine->world = world;
    machine->number = number;
    machine->clock.origin_us = world->now_us;
    machine->clock.wall_offset_us = SIM_CLOCK_EPOCH_US + (int64_t)world->now_us;
    machine->disk = sim_disk_create(random_next(&world->random));
    world->machines[number] = machine;
    return machine;
}

struct env *world_boot(struct world *world, uint32_t number)
{
    struct machine *machine = world_machine(world, number);
    CHECK(machine->env == NULL);
    memory_free(machine->fatal_reason);
    machine->fatal_reason = NULL;
    machine->env = sim_env_create(machine, &world->envs);
    world_record(world, "boot", number, 0);
    return sim_env_base(machine->env);
}

bool world_is_running(const struct world *world, uint32_t number)
{
    CHECK(number < WORLD_MACHINES_MAX);
    return world->machines[number] != NULL && world->machines[number]->env != NULL;
}

void machine_die(struct machine *machine, enum death death)
{
    struct world *world = machine->world;
    struct sim_env *env = machine->env;
    if (env == NULL)
        return;
    machine->env = NULL;
    machine->paused_until_us = 0;
    machine->operations_left = 0;
    world_record(world, death == DEATH_KILL ? "kill" : "power cut", machine->number, 0);
    sim_env_die(env);
    sim_net_forget(world->net, env, death == DEATH_KILL);
    if (world->death_fn != NULL)
        world->death_fn(world->death_context, machine->number);
}

void machine_cut_power(struct machine *machine)
{
    enum { BOOT_US_MAX = 10 * 1000 * 1000 };
    machine_die(machine, DEATH_POWER_CUT);
    machine->power_cut_count++;
    sim_disk_cut_power(machine->disk);
    sim_clock_reboot(&machine->clock, machine->world->now_us,
                     random_below(machine_random(machine), BOOT_US_MAX));
}

void world_crash(struct world *world, uint32_t number)
{
    machine_cut_power(world_machine(world, number));
}

void world_shutdown(struct world *world, uint32_t number)
{
    machine_die(world_machine(world, number), DEATH_KILL);
}

void world_crash_after(struct world *world, uint32_t number, uint64_t operation_count)
{
    world_machine(world, number)->operations_left = operation_count;
}

uint64_t world_power_cut_count(const struct world *world, uint32_t number)
{
    CHECK(number < WORLD_MACHINES_MAX);
    return world->machines[number] == NULL ? 0 : world->machines[number]->power_cut_count;
}

const char *world_fatal_reason(const struct world *world, uint32_t number)
{
    CHECK(number < WORLD_MACHINES_MAX);
    return world->machines[number] == NULL ? NULL : world->machines[number]->fatal_reason;
}

void world_watch_deaths(struct world *world, world_death_fn death_fn, void *context)
{
    world->death_fn = death_fn;
    world->death_context = context;
}

void world_env_destroy(struct env *env)
{
    struct machine *machine = sim_env_machine(env);
    if (machine->env == (struct sim_env *)env)
        machine_die(machine, DEATH_KILL);
    sim_env_destroy((struct sim_env *)env);
}

void world_pause(struct world *world, uint32_t number, uint64_t until_us)
{
    struct machine *machine = world_machine(world, number);
    machine->paused_until_us = until_us;
    world_record(world, "pause", number, until_us);
    if (machine->env != NULL)
        sim_env_wake(machine->env);
}

void world_clock_jump(struct world *world, uint32_t number, int64_t delta_us)
{
    world_machine(world, number)->clock.wall_offset_us += delta_us;
    world_record(world, "jump", number, (uint64_t)delta_us);
}

void world_clock_drift(struct world *world, uint32_t number, int32_t parts_per_million)
{
    struct machine *machine = world_machine(world, number);
    CHECK(parts_per_million > -SIM_CLOCK_MILLION / 2 && parts_per_million < SIM_CLOCK_MILLION);
    sim_clock_drift(&machine->clock, world->now_us, parts_per_million);
    world_record(world, "drift", number, (uint64_t)parts_per_million);
    if (machine->env != NULL)
        sim_env_wake(machine->env);
}

struct sim_disk *world_disk(struct world *world, uint32_t number)
{
    return world_machine(world, number)->disk;
}

struct sim_net *world_net(struct world *world)
{
    return world->net;
}

void world_cut(struct world *world, uint32_t from, uint32_t to)
{
    world_record(world, "cut", from, to);
    sim_net_cut(world->net, from, to);
}

void world_heal(struct world *world, uint32_t from, uint32_t to)
{
    world_record(world, "heal", from, to);
    sim_net_heal(world->net, from, to);
}

void world_isolate(struct world *world, uint32_t number)
{
    for (uint32_t other = 0; other < WORLD_MACHINES_MAX; other++) {
        if (other == number || world->machines[other] == NULL)
            continue;
        world_cut(world, number, other);
        world_cut(world, other, number);
    }
}

void world_heal_all(struct world *world)
{
    for (uint32_t from = 0; from < WORLD_MACHINES_MAX; from++)
        for (uint32_t to = 0; to < WORLD_MACHINES_MAX; to++)
            if (sim_net_is_cut(world->net, from, to))
                world_heal(world, from, to);
}
