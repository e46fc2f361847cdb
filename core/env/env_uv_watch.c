#include "core/base/check.h"
#include "core/env/env_uv_private.h"

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
