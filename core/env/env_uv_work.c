#include "core/base/check.h"
#include "core/env/env_uv_private.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>

/*
 * Threads of our own instead of libuv's pool: that one signals a condition while it holds the
 * mutex which the woken thread needs next, so that on one core each work cost two more switches.
 * Here a post wakes one thread, outside the mutex, and works done together wake the loop once.
 */
struct uv_workers {
    struct env_uv *env;
    uv_async_t done_async;
    sem_t waiting_count;
    pthread_mutex_t mutex;
    struct list waiting; /* guarded by the mutex, as are the next two */
    struct list done;
    bool is_stopping;
    pthread_t *threads;
    size_t thread_count; /* 0 until the first work starts */
};

struct queued {
    struct list link;
};

_Static_assert(sizeof(struct queued) <= sizeof((struct env_work *)0)->implementation,
               "an env_work has room for its place in a list");

static struct list *link_of(struct env_work *work)
{
    return &((struct queued *)work->implementation)->link;
}

static struct env_work *work_of(struct list *link)
{
    return LIST_ELEMENT(link, struct env_work, implementation);
}

/* --- On a worker --- */

/* NULL: the end has come. */
static struct env_work *work_take(struct uv_workers *workers)
{
    while (sem_wait(&workers->waiting_count) != 0)
        continue;
    pthread_mutex_lock(&workers->mutex);
    struct list *link = list_take_first(&workers->waiting);
    CHECK(link != NULL || workers->is_stopping);
    pthread_mutex_unlock(&workers->mutex);
    return link == NULL ? NULL : work_of(link);
}

static void work_hand_back(struct uv_workers *workers, struct env_work *work)
{
    pthread_mutex_lock(&workers->mutex);
    bool is_first = list_is_empty(&workers->done);
    list_append(&workers->done, link_of(work));
    pthread_mutex_unlock(&workers->mutex);
    if (is_first)
        CHECK(uv_async_send(&workers->done_async) == 0);
}

static void *worker_run(void *context)
{
    struct uv_workers *workers = context;
    struct env_work *work;
    while ((work = work_take(workers)) != NULL) {
        work->work_fn(work->context);
        work_hand_back(workers, work);
    }
    return NULL;
}

/* --- On the loop --- */

static void on_done(uv_async_t *done_async)
{
    struct uv_workers *workers = done_async->data;
    struct list done;
    list_init(&done);
    pthread_mutex_lock(&workers->mutex);
    list_take_all(&done, &workers->done);
    pthread_mutex_unlock(&workers->mutex);

    uv_turn_begin(workers->env);
    struct list *link;
    while ((link = list_take_first(&done)) != NULL) {
        struct env_work *work = work_of(link);
        workers->env->works_under_way--;
        work->done_fn(work->context);
    }
}

struct uv_workers *uv_workers_create(struct env_uv *env)
{
    struct uv_workers *workers = memory_alloc_zeroed(sizeof *workers);
    workers->env = env;
    list_init(&workers->waiting);
    list_init(&workers->done);
    CHECK(sem_init(&workers->waiting_count, 0, 0) == 0);
    CHECK(pthread_mutex_init(&workers->mutex, NULL) == 0);
    CHECK(uv_async_init(&env->loop, &workers->done_async, on_done) == 0);
    workers->done_async.data = workers;
    return workers;
}

/* Signals are for the loop's thread: a worker's system calls are not to be interrupted. */
static void threads_start(struct uv_workers *workers)
{
    sigset_t all, before;
    CHECK(sigfillset(&all) == 0);
    CHECK(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    workers->thread_count = workers->env->options.worker_count;
    workers->threads = memory_alloc(workers->thread_count * sizeof *workers->threads);
    for (size_t i = 0; i < workers->thread_count; i++)
        CHECK(pthread_create(&workers->threads[i], NULL, worker_run, workers) == 0);
    CHECK(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
}

static void on_closed(uv_handle_t *handle)
{
    struct uv_workers *workers = handle->data;
    memory_free(workers->threads);
    memory_free(workers);
}

void uv_workers_destroy(struct uv_workers *workers)
{
    pthread_mutex_lock(&workers->mutex);
    CHECK(list_is_empty(&workers->waiting) && list_is_empty(&workers->done));
    workers->is_stopping = true;
    pthread_mutex_unlock(&workers->mutex);
    for (size_t i = 0; i < workers->thread_count; i++)
        CHECK(sem_post(&workers->waiting_count) == 0);
    for (size_t i = 0; i < workers->thread_count; i++)
        CHECK(pthread_join(workers->threads[i], NULL) == 0);
    pthread_mutex_destroy(&workers->mutex);
    sem_destroy(&workers->waiting_count);
    uv_close((uv_handle_t *)&workers->done_async, on_closed);
}

void uv_work_start(struct env *env, struct env_work *work)
{
    struct uv_workers *workers = env_uv_of(env)->workers;
    if (workers->thread_count == 0)
        threads_start(workers);
    pthread_mutex_lock(&workers->mutex);
    list_append(&workers->waiting, link_of(work));
    pthread_mutex_unlock(&workers->mutex);
    env_uv_of(env)->works_under_way++;
    CHECK(sem_post(&workers->waiting_count) == 0);
}
