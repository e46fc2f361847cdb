#include "core/env/env_uv.h"

#include "core/base/check.h"
#include "core/env/env_frames_private.h"
#include "core/env/env_uv_private.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    WORKERS_DEFAULT = 4,
    FRAMES_WAITING_DEFAULT = 256,
    LOCAL_BYTES_DEFAULT = 16 << 20,
    PEERS_DEFAULT = 4096,
    EXIT_FATAL = 70, /* EX_SOFTWARE of sysexits.h */
};

static void uv_random_bytes(struct env *env, void *out_bytes, size_t size)
{
    (void)env;
    randombytes_buf(out_bytes, size);
}

static enum status uv_listen_at(struct env *env, const char *address, env_frame_fn frame_fn,
                                void *context, struct env_listener **out_listener)
{
    struct env_uv *env_uv = env_uv_of(env);
    bool is_local = strncmp(address, ENV_LOCAL_PREFIX, strlen(ENV_LOCAL_PREFIX)) == 0;
    struct env_endpoint endpoint = {{env}, is_local, frame_fn, context};
    if (is_local)
        return env_local_listen(env_uv->local, address, endpoint, out_listener);
    if (env_uv->zmq == NULL)
        return STATUS_UNSUPPORTED;
    return env_zmq_listen(env_uv->zmq, address, endpoint, out_listener);
}

static void uv_listener_close(struct env_listener *listener)
{
    if (listener->endpoint.is_local)
        env_local_listener_close(listener);
    else
        env_zmq_listener_close(listener);
}

static enum status uv_listener_send(struct env_listener *listener, uint64_t peer,
                                    struct slice frame)
{
    if (listener->endpoint.is_local)
        return env_local_listener_send(listener, peer, frame);
    return env_zmq_listener_send(listener, peer, frame);
}

static enum status uv_connect_to(struct env *env, const char *address, const char *peer_name,
                                 env_frame_fn frame_fn, void *context, struct env_link **out_link)
{
    struct env_uv *env_uv = env_uv_of(env);
    bool is_local = strncmp(address, ENV_LOCAL_PREFIX, strlen(ENV_LOCAL_PREFIX)) == 0;
    struct env_endpoint endpoint = {{env}, is_local, frame_fn, context};
    if (is_local)
        return env_local_connect(env_uv->local, address, endpoint, out_link);
    if (env_uv->zmq == NULL)
        return STATUS_UNSUPPORTED;
    return env_zmq_connect(env_uv->zmq, address, peer_name, endpoint, out_link);
}

static void uv_link_close(struct env_link *link)
{
    if (link->endpoint.is_local)
        env_local_link_close(link);
    else
        env_zmq_link_close(link);
}

static enum status uv_link_send(struct env_link *link, struct slice frame)
{
    if (link->endpoint.is_local)
        return env_local_link_send(link, frame);
    return env_zmq_link_send(link, frame);
}

static void uv_fatal(struct env *env, const char *reason)
{
    (void)env;
    fprintf(stderr, "graticule: fatal: %s\n", reason);
    _exit(EXIT_FATAL);
}

static const struct env_ops ops = {
    .wall_us = uv_wall_us,
    .boot_us = uv_boot_us,
    .random = uv_random_bytes,
    .timer_start = uv_env_timer_start,
    .timer_stop = uv_env_timer_stop,
    .defer = uv_defer,
    .work_start = uv_work_start,
    .file_open = uv_file_open,
    .file_close = uv_file_close,
    .file_write = uv_file_write,
    .file_read = uv_file_read,
    .file_size = uv_file_size,
    .file_sync = uv_file_sync,
    .file_preallocate = uv_file_preallocate,
    .file_rename = uv_file_rename,
    .file_remove = uv_file_remove,
    .directory_create = uv_directory_create,
    .directory_sync = uv_directory_sync,
    .directory_list = uv_directory_list,
    .directory_lock = uv_directory_lock,
    .listen = uv_listen_at,
    .listener_close = uv_listener_close,
    .listener_send = uv_listener_send,
    .connect = uv_connect_to,
    .link_close = uv_link_close,
    .link_send = uv_link_send,
    .watch_start = uv_watch_start,
    .watch_stop = uv_watch_stop,
    .fatal = uv_fatal,
};

#define DEFAULT_IF_ZERO(field, value)                                                              \
    do {                                                                                           \
        if ((field) == 0)                                                                          \
            (field) = (value);                                                                     \
    } while (0)

static struct env_uv_options options_with_defaults(const struct env_uv_options *options)
{
    struct env_uv_options complete = *options;
    DEFAULT_IF_ZERO(complete.worker_count, WORKERS_DEFAULT);
    DEFAULT_IF_ZERO(complete.frames_waiting_max, FRAMES_WAITING_DEFAULT);
    DEFAULT_IF_ZERO(complete.local_bytes_max, LOCAL_BYTES_DEFAULT);
    DEFAULT_IF_ZERO(complete.peers_max, PEERS_DEFAULT);
    return complete;
}

struct env *env_uv_create(const struct env_uv_options *options)
{
    CHECK(sodium_init() >= 0);
    CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    struct env_uv *env = memory_alloc_zeroed(sizeof *env);
    env->env.ops = &ops;
    env->options = options_with_defaults(options);
    CHECK(uv_loop_init(&env->loop) == 0);
    env->loop.data = env;
    uv_turn_init(env);
    env->workers = uv_workers_create(env);
    directory_locks_init(&env->locks);
    env->local = env_local_create(env);
    if (options->keys != NULL)
        env->zmq = env_zmq_create(env);
    return &env->env;
}

void env_uv_destroy(struct env *base)
{
    if (base == NULL)
        return;
    struct env_uv *env = env_uv_of(base);
    CHECK(env->works_under_way == 0);
    env_local_destroy(env->local);
    env_zmq_destroy(env->zmq);
    uv_workers_destroy(env->workers);
    uv_turn_deinit(env);
    for (size_t i = 0; i < env->signal_count; i++)
        uv_close((uv_handle_t *)&env->signals[i].handle, NULL);
    while (uv_run(&env->loop, UV_RUN_NOWAIT) != 0)
        continue;
    CHECK(uv_loop_close(&env->loop) == 0);
    directory_locks_deinit(&env->locks);
    memory_free(env);
}

void env_uv_run(struct env *base)
{
    struct env_uv *env = env_uv_of(base);
    while (!env->is_stopping)
        (void)uv_run(&env->loop, UV_RUN_ONCE);
    uv_turn_end(env);
    env->is_stopping = false;
}

void env_uv_stop(struct env *env)
{
    env_uv_of(env)->is_stopping = true;
    /* Called by a task it would otherwise take effect after the next sleep. */
    uv_stop(&env_uv_of(env)->loop);
}

void env_uv_turn(struct env *env)
{
    (void)uv_run(&env_uv_of(env)->loop, UV_RUN_NOWAIT);
    uv_turn_end(env_uv_of(env));
}

void env_uv_finish_works(struct env *env)
{
    while (env_uv_of(env)->works_under_way > 0)
        (void)uv_run(&env_uv_of(env)->loop, UV_RUN_ONCE);
}

static void on_signal(uv_signal_t *handle, int signal_number)
{
    (void)signal_number;
    struct signal_watch *watch = handle->data;
    uv_turn_begin(handle->loop->data);
    watch->signal_fn(watch->context);
}

void env_uv_on_signal(struct env *base, int signal_number, env_fn signal_fn, void *context)
{
    struct env_uv *env = env_uv_of(base);
    CHECK(env->signal_count < SIGNALS_MAX);
    struct signal_watch *watch = &env->signals[env->signal_count++];
    watch->signal_fn = signal_fn;
    watch->context = context;
    watch->handle.data = watch;
    CHECK(uv_signal_init(&env->loop, &watch->handle) == 0);
    CHECK(uv_signal_start(&watch->handle, on_signal, signal_number) == 0);
}

uint64_t env_uv_longest_turn_us(struct env *base, bool reset)
{
    struct env_uv *env = env_uv_of(base);
    uint64_t longest_us = env->longest_turn_us;
    if (reset)
        env->longest_turn_us = 0;
    return longest_us;
}

uint64_t env_uv_longest_turn_cpu_us(struct env *base, bool reset)
{
    struct env_uv *env = env_uv_of(base);
    uint64_t longest_us = env->longest_turn_cpu_us;
    if (reset)
        env->longest_turn_cpu_us = 0;
    return longest_us;
}

void env_uv_time_processor(struct env *base)
{
    env_uv_of(base)->times_processor = true;
}
