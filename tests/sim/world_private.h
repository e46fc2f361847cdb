/*
 * What the parts of a world share.
 */
#pragma once

#include "core/base/check.h"
#include "core/base/timer_heap.h"
#include "tests/sim/sim_clock.h"
#include "tests/sim/sim_disk.h"
#include "tests/sim/world.h"

struct sim_env;
struct sim_net;

struct machine {
    struct world *world;
    uint32_t number;
    struct sim_clock clock;
    struct sim_disk *disk;
    struct sim_env *env; /* the one alive; NULL when no process runs */
    uint64_t paused_until_us;
    uint64_t operations_left; /* until the power fails; 0: it does not */
    uint64_t power_cut_count;
    char *fatal_reason;
};

struct world {
    uint64_t now_us;
    struct random random;
    struct timer_heap *timers; /* of env_timer, in true time */
    uint64_t digest;
    uint64_t event_count;
    FILE *trace;
    struct machine *machines[WORLD_MACHINES_MAX]; /* made when first spoken of */
    struct list envs;                             /* also the dead ones */
    struct sim_net *net;
    world_death_fn death_fn;
    void *death_context;
};

enum death { DEATH_POWER_CUT, DEATH_KILL };

struct machine *world_machine(struct world *world, uint32_t number);

/* Ends the process that runs on a machine, if any. */
void machine_die(struct machine *machine, enum death death);

/* With what is on its disk and not durable. */
void machine_cut_power(struct machine *machine);

static inline struct random *machine_random(struct machine *machine)
{
    return &machine->world->random;
}
