/*
 * Env: the only door to the world outside the process.
 *
 * Clocks, randomness, timers, worker threads, files and frames between processes are reached
 * through it, so that the simulator can replace them all and run a whole cluster, in one thread,
 * from one seed. `env_uv` is the real one; `tests/sim/sim_env` the simulated one.
 *
 * Threads: everything is called, and calls back, on the loop thread, but for the functions on files
 *          and the `work_fn` of a work, which may run on a worker.
 * Order:   callbacks are never made from inside the call that asks for them.
 */
#pragma once

#include "core/base/list.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "core/base/timer_heap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct env {
    const struct env_ops *ops;

    /*
     * A simulated process has ended: no callback is made any more, and timers, tasks and works are
     * their owners' again. Always false in the real env.
     */
    bool is_over;
};

typedef void (*env_fn)(void *context);

/* --- Clocks and randomness; read afresh at each call ----------------------------------------- */

/* Microseconds since 1970; may jump either way. */
uint64_t env_wall_us(struct env *env);

/* Microseconds that never run backwards and count suspended time too (CLOCK_BOOTTIME). */
uint64_t env_boot_us(struct env *env);

/* Fit for keys and ids. */
void env_random(struct env *env, void *out_bytes, size_t size);
uint64_t env_random_u64(struct env *env);

/* --- Timers: embedded by their users --------------------------------------------------------- */

/* Zeroed: not waiting. */
struct env_timer {
    struct timer timer;
    env_fn fire_fn;
    void *context;
};

/* Calls `fire_fn` once, on the loop, no earlier than `delay_us` from now. Restarts a waiting one.
 */
void env_timer_start(struct env *env, struct env_timer *timer, uint64_t delay_us, env_fn fire_fn,
                     void *context);
void env_timer_stop(struct env *env, struct env_timer *timer);

/* --- The end of the loop's turn: where what came in during the turn is batched --------------- */

enum env_phase {
    ENV_PHASE_GATHER, /* proposals into log appends */
    ENV_PHASE_STORE,  /* log appends and engine batches into one write */
    ENV_PHASE_SEND,   /* messages into frames */
    ENV_PHASE_COUNT,
};

/* Zeroed fields but `link`, which `env_task_init` sets. */
struct env_task {
    struct list link;
    env_fn fn;
    void *context;
};

void env_task_init(struct env_task *task, env_fn fn, void *context);

/* Calls the task once before the loop sleeps, phase by phase. A task waiting already stays as is.
 */
void env_defer(struct env *env, enum env_phase phase, struct env_task *task);
void env_task_cancel(struct env_task *task);

/* --- Workers: what may block ----------------------------------------------------------------- */

/* Owned by the caller, and his again when `done_fn` is called; there is no cancelling. */
struct env_work {
    env_fn work_fn; /* on a worker thread */
    env_fn done_fn; /* on the loop */
    void *context;
    void *implementation[24]; /* room for the env's own state */
};

void env_work_start(struct env *env, struct env_work *work, env_fn work_fn, env_fn done_fn,
                    void *context);

/* --- Files: every function blocks, on whichever thread it is called -------------------------- */

struct env_file;

enum env_open {
    ENV_OPEN_EXISTING, /* STATUS_NOT_FOUND when missing */
    ENV_OPEN_CREATE,   /* made when missing; an old one keeps its content */
};

MUST_USE enum status env_file_open(struct env *env, const char *path, enum env_open mode,
                                   struct env_file **out_file);
void env_file_close(struct env_file *file);

/* Writes all or fails; what a failed write leaves behind is undefined. STATUS_DISK_FULL, STATUS_IO.
 */
MUST_USE enum status env_file_write(struct env_file *file, uint64_t offset, struct slice bytes);

/* Reads up to `size` bytes; fewer only at the end of the file. */
MUST_USE enum status env_file_read(struct env_file *file, uint64_t offset, void *out_bytes,
                                   size_t size, size_t *out_size);
MUST_USE enum status env_file_size(struct env_file *file, uint64_t *out_size);

/* fdatasync. After a failure what was written since the last success may be lost for good. */
MUST_USE enum status env_file_sync(struct env_file *file);

/* Grows the file to `size` with blocks written as zeros and synced: later syncs need no metadata.
 */
MUST_USE enum status env_file_preallocate(struct env_file *file, uint64_t size);

MUST_USE enum status env_file_rename(struct env *env, const char *from, const char *to);
MUST_USE enum status env_file_remove(struct env *env, const char *path);

/* With its parents, durably; one that is there already is fine. */
MUST_USE enum status env_directory_create(struct env *env, const char *path);
MUST_USE enum status env_directory_sync(struct env *env, const char *path);

/* Calls `name_fn` with each entry but "." and "..", sorted by name. */
typedef void (*env_name_fn)(void *context, const char *name);
MUST_USE enum status env_directory_list(struct env *env, const char *path, env_name_fn name_fn,
                                        void *context);

/* Keeps other processes out of a directory until this one ends. STATUS_BUSY when one is in it. */
MUST_USE enum status env_directory_lock(struct env *env, const char *path);

/* --- Frames between processes ---------------------------------------------------------------- */

/*
 * A listener is bound to an address and hears frames of many peers; a link leads to one listener.
 * Frames of one link arrive whole, in order, at most once, or not at all; a peer number stands for
 * one connection and is never used again. Addresses are "host:port". A bound on what waits to be
 * sent holds for each: STATUS_BUSY beyond it, and the frame is not sent.
 *
 * Trust: the real env authenticates both sides by public key (ZeroMQ CURVE); a frame of a peer
 * without a known key is never delivered.
 */
struct env_listener;
struct env_link;

typedef void (*env_frame_fn)(void *context, uint64_t peer, struct slice frame);

MUST_USE enum status env_listen(struct env *env, const char *address, env_frame_fn frame_fn,
                                void *context, struct env_listener **out_listener);
void env_listener_close(struct env_listener *listener);
enum status env_listener_send(struct env_listener *listener, uint64_t peer, struct slice frame);

/* `peer_name` names the key that the other side must prove to have. `peer` is 0 in its `frame_fn`.
 */
MUST_USE enum status env_connect(struct env *env, const char *address, const char *peer_name,
                                 env_frame_fn frame_fn, void *context, struct env_link **out_link);
void env_link_close(struct env_link *link);
enum status env_link_send(struct env_link *link, struct slice frame);

/* --- Descriptors of libraries that bring their own (libmicrohttpd's epoll) ------------------- */

struct env_watch;

/* Calls `ready_fn` on the loop whenever the descriptor is readable. STATUS_UNSUPPORTED if
 * simulated. */
MUST_USE enum status env_watch_start(struct env *env, int descriptor, env_fn ready_fn,
                                     void *context, struct env_watch **out_watch);
void env_watch_stop(struct env_watch *watch);

/* --- The end --------------------------------------------------------------------------------- */

/* Stops this process at once, as after a failed sync: nothing later may be acknowledged. */
void env_fatal(struct env *env, const char *reason);

/* --- What an implementation fills in --------------------------------------------------------- */

/* Every env_file, env_listener, env_link and env_watch begins with its env. */
struct env_handle {
    struct env *env;
};

struct env_ops {
    uint64_t (*wall_us)(struct env *env);
    uint64_t (*boot_us)(struct env *env);
    void (*random)(struct env *env, void *out_bytes, size_t size);
    void (*timer_start)(struct env *env, struct env_timer *timer, uint64_t delay_us);
    void (*timer_stop)(struct env *env, struct env_timer *timer);
    void (*defer)(struct env *env, enum env_phase phase, struct env_task *task);
    void (*work_start)(struct env *env, struct env_work *work);
    enum status (*file_open)(struct env *env, const char *path, enum env_open mode,
                             struct env_file **out_file);
    void (*file_close)(struct env_file *file);
    enum status (*file_write)(struct env_file *file, uint64_t offset, struct slice bytes);
    enum status (*file_read)(struct env_file *file, uint64_t offset, void *out_bytes, size_t size,
                             size_t *out_size);
    enum status (*file_size)(struct env_file *file, uint64_t *out_size);
    enum status (*file_sync)(struct env_file *file);
    enum status (*file_preallocate)(struct env_file *file, uint64_t size);
    enum status (*file_rename)(struct env *env, const char *from, const char *to);
    enum status (*file_remove)(struct env *env, const char *path);
    enum status (*directory_create)(struct env *env, const char *path);
    enum status (*directory_sync)(struct env *env, const char *path);
    enum status (*directory_list)(struct env *env, const char *path, env_name_fn name_fn,
                                  void *context);
    enum status (*directory_lock)(struct env *env, const char *path);
    enum status (*listen)(struct env *env, const char *address, env_frame_fn frame_fn,
                          void *context, struct env_listener **out_listener);
    void (*listener_close)(struct env_listener *listener);
    enum status (*listener_send)(struct env_listener *listener, uint64_t peer, struct slice frame);
    enum status (*connect)(struct env *env, const char *address, const char *peer_name,
                           env_frame_fn frame_fn, void *context, struct env_link **out_link);
    void (*link_close)(struct env_link *link);
    enum status (*link_send)(struct env_link *link, struct slice frame);
    enum status (*watch_start)(struct env *env, int descriptor, env_fn ready_fn, void *context,
                               struct env_watch **out_watch);
    void (*watch_stop)(struct env_watch *watch);
    void (*fatal)(struct env *env, const char *reason);
};
