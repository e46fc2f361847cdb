#include "router/api/catalog_access.h"

#include "proto/catalog_watch.h"
#include "proto/frame.h"

#include "proto/schema/catalog.pb-c.h"

#define INTERNAL_TEXT "Internal server error"

/* Nothing was done, and clients try again of their own accord. */
#define UNAVAILABLE_TEXT "The service is not available; try again shortly"

/* A catalog that is there answers in milliseconds; one that restarts is there again by then. */
enum { REFRESH_US = 2000000 };

const struct catalog_view *catalog_access_view(const struct api_call *call)
{
    return catalog_watch_view(call->backend->watch);
}

const struct table *catalog_access_find(const struct api_call *call, struct slice name)
{
    return catalog_view_find_table(catalog_access_view(call), name);
}

static void refreshed(void *context, enum status status)
{
    struct api_call *call = context;
    if (status == STATUS_OK)
        status = call->then_fn(call);
    else
        status = api_call_refuse(call, API_ERROR_UNAVAILABLE, UNAVAILABLE_TEXT);
    api_call_end_step(call, status);
}

void catalog_access_refresh(struct api_call *call, enum status (*then_fn)(struct api_call *call))
{
    uint64_t left_us = api_call_time_left_us(call);
    call->then_fn = then_fn;
    catalog_watch_refresh(call->backend->watch, left_us < REFRESH_US ? left_us : REFRESH_US,
                          refreshed, call);
}

struct catalog_change {
    struct api_call *call;
    enum rpc_method method;
    struct slice body;
    catalog_access_fn then_fn;
};

/* The outcome of anything else than an answer that we understand is unknown. */
static enum status take_answer(const struct catalog_change *change, const struct rpc_result *result)
{
    struct api_call *call = change->call;
    ProtobufCAllocator allocator = frame_allocator(call->arena);
    const Graticule__Wire__TableResponse *response = NULL;
    struct table table;
    if (result->outcome == RPC_NOT_EXECUTED)
        return api_call_refuse(call, API_ERROR_UNAVAILABLE, UNAVAILABLE_TEXT);
    if (result->outcome == RPC_EXECUTED)
        response = graticule__wire__table_response__unpack(&allocator, result->body.size,
                                                           result->body.bytes);
    if (response == NULL)
        return api_call_refuse(call, API_ERROR_INTERNAL, INTERNAL_TEXT);
    bool has_table = table_decode(frame_slice(response->table), &table) == STATUS_OK;
    return change->then_fn(call, (enum catalog_result)response->result, has_table ? &table : NULL);
}

static void changed(void *context, const struct rpc_result *result)
{
    const struct catalog_change *change = context;
    /* The change goes with its call. */
    struct api_call *call = change->call;
    api_call_end_step(call, take_answer(change, result));
}

static enum status change_send(struct api_call *call)
{
    const struct catalog_change *change = call->catalog_change;
    catalog_watch_call(call->backend->watch, change->method, change->body,
                       api_call_time_left_us(call), changed, call->catalog_change);
    return STATUS_OK;
}

void catalog_access_change(struct api_call *call, enum rpc_method method, struct slice body,
                           catalog_access_fn then_fn)
{
    struct catalog_change *change = arena_alloc(call->arena, sizeof *change);
    *change = (struct catalog_change){
        .call = call, .method = method, .body = arena_copy(call->arena, body), .then_fn = then_fn};
    call->catalog_change = change;
    /* Once a change has left for a catalog that does not answer, its outcome is unknown. */
    catalog_access_refresh(call, change_send);
}
