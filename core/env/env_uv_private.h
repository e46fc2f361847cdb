/*
 * What the parts of the real env share. Each part keeps its own state behind its own functions.
 */
#pragma once

#include "core/env/env_uv.h"

#include <uv.h>

enum { SIGNALS_MAX = 8 };

struct env_local;
struct env_zmq;
struct env_uv;
struct uv_workers;

struct signal_watch {
    uv_signal_t handle;
    env_fn signal_fn;
    void *context;
};

/* Directories locked by this process, until the env is destroyed. */
struct directory_locks {
    uv_mutex_t mutex;
    int *descriptors;
    size_t count;
};

struct env_uv {
    struct env env;
    struct env_uv_options options;
    uv_loop_t loop;
    bool is_stopping;

    uv_prepare_t turn_end;
    uv_idle_t no_sleep; /* active while something is left for the next turn */
    uint64_t turn_started_us;
    uint64_t turn_started_cpu_us; /* 0: not timed */
    uint64_t longest_turn_us;
    uint64_t longest_turn_cpu_us;
    bool times_processor;

    struct timer_heap *timers;
    uv_timer_t nearest;
    uint64_t nearest_due_us;

    struct list tasks[ENV_PHASE_COUNT];
    struct uv_workers *workers;
    size_t works_under_way;
    struct signal_watch signals[SIGNALS_MAX];
    size_t signal_count;
    struct directory_locks locks;

    struct env_local *local;
    struct env_zmq *zmq; /* NULL without keys */
    uint64_t last_peer;
};

static inline struct env_uv *env_uv_of(struct env *env)
{
    return (struct env_uv *)env;
}

/* --- The turn (env_uv_turn.c) ---------------------------------------------------------------- */

void uv_turn_init(struct env_uv *env);
void uv_turn_deinit(struct env_uv *env);

/* Every callback of libuv calls this first: the loop has woken up. */
void uv_turn_begin(struct env_uv *env);
void uv_turn_end(struct env_uv *env);

uint64_t uv_wall_us(struct env *env);
uint64_t uv_boot_us(struct env *env);
void uv_env_timer_start(struct env *env, struct env_timer *timer, uint64_t delay_us);
void uv_env_timer_stop(struct env *env, struct env_timer *timer);
void uv_defer(struct env *env, enum env_phase phase, struct env_task *task);

/* --- Workers (env_uv_work.c) ----------------------------------------------------------------- */

struct uv_workers *uv_workers_create(struct env_uv *env);

/* When no work is under way; the loop has to run once more, which frees the rest. */
void uv_workers_destroy(struct uv_workers *workers);

void uv_work_start(struct env *env, struct env_work *work);

/* --- Watches (env_uv_watch.c) ---------------------------------------------------------------- */

enum status uv_watch_start(struct env *env, int descriptor, env_fn ready_fn, void *context,
                           struct env_watch **out_watch);
void uv_watch_stop(struct env_watch *watch);

/* --- Files (env_uv_file.c) ------------------------------------------------------------------- */

enum status uv_file_open(struct env *env, const char *path, enum env_open mode,
                         struct env_file **out_file);
void uv_file_close(struct env_file *file);
enum status uv_file_write(struct env_file *file, uint64_t offset, struct slice bytes);
enum status uv_file_read(struct env_file *file, uint64_t offset, void *out_bytes, size_t size,
                         size_t *out_size);
enum status uv_file_size(struct env_file *file, uint64_t *out_size);
enum status uv_file_sync(struct env_file *file);
enum status uv_file_preallocate(struct env_file *file, uint64_t size);
enum status uv_file_rename(struct env *env, const char *from, const char *to);
enum status uv_file_remove(struct env *env, const char *path);

/* The status for what the operating system answered about a file. */
enum status uv_file_status(int error_number);

/* --- Directories (env_uv_directory.c) -------------------------------------------------------- */

void directory_locks_init(struct directory_locks *locks);
void directory_locks_deinit(struct directory_locks *locks);

enum status uv_directory_create(struct env *env, const char *path);
enum status uv_directory_sync(struct env *env, const char *path);
enum status uv_directory_list(struct env *env, const char *path, env_name_fn name_fn,
                              void *context);
enum status uv_directory_lock(struct env *env, const char *path);
