#include "router/route/range_client.h"

#include "core/base/arena.h"
#include "core/base/list.h"
#include "proto/frame.h"
#include "router/route/range_plan.h"

#include "proto/schema/data.pb-c.h"

struct reading {
    struct list link;
    struct range_client *client;
    struct range_read read; /* `keys` are what is left */
    struct buffer first;
    struct buffer end;
    struct buffer filter;
    struct buffer projection;
    struct range_piece piece; /* being read */
    struct tablet_call call;

    struct range_page page;
    struct buffer items;
    struct buffer last_key;
    range_page_fn fn;
    void *context;
};

struct range_client {
    struct tablet_route route;
    struct list readings;
    struct arena *arena; /* for the answer being taken; answers are not taken inside one another */
};

struct range_client *range_client_create(const struct tablet_route *route)
{
    struct range_client *client = memory_alloc_zeroed(sizeof *client);
    client->route = *route;
    list_init(&client->readings);
    client->arena = arena_create();
    return client;
}

static void reading_free(struct reading *reading)
{
    list_remove(&reading->link);
    tablet_call_deinit(&reading->call);
    buffer_deinit(&reading->first);
    buffer_deinit(&reading->end);
    buffer_deinit(&reading->filter);
    buffer_deinit(&reading->projection);
    buffer_deinit(&reading->items);
    buffer_deinit(&reading->last_key);
    memory_free(reading);
}

void range_client_destroy(struct range_client *client)
{
    if (client == NULL)
        return;
    while (!list_is_empty(&client->readings))
        reading_free(LIST_ELEMENT(client->readings.next, struct reading, link));
    arena_destroy(client->arena);
    memory_free(client);
}

static void reading_end(struct reading *reading)
{
    reading->page.items = buffer_slice(&reading->items);
    reading->page.last_key = buffer_slice(&reading->last_key);
    reading->fn(reading->context, &reading->page);
    reading_free(reading);
}

static void reading_fail(struct reading *reading, enum rpc_outcome outcome, enum rpc_reason reason)
{
    reading->page = (struct range_page){.outcome = outcome, .reason = reason};
    buffer_clear(&reading->items);
    buffer_clear(&reading->last_key);
    reading_end(reading);
}

static uint64_t left_of(uint64_t bound, uint64_t used)
{
    return used < bound ? bound - used : 0;
}

static void send_piece(struct reading *reading)
{
    const struct range_read *read = &reading->read;
    const struct catalog_view *view = catalog_watch_view(reading->client->route.watch);
    struct key_range rest = {.first = buffer_slice(&reading->first),
                             .end = buffer_slice(&reading->end)};
    reading->piece = range_plan_first(catalog_view_settings(view)->tablet_count, rest);

    Graticule__Wire__PageRequest request = GRATICULE__WIRE__PAGE_REQUEST__INIT;
    request.tablet = reading->piece.tablet;
    request.table_uid = read->table_uid;
    request.first = frame_data(reading->piece.keys.first);
    request.end = frame_data(reading->piece.keys.end);
    request.is_backward = read->is_backward;
    request.count_max = left_of(read->count_max, reading->page.evaluated_count);
    request.size_max = left_of(read->size_max, reading->page.evaluated_size);
    request.is_consistent = read->is_consistent;
    request.is_count_only = read->is_count_only;
    request.filter = frame_data(buffer_slice(&reading->filter));
    request.projection = frame_data(buffer_slice(&reading->projection));
    reading->call.tablet = reading->piece.tablet;
    buffer_clear(&reading->call.body);
    frame_pack(&request.base, &reading->call.body);
    tablet_call_start(&reading->call);
}

static void take_page(struct reading *reading, const Graticule__Wire__PageResponse *response)
{
    struct range_page *page = &reading->page;
    page->evaluated_count += response->evaluated_count;
    page->evaluated_size += response->evaluated_size;
    page->matched_count += response->matched_count;
    buffer_append(&reading->items, frame_slice(response->items));
    page->is_end = response->is_end && reading->piece.is_last;
    if (page->is_end) {
        buffer_clear(&reading->last_key);
        reading_end(reading);
    } else if (response->is_end) {
        range_bound(&reading->first, reading->piece.next_token, (struct slice){0});
        send_piece(reading);
    } else {
        buffer_append(&reading->last_key, frame_slice(response->last_key));
        reading_end(reading);
    }
}

static void take_result(void *context, const struct rpc_result *result)
{
    struct reading *reading = context;
    struct arena *arena = reading->client->arena;
    if (result->outcome != RPC_EXECUTED) {
        reading_fail(reading, result->outcome, result->reason);
        return;
    }
    ProtobufCAllocator allocator = frame_allocator(arena);
    const Graticule__Wire__PageResponse *response =
        graticule__wire__page_response__unpack(&allocator, result->body.size, result->body.bytes);
    if (response == NULL || (!response->is_end && response->last_key.len == 0))
        reading_fail(reading, RPC_UNKNOWN, RPC_REASON_MALFORMED);
    else
        take_page(reading, response);
    arena_reset(arena);
}

void range_client_read(struct range_client *client, const struct range_read *read, range_page_fn fn,
                       void *context)
{
    struct reading *reading = memory_alloc_zeroed(sizeof *reading);
    reading->client = client;
    reading->read = *read;
    reading->fn = fn;
    reading->context = context;
    reading->page.outcome = RPC_EXECUTED;
    buffer_append(&reading->first, read->keys.first);
    buffer_append(&reading->end, read->keys.end);
    buffer_append(&reading->filter, read->filter);
    buffer_append(&reading->projection, read->projection);
    reading->call = (struct tablet_call){
        .route = &client->route,
        .method = RPC_READ_PAGE,
        .deadline_us = read->deadline_us,
        .fn = take_result,
        .context = reading,
    };
    list_init(&reading->link);
    list_append(&client->readings, &reading->link);
    send_piece(reading);
}
