#include "core/env/env.h"

#define HANDLE_ENV(handle) (((struct env_handle *)(handle))->env)
#define HANDLE_OPS(handle) (HANDLE_ENV(handle)->ops)

uint64_t env_wall_us(struct env *env)
{
    return env->ops->wall_us(env);
}

uint64_t env_boot_us(struct env *env)
{
    return env->ops->boot_us(env);
}

void env_random(struct env *env, void *out_bytes, size_t size)
{
    env->ops->random(env, out_bytes, size);
}

uint64_t env_random_u64(struct env *env)
{
    uint64_t value;
    env->ops->random(env, &value, sizeof value);
    return value;
}

void env_timer_start(struct env *env, struct env_timer *timer, uint64_t delay_us, env_fn fire_fn,
                     void *context)
{
    env->ops->timer_stop(env, timer);
    timer->fire_fn = fire_fn;
    timer->context = context;
    env->ops->timer_start(env, timer, delay_us);
}

void env_timer_stop(struct env *env, struct env_timer *timer)
{
    env->ops->timer_stop(env, timer);
}

void env_task_init(struct env_task *task, env_fn fn, void *context)
{
    list_init(&task->link);
    task->fn = fn;
    task->context = context;
}

void env_defer(struct env *env, enum env_phase phase, struct env_task *task)
{
    if (list_is_empty(&task->link))
        env->ops->defer(env, phase, task);
}

void env_task_cancel(struct env_task *task)
{
    list_remove(&task->link);
}

void env_work_start(struct env *env, struct env_work *work, env_fn work_fn, env_fn done_fn,
                    void *context)
{
    work->work_fn = work_fn;
    work->done_fn = done_fn;
    work->context = context;
    env->ops->work_start(env, work);
}

enum status env_file_open(struct env *env, const char *path, enum env_open mode,
                          struct env_file **out_file)
{
    return env->ops->file_open(env, path, mode, out_file);
}

void env_file_close(struct env_file *file)
{
    if (file != NULL)
        HANDLE_OPS(file)->file_close(file);
}

enum status env_file_write(struct env_file *file, uint64_t offset, struct slice bytes)
{
    return HANDLE_OPS(file)->file_write(file, offset, bytes);
}

enum status env_file_read(struct env_file *file, uint64_t offset, void *out_bytes, size_t size,
                          size_t *out_size)
{
    return HANDLE_OPS(file)->file_read(file, offset, out_bytes, size, out_size);
}

enum status env_file_size(struct env_file *file, uint64_t *out_size)
{
    return HANDLE_OPS(file)->file_size(file, out_size);
}

enum status env_file_sync(struct env_file *file)
{
    return HANDLE_OPS(file)->file_sync(file);
}

enum status env_file_preallocate(struct env_file *file, uint64_t size)
{
    return HANDLE_OPS(file)->file_preallocate(file, size);
}

enum status env_file_rename(struct env *env, const char *from, const char *to)
{
    return env->ops->file_rename(env, from, to);
}

enum status env_file_remove(struct env *env, const char *path)
{
    return env->ops->file_remove(env, path);
}

enum status env_directory_create(struct env *env, const char *path)
{
    return env->ops->directory_create(env, path);
}

enum status env_directory_sync(struct env *env, const char *path)
{
    return env->ops->directory_sync(env, path);
}

enum status env_directory_list(struct env *env, const char *path, env_name_fn name_fn,
                               void *context)
{
    return env->ops->directory_list(env, path, name_fn, context);
}

enum status env_directory_lock(struct env *env, const char *path)
{
    return env->ops->directory_lock(env, path);
}

enum status env_listen(struct env *env, const char *address, env_frame_fn frame_fn, void *context,
                       struct env_listener **out_listener)
{
    return env->ops->listen(env, address, frame_fn, context, out_listener);
}

void env_listener_close(struct env_listener *listener)
{
    if (listener != NULL)
        HANDLE_OPS(listener)->listener_close(listener);
}

enum status env_listener_send(struct env_listener *listener, uint64_t peer, struct slice frame)
{
    return HANDLE_OPS(listener)->listener_send(listener, peer, frame);
}

enum status env_connect(struct env *env, const char *address, const char *peer_name,
                        env_frame_fn frame_fn, void *context, struct env_link **out_link)
{
    return env->ops->connect(env, address, peer_name, frame_fn, context, out_link);
}

void env_link_close(struct env_link *link)
{
    if (link != NULL)
        HANDLE_OPS(link)->link_close(link);
}

enum status env_link_send(struct env_link *link, struct slice frame)
{
    return HANDLE_OPS(link)->link_send(link, frame);
}

enum status env_watch_start(struct env *env, int descriptor, env_fn ready_fn, void *context,
                            struct env_watch **out_watch)
{
    return env->ops->watch_start(env, descriptor, ready_fn, context, out_watch);
}

void env_watch_stop(struct env_watch *watch)
{
    if (watch != NULL)
        HANDLE_OPS(watch)->watch_stop(watch);
}

void env_fatal(struct env *env, const char *reason)
{
    env->ops->fatal(env, reason);
}
