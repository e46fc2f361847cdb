/*
 * World: machines, disks, a network and time, all simulated in one thread from one seed.
 *
 * A machine is a number below WORLD_MACHINES_MAX. It keeps its disk and its clock; each boot gives
 * the process on it a fresh env (core/env/env.h), whose callbacks are made by stepping the world.
 * The same seed and the same calls give the same run, which `world_digest` lets a test assert.
 *
 * A process dies by world_crash (the power fails), by world_shutdown (kill -9) or by its own
 * env_fatal. Its env then is dead: no callback is ever made again, files answer STATUS_IO, frames
 * sent vanish. Its owner destroys what stands on the env, in the usual way, and then calls
 * world_env_destroy; the machine may boot again before that.
 *
 * Threads: one thread. Every function may be called from within callbacks, but those that step the
 *          world or destroy what is running.
 */
#pragma once

#include "core/base/random.h"
#include "core/env/env.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { WORLD_MACHINES_MAX = 64 };

struct world;

struct world *world_create(uint64_t seed);

/* Envs that were not destroyed go too; what stands on them must be gone already. */
void world_destroy(struct world *world);
DEFINE_CLEANUP(world)

/* --- Time ------------------------------------------------------------------------------------ */

/* True time, from 0; machines see it through their clocks only. */
uint64_t world_now_us(const struct world *world);

/* The one stream of choices; a test may draw from it too. */
struct random *world_random(struct world *world);

/* Does what is due next, and moves time there. False when nothing will ever happen. */
bool world_step(struct world *world);

/* Does all that is due until then; time stands at `time_us` (or later, if it did) afterwards. */
void world_run_until(struct world *world, uint64_t time_us);
void world_run_for(struct world *world, uint64_t duration_us);

/* Timers in true time, for tests and nemeses; used as env_timer_start's. */
void world_timer_start(struct world *world, struct env_timer *timer, uint64_t delay_us,
                       env_fn fire_fn, void *context);
void world_timer_stop(struct world *world, struct env_timer *timer);

/* --- What happened --------------------------------------------------------------------------- */

/* Folds what happened, when and where into the digest. `kind` is a word for the trace. */
void world_record(struct world *world, const char *kind, uint32_t machine, uint64_t value);

/* Equal runs have equal digests. */
uint64_t world_digest(const struct world *world);

/* Callbacks made, works done and file operations: what a run is measured by. */
uint64_t world_event_count(const struct world *world);

/* Writes a line per record from now on; NULL: no more. */
void world_trace(struct world *world, FILE *out);

/* --- Machines -------------------------------------------------------------------------------- */

/* Starts the process of a machine on which none runs. The world owns the env. */
struct env *world_boot(struct world *world, uint32_t machine);
bool world_is_running(const struct world *world, uint32_t machine);

/* Power cut: what was not synced may be lost, also when no process runs any more. */
void world_crash(struct world *world, uint32_t machine);

/* kill -9: all that was written stays, frames under way may still arrive. */
void world_shutdown(struct world *world, uint32_t machine);

/* Cuts the power in the middle of the `operation_count`th operation on files from now; 0: never. */
void world_crash_after(struct world *world, uint32_t machine, uint64_t operation_count);

/* How often its power has failed: for what a test simulates of a machine besides its disk. */
uint64_t world_power_cut_count(const struct world *world, uint32_t machine);

/* Why the last process of this machine called env_fatal; NULL when it did not. */
const char *world_fatal_reason(const struct world *world, uint32_t machine);

/* Calls `death_fn` (one for the world) whenever a process died, in the midst of what killed it. */
typedef void (*world_death_fn)(void *context, uint32_t machine);
void world_watch_deaths(struct world *world, world_death_fn death_fn, void *context);

/* A live env dies first, as by world_shutdown. Files, listeners and links must be closed. */
void world_env_destroy(struct env *env);

/* Stops the process until then; what happens meanwhile reaches it afterwards. */
void world_pause(struct world *world, uint32_t machine, uint64_t until_us);

/* Moves the wall clock by so much; the boot clock takes no notice. */
void world_clock_jump(struct world *world, uint32_t machine, int64_t delta_us);

/* Both clocks gain so many microseconds in a second from now on. */
void world_clock_drift(struct world *world, uint32_t machine, int32_t parts_per_million);

struct sim_disk *world_disk(struct world *world, uint32_t machine);

/* --- The network (sim_net.h has more) -------------------------------------------------------- */

struct sim_net *world_net(struct world *world);

/* Nothing gets from one machine to the other; the other way stays open. */
void world_cut(struct world *world, uint32_t from, uint32_t to);
void world_heal(struct world *world, uint32_t from, uint32_t to);

/* Cuts every way between the machine and those spoken of so far. */
void world_isolate(struct world *world, uint32_t machine);
void world_heal_all(struct world *world);
