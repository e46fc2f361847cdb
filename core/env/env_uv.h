/*
 * The real env: clocks and files of the operating system, loop, workers and signals of libuv,
 * frames over ZeroMQ, and within the process for addresses that begin with "local:".
 *
 * Ownership: the caller destroys the env last: its listeners, links, files and watches are closed
 *            and its works are done (`env_uv_finish_works`) before.
 * Threads:   the thread that runs the env is its loop thread.
 */
#pragma once

#include "core/env/env.h"

struct env_keys;

/* Zero takes the default. */
struct env_uv_options {
    unsigned worker_count;       /* 4, made when the first work starts */
    const struct env_keys *keys; /* outlives the env; NULL: only "local:" addresses are served */
    size_t frames_waiting_max;   /* 256 per connection and direction */
    size_t local_bytes_max;      /* 16 MB per "local:" link and direction */
    size_t peers_max;            /* 4096 per listener; the one silent longest is forgotten first */
};

struct env *env_uv_create(const struct env_uv_options *options);
void env_uv_destroy(struct env *env);

/* Until `env_uv_stop`; the turn in which that is called comes to its end first. */
void env_uv_run(struct env *env);
void env_uv_stop(struct env *env);

/* One turn that does not sleep, for a loop inside another. */
void env_uv_turn(struct env *env);

/* Runs until no work is under way, callbacks included. */
void env_uv_finish_works(struct env *env);

/* Calls `signal_fn` on the loop; at most 8 signals. SIGPIPE is ignored from the start. */
void env_uv_on_signal(struct env *env, int signal_number, env_fn signal_fn, void *context);

/* The longest that the loop was away from its descriptors since the last reset. */
uint64_t env_uv_longest_turn_us(struct env *env, bool reset);

/*
 * The most processor time that a turn took since the last reset: less than the longest turn, where
 * that waited for a lock, a disk, or a processor that others used. 0 until it is asked for by
 * `env_uv_time_processor`, as it takes two system calls a turn.
 */
uint64_t env_uv_longest_turn_cpu_us(struct env *env, bool reset);
void env_uv_time_processor(struct env *env);
