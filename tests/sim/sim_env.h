/*
 * The simulated env: one life of a process on a machine of a world.
 *
 * Turns: what became due (timers, works done, frames) is delivered in loop turns. A turn makes a
 * random number of callbacks, in an order partly random, and then runs the deferred tasks phase by
 * phase until none waits. A turn may start a little late, as that of a busy process.
 *
 * Works: `work_fn` runs in one go, a random time after its start, and `done_fn` another random time
 * plus the latencies of its file operations later. Loop functions called from a `work_fn` are a
 * mistake and stop the test.
 *
 * Not simulated: descriptors (env_watch_start answers STATUS_UNSUPPORTED).
 */
#pragma once

#include "core/env/env.h"
#include "tests/sim/world.h"

struct machine;
struct sim_env;

/* Added to `envs`; the machine must be running no other. */
struct sim_env *sim_env_create(struct machine *machine, struct list *envs);
void sim_env_destroy(struct sim_env *env);
struct sim_env *sim_env_of_link(struct list *link);
struct env *sim_env_base(struct sim_env *env);
struct machine *sim_env_machine(struct env *env);

/* No callback will be made again; forgets timers, tasks and works, which are their owners' again.
 */
void sim_env_die(struct sim_env *env);

/* Something is or may become due: sees when the next turn has to be. */
void sim_env_wake(struct sim_env *env);
