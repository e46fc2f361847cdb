#include "core/base/check.h"
#include "core/env/env_uv_private.h"

_Static_assert(sizeof(uv_work_t) <= sizeof((struct env_work *)0)->implementation,
               "an env_work has room for libuv's state");

static void on_work(uv_work_t *request)
{
    struct env_work *work = request->data;
    work->work_fn(work->context);
}

static void on_work_done(uv_work_t *request, int status)
{
    struct env_work *work = request->data;
    struct env_uv *env = request->loop->data;
    CHECK(status == 0);
    uv_turn_begin(env);
    env->works_under_way--;
    work->done_fn(work->context);
}

void uv_work_start(struct env *env, struct env_work *work)
{
    uv_work_t *request = (uv_work_t *)work->implementation;
    request->data = work;
    CHECK(uv_queue_work(&env_uv_of(env)->loop, request, on_work, on_work_done) == 0);
    env_uv_of(env)->works_under_way++;
}

struct env_watch {
    struct env_handle handle;
    uv_poll_t poll;
    env_fn ready_fn;
    void *context;
};

/* An error is a reason to look at the descriptor too: reading tells what it is. */
static void on_ready(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct env_watch *watch = poll->data;
    uv_turn_begin(poll->loop->data);
    watch->ready_fn(watch->context);
}

enum status uv_watch_start(struct env *env, int descriptor, env_fn ready_fn, void *context,
                           struct env_watch **out_watch)
{
    struct env_watch *watch = memory_alloc_zeroed(sizeof *watch);
    watch->handle.env = env;
    watch->ready_fn = ready_fn;
    watch->context = context;
    watch->poll.data = watch;
    if (uv_poll_init(&env_uv_of(env)->loop, &watch->poll, descriptor) != 0) {
        memory_free(watch);
        return STATUS_INVALID;
    }
    CHECK(uv_poll_start(&watch->poll, UV_READABLE, on_ready) == 0);
    *out_watch = watch;
    return STATUS_OK;
}

static void on_watch_closed(uv_handle_t *handle)
{
    memory_free(handle->data);
}

void uv_watch_stop(struct env_watch *watch)
{
    uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
}
