/*
 * Nemesis: chooses what breaks, when, and for how long, all from the world's seed.
 *
 * It runs the machines of a test: boots them, breaks them, buries the processes that died (of its
 * own doing, or by env_fatal) and boots them again after a random time. No fault of its making
 * loses bytes that were synced; a test that wants rot calls sim_disk_corrupt.
 *
 * Ownership: keep the world alive longer. There is one nemesis in a world, as it watches deaths.
 */
#pragma once

#include "tests/sim/world.h"

/* Name, usual weight. */
#define NEMESIS_FAULT_LIST(X)                                                                      \
    X(POWER_CUT, 4)    /* at once or in the midst of an operation on a file */                     \
    X(KILL, 4)         /* kill -9 */                                                               \
    X(PAUSE, 3)        /* the process stands still */                                              \
    X(CLOCK_JUMP, 2)   /* the wall clock is wrong for a while */                                   \
    X(CLOCK_DRIFT, 1)  /* clocks run too fast or too slow for a while */                           \
    X(CUT, 3)          /* one way between two machines */                                          \
    X(ISOLATE, 3)      /* all ways of one machine */                                               \
    X(BREAKS, 1)       /* connections break often, everywhere */                                   \
    X(SLOW_DISK, 2)    /* every operation takes many times as long */                              \
    X(SYNC_FAILURE, 1) /* syncs fail, soon and again */                                            \
    X(FULL_DISK, 1)    /* not one byte more */

#define NEMESIS_FAULT_ENTRY(name, weight) NEMESIS_##name,
enum nemesis_fault { NEMESIS_FAULT_LIST(NEMESIS_FAULT_ENTRY) NEMESIS_FAULT_COUNT };
#undef NEMESIS_FAULT_ENTRY

/* Sets up what stands on the env of a machine that has booted. */
typedef void (*nemesis_start_fn)(void *context, uint32_t machine, struct env *env);

/* Destroys it: the env is dead already. */
typedef void (*nemesis_stop_fn)(void *context, uint32_t machine);

struct nemesis_options {
    uint32_t machine_count;                 /* the machines from 0 on */
    uint32_t down_max;                      /* dead, paused or isolated at a time */
    uint32_t weights[NEMESIS_FAULT_COUNT];  /* each fault is chosen so often among all */
    uint64_t interval_us;                   /* between two faults, on average */
    uint64_t fault_us_max;                  /* how long one lasts */
    uint64_t clock_jump_us_max;             /* either way */
    uint32_t clock_drift_parts_per_million; /* at most, either way */
    nemesis_start_fn start_fn;
    nemesis_stop_fn stop_fn;
    void *context;
};

/* The usual weights; faults every 2 s, up to 5 s long, that leave a majority in service. */
struct nemesis_options nemesis_options_usual(uint32_t machine_count);

struct nemesis;

/* Boots all machines at once, and goes about its business from then on. */
struct nemesis *nemesis_create(struct world *world, const struct nemesis_options *options);

/* Kills and buries what still runs. */
void nemesis_destroy(struct nemesis *nemesis);
DEFINE_CLEANUP(nemesis)

/* Begins this fault now, on this machine, whatever else is broken already. */
void nemesis_break(struct nemesis *nemesis, enum nemesis_fault fault, uint32_t machine);

/* Ends all faults, boots all machines that are down, and breaks nothing any more. */
void nemesis_heal(struct nemesis *nemesis);

/* How often this fault has begun. */
uint64_t nemesis_count(const struct nemesis *nemesis, enum nemesis_fault fault);
