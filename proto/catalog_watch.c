#include "proto/catalog_watch.h"

#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/base/list.h"
#include "core/env/env.h"
#include "proto/frame.h"

#include "proto/schema/catalog.pb-c.h"

enum {
    WATCH_TIMEOUT_US = 10000000,
    RETRY_US = 50000,
    ATTEMPT_US = 1000000, /* one node's share of a call's time */
};

/* A snapshot that comes in pages, until it is whole. */
struct snapshot {
    struct catalog_view *view; /* NULL: none is under way */
    struct buffer after;       /* the last key that has come */
};

struct call {
    struct list link;
    struct catalog_watch *watch;
    enum rpc_method method;
    struct buffer body;
    uint64_t deadline_us;
    struct env_timer retry_timer;
    rpc_result_fn fn; /* or */
    catalog_refresh_fn refresh_fn;
    struct snapshot snapshot;
    void *context;
};

struct catalog_watch {
    struct catalog_watch_options options;
    struct rpc_client **clients;
    size_t leader; /* the seed that answered last */
    struct catalog_view *view;
    struct snapshot snapshot;
    struct env_timer retry_timer;
    struct list calls;
};

static void watch_ask(void *context);

static void snapshot_clear(struct snapshot *snapshot)
{
    catalog_view_destroy(snapshot->view);
    snapshot->view = NULL;
    buffer_deinit(&snapshot->after);
}

static enum status records_put(const Graticule__Wire__WatchResponse *response,
                               struct catalog_view *view)
{
    for (size_t i = 0; i < response->n_records; i++)
        TRY(catalog_view_put(view, frame_slice(response->records[i]->key),
                             frame_slice(response->records[i]->value)));
    return STATUS_OK;
}

/*
 * What is in the pages is at least as new as the first one's version; whatever changed since is
 * told again by who is asked for changes after it. So the whole has the first one's version.
 */
static enum status snapshot_take(struct catalog_watch *watch, struct snapshot *snapshot,
                                 const Graticule__Wire__WatchResponse *response)
{
    if (snapshot->view == NULL) {
        snapshot->view = catalog_view_create();
        catalog_view_set_version(snapshot->view, response->version);
    }
    TRY(records_put(response, snapshot->view));
    buffer_clear(&snapshot->after);
    if (response->has_more && response->n_records == 0)
        return STATUS_CORRUPT;
    if (response->has_more) {
        buffer_append(&snapshot->after,
                      frame_slice(response->records[response->n_records - 1]->key));
        return STATUS_OK;
    }
    if (catalog_view_version(snapshot->view) >= catalog_view_version(watch->view)) {
        catalog_view_exchange(watch->view, snapshot->view);
        watch->options.changed_fn(watch->options.context);
    }
    snapshot_clear(snapshot);
    return STATUS_OK;
}

static enum status changes_take(struct catalog_watch *watch,
                                const Graticule__Wire__WatchResponse *response)
{
    if (response->version <= catalog_view_version(watch->view))
        return STATUS_OK;
    TRY(records_put(response, watch->view));
    catalog_view_set_version(watch->view, response->version);
    watch->options.changed_fn(watch->options.context);
    return STATUS_OK;
}

/*
 * Takes an answer's records; after a malformed one a snapshot is asked for. As long as the snapshot
 * has a view there is more to be asked for.
 */
static enum status response_take(struct catalog_watch *watch, struct snapshot *snapshot,
                                 struct slice body)
{
    OWNED(arena) arena = arena_create();
    ProtobufCAllocator allocator = frame_allocator(arena);
    const Graticule__Wire__WatchResponse *response =
        graticule__wire__watch_response__unpack(&allocator, body.size, body.bytes);
    enum status status = STATUS_CORRUPT;
    if (response != NULL)
        status = response->is_snapshot ? snapshot_take(watch, snapshot, response)
                                       : changes_take(watch, response);
    if (status != STATUS_OK) {
        snapshot_clear(snapshot);
        catalog_view_set_version(watch->view, 0);
    }
    return status;
}

static void leader_suspect(struct catalog_watch *watch)
{
    watch->leader = (watch->leader + 1) % watch->options.seed_count;
}

static void watch_answer(void *context, const struct rpc_result *result)
{
    struct catalog_watch *watch = context;
    if (result->outcome == RPC_EXECUTED) {
        (void)response_take(watch, &watch->snapshot, result->body); /* a snapshot comes next */
        env_timer_start(watch->options.env, &watch->retry_timer, 0, watch_ask, watch);
        return;
    }
    leader_suspect(watch);
    env_timer_start(watch->options.env, &watch->retry_timer, RETRY_US, watch_ask, watch);
}

static void request_build(const struct catalog_watch *watch, const struct snapshot *snapshot,
                          bool is_poll, struct buffer *body)
{
    Graticule__Wire__WatchRequest request = GRATICULE__WIRE__WATCH_REQUEST__INIT;
    request.version = catalog_view_version(watch->view);
    request.is_poll = is_poll;
    request.after = frame_data(buffer_slice(&snapshot->after));
    frame_pack(&request.base, body);
}

static void watch_ask(void *context)
{
    struct catalog_watch *watch = context;
    SCOPED(buffer) body;
    buffer_init(&body);
    request_build(watch, &watch->snapshot, false, &body);
    rpc_client_call(watch->clients[watch->leader], RPC_CATALOG_WATCH, buffer_slice(&body),
                    WATCH_TIMEOUT_US, watch_answer, watch);
}

struct catalog_watch *catalog_watch_create(const struct catalog_watch_options *options)
{
    struct catalog_watch *watch = memory_alloc_zeroed(sizeof *watch);
    watch->options = *options;
    watch->view = catalog_view_create();
    list_init(&watch->calls);
    watch->clients = memory_alloc(options->seed_count * sizeof(struct rpc_client *));
    for (size_t i = 0; i < options->seed_count; i++)
        watch->clients[i] = rpc_client_create(options->env, options->seeds[i].address,
                                              options->seeds[i].name, options->own_name);
    env_timer_start(options->env, &watch->retry_timer, 0, watch_ask, watch);
    return watch;
}

static void call_free(struct call *call)
{
    env_timer_stop(call->watch->options.env, &call->retry_timer);
    list_remove(&call->link);
    snapshot_clear(&call->snapshot);
    buffer_deinit(&call->body);
    memory_free(call);
}

void catalog_watch_destroy(struct catalog_watch *watch)
{
    if (watch == NULL)
        return;
    env_timer_stop(watch->options.env, &watch->retry_timer);
    while (!list_is_empty(&watch->calls))
        call_free(LIST_ELEMENT(watch->calls.next, struct call, link));
    for (size_t i = 0; i < watch->options.seed_count; i++)
        rpc_client_destroy(watch->clients[i]);
    memory_free(watch->clients);
    snapshot_clear(&watch->snapshot);
    catalog_view_destroy(watch->view);
    memory_free(watch);
}

const struct catalog_view *catalog_watch_view(const struct catalog_watch *watch)
{
    return watch->view;
}

static void call_attempt(void *context);

static void refresh_answer(struct call *call, const struct rpc_result *result)
{
    struct catalog_watch *watch = call->watch;
    enum status status = STATUS_TIMEOUT;
    if (result->outcome == RPC_EXECUTED)
        status = response_take(watch, &call->snapshot, result->body);
    if (status == STATUS_OK && call->snapshot.view != NULL) {
        buffer_clear(&call->body);
        request_build(watch, &call->snapshot, true, &call->body);
        call_attempt(call);
        return;
    }
    call->refresh_fn(call->context, status);
    call_free(call);
}

static void call_answer(void *context, const struct rpc_result *result)
{
    struct call *call = context;
    struct catalog_watch *watch = call->watch;
    uint64_t now_us = env_boot_us(watch->options.env);
    if (result->outcome == RPC_NOT_EXECUTED && now_us + RETRY_US < call->deadline_us) {
        leader_suspect(watch);
        env_timer_start(watch->options.env, &call->retry_timer, RETRY_US / 5, call_attempt, call);
        return;
    }
    if (call->refresh_fn != NULL) {
        refresh_answer(call, result);
        return;
    }
    call->fn(call->context, result);
    call_free(call);
}

static void call_attempt(void *context)
{
    struct call *call = context;
    struct catalog_watch *watch = call->watch;
    uint64_t now_us = env_boot_us(watch->options.env);
    uint64_t left_us = call->deadline_us > now_us ? call->deadline_us - now_us : 0;
    uint64_t attempt_us =
        watch->options.seed_count > 1 && left_us > ATTEMPT_US ? ATTEMPT_US : left_us;
    rpc_client_call(watch->clients[watch->leader], call->method, buffer_slice(&call->body),
                    attempt_us, call_answer, call);
}

static struct call *call_create(struct catalog_watch *watch, enum rpc_method method,
                                uint64_t timeout_us)
{
    struct call *call = memory_alloc_zeroed(sizeof *call);
    call->watch = watch;
    call->method = method;
    call->deadline_us = env_boot_us(watch->options.env) + timeout_us;
    list_append(&watch->calls, &call->link);
    return call;
}

void catalog_watch_refresh(struct catalog_watch *watch, uint64_t timeout_us, catalog_refresh_fn fn,
                           void *context)
{
    struct call *call = call_create(watch, RPC_CATALOG_WATCH, timeout_us);
    request_build(watch, &call->snapshot, true, &call->body);
    call->refresh_fn = fn;
    call->context = context;
    call_attempt(call);
}

void catalog_watch_call(struct catalog_watch *watch, enum rpc_method method, struct slice body,
                        uint64_t timeout_us, rpc_result_fn fn, void *context)
{
    struct call *call = call_create(watch, method, timeout_us);
    buffer_append(&call->body, body);
    call->fn = fn;
    call->context = context;
    call_attempt(call);
}
