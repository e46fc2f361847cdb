/*
 * What the parts of a simulated env share.
 */
#pragma once

#include "tests/sim/sim_env.h"
#include "tests/sim/world_private.h"

struct sim_env {
    struct env env;
    struct list link; /* in the world's envs */
    struct machine *machine;
    struct world *world;
    bool is_dead;
    bool is_in_turn;
    bool is_in_work;
    struct random random;      /* what the process draws */
    struct timer_heap *timers; /* in boot time */
    struct list tasks[ENV_PHASE_COUNT];
    struct list works;        /* of sim_work: all that are under way */
    struct list done_works;   /* of sim_work: those whose `done_fn` is due */
    struct list ready_flows;  /* of sim_flow: those with frames that have arrived */
    struct list locks;        /* of sim_lock */
    size_t handle_count;      /* files, listeners and links not closed yet */
    struct env_timer turn;    /* when the next turn is due, in true time */
    uint64_t busy_until_us;   /* blocked in an operation on a file */
    uint64_t work_latency_us; /* of the operations of the work that is running */
};

/* What the fields `implementation` of a work hold. */
struct sim_work {
    struct env_timer step;
    struct list link;
    struct sim_env *env;
    struct env_work *work;
};

static inline struct sim_env *sim_env_of(struct env *env)
{
    return (struct sim_env *)env;
}

/* Stops the test when a function of the loop thread is called on a worker. */
static inline void sim_env_check_loop(const struct sim_env *env)
{
    CHECK(!env->is_in_work);
}

/* sim_work.c */
void sim_work_start(struct env *env, struct env_work *work);
void sim_work_finish_first(struct sim_env *env);
void sim_work_forget_all(struct sim_env *env);

/* sim_env_file.c */
void sim_lock_forget_all(struct sim_env *env);
enum status sim_env_file_open(struct env *env, const char *path, enum env_open mode,
                              struct env_file **out_file);
void sim_env_file_close(struct env_file *file);
enum status sim_env_file_write(struct env_file *file, uint64_t offset, struct slice bytes);
enum status sim_env_file_read(struct env_file *file, uint64_t offset, void *out_bytes, size_t size,
                              size_t *out_size);
enum status sim_env_file_size(struct env_file *file, uint64_t *out_size);
enum status sim_env_file_sync(struct env_file *file);
enum status sim_env_file_preallocate(struct env_file *file, uint64_t size);
enum status sim_env_file_rename(struct env *env, const char *from, const char *to);
enum status sim_env_file_remove(struct env *env, const char *path);
enum status sim_env_directory_create(struct env *env, const char *path);
enum status sim_env_directory_sync(struct env *env, const char *path);
enum status sim_env_directory_list(struct env *env, const char *path, env_name_fn name_fn,
                                   void *context);
enum status sim_env_directory_lock(struct env *env, const char *path);
