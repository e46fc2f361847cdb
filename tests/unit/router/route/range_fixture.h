/*
 * A node with the catalog, played by the test: it answers pages of rows of its own, tablet by
 * tablet, as the bounds of each call say. Rows are { token, "k" }, and each counts as many bytes as
 * the test says.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/byte_order.h"
#include "core/base/check.h"
#include "core/catalog/ring.h"
#include "proto/frame.h"
#include "proto/rpc_server.h"
#include "router/route/range_client.h"
#include "tests/sim/world.h"

#include "proto/schema/catalog.pb-c.h"
#include "proto/schema/data.pb-c.h"

enum {
    RANGE_TABLETS = 32,
    RANGE_ROWS_MAX = 400,
    RANGE_KEY_SIZE = 9,
    RANGE_TABLE_UID = 6,
    RANGE_TIMEOUT_US = 1000 * 1000,
};

struct range_row {
    uint8_t key[RANGE_KEY_SIZE];
    uint64_t size;
};

struct range_fixture {
    struct world *world;
    struct env *node_env;
    struct rpc_server *server;
    struct env *env;
    struct catalog_watch *watch;
    struct peers *peers;
    struct range_client *client;

    struct range_row rows[RANGE_ROWS_MAX]; /* in order */
    size_t row_count;
    size_t call_count;
    size_t refusal_count; /* so many calls are refused first */
    enum rpc_reason refusal;
    bool is_silent;
};

/* --- The catalog ----------------------------------------------------------------------------- */

struct range_snapshot {
    struct arena *arena;
    Graticule__Wire__CatalogRecord *records[2 + RANGE_TABLETS];
    size_t count;
};

static inline void range_snapshot_add(struct range_snapshot *snapshot, const struct buffer *key,
                                      const struct buffer *value)
{
    Graticule__Wire__CatalogRecord *record = arena_alloc(snapshot->arena, sizeof *record);
    graticule__wire__catalog_record__init(record);
    record->key = frame_data(arena_copy(snapshot->arena, buffer_slice(key)));
    record->value = frame_data(arena_copy(snapshot->arena, buffer_slice(value)));
    snapshot->records[snapshot->count++] = record;
}

static inline void range_snapshot_fill(struct range_snapshot *snapshot)
{
    SCOPED(buffer) key = {0};
    SCOPED(buffer) value = {0};
    struct settings settings = {.region = slice_of_text("eu-west-1"),
                                .cluster_version = 1,
                                .tablet_count = RANGE_TABLETS,
                                .node_count = 1,
                                .is_serving = true};
    record_key_settings(&key);
    settings_encode(&settings, &value);
    range_snapshot_add(snapshot, &key, &value);
    struct node_record node = {
        .id = 1, .name = slice_of_text("n0"), .address = slice_of_text("n0:0"), .instance = 1};
    buffer_clear(&key);
    buffer_clear(&value);
    record_key_node(&key, node.id);
    node_record_encode(&node, &value);
    range_snapshot_add(snapshot, &key, &value);
    for (uint32_t i = 0; i < RANGE_TABLETS; i++) {
        struct replica replica = {.node_id = 1, .incarnation = i + 1};
        struct tablet_record tablet = {.tablet = i, .replica_count = 1, .replicas = &replica};
        buffer_clear(&key);
        buffer_clear(&value);
        record_key_tablet(&key, i);
        tablet_record_encode(&tablet, &value);
        range_snapshot_add(snapshot, &key, &value);
    }
}

static inline void range_watch_answer(struct rpc_call *call)
{
    OWNED(arena) arena = arena_create();
    ProtobufCAllocator allocator = frame_allocator(arena);
    struct slice body = rpc_call_body(call);
    const Graticule__Wire__WatchRequest *request =
        graticule__wire__watch_request__unpack(&allocator, body.size, body.bytes);
    if (request->version > 0)
        return; /* nothing changes any more */
    struct range_snapshot snapshot = {.arena = arena};
    range_snapshot_fill(&snapshot);
    Graticule__Wire__WatchResponse response = GRATICULE__WIRE__WATCH_RESPONSE__INIT;
    response.version = 1;
    response.is_snapshot = true;
    response.records = snapshot.records;
    response.n_records = snapshot.count;
    SCOPED(buffer) packed = {0};
    frame_pack(&response.base, &packed);
    rpc_call_answer(call, RPC_EXECUTED, RPC_REASON_NONE, buffer_slice(&packed));
}

/* --- The node -------------------------------------------------------------------------------- */

static inline struct slice range_key(const struct range_row *row)
{
    return slice_of(row->key, RANGE_KEY_SIZE);
}

static inline void range_page_fill(const struct range_fixture *fixture,
                                   const Graticule__Wire__PageRequest *request,
                                   Graticule__Wire__PageResponse *response, struct buffer *items)
{
    struct key_range keys = {.first = frame_slice(request->first),
                             .end = frame_slice(request->end)};
    response->is_end = true;
    for (size_t i = 0; i < fixture->row_count; i++) {
        const struct range_row *row = &fixture->rows[i];
        uint32_t tablet = ring_tablet_of(RANGE_TABLETS, byte_order_get_u64(row->key));
        if (tablet != request->tablet || !key_range_contains(keys, range_key(row)))
            continue;
        response->evaluated_count++;
        response->matched_count++;
        response->evaluated_size += row->size;
        buffer_append_sized(items, range_key(row));
        response->last_key = frame_data(range_key(row));
        response->is_end = response->evaluated_count < request->count_max &&
                           response->evaluated_size < request->size_max;
        if (!response->is_end)
            return;
    }
}

static inline void range_page_answer(const struct range_fixture *fixture, struct rpc_call *call)
{
    OWNED(arena) arena = arena_create();
    ProtobufCAllocator allocator = frame_allocator(arena);
    struct slice body = rpc_call_body(call);
    const Graticule__Wire__PageRequest *request =
        graticule__wire__page_request__unpack(&allocator, body.size, body.bytes);
    CHECK(request->table_uid == RANGE_TABLE_UID);
    SCOPED(buffer) items = {0};
    SCOPED(buffer) packed = {0};
    Graticule__Wire__PageResponse response = GRATICULE__WIRE__PAGE_RESPONSE__INIT;
    range_page_fill(fixture, request, &response, &items);
    response.items = frame_data(buffer_slice(&items));
    frame_pack(&response.base, &packed);
    rpc_call_answer(call, RPC_EXECUTED, RPC_REASON_NONE, buffer_slice(&packed));
}

static inline void range_call_take(void *context, struct rpc_call *call)
{
    struct range_fixture *fixture = context;
    if (rpc_call_method(call) == RPC_CATALOG_WATCH) {
        range_watch_answer(call);
        return;
    }
    CHECK(rpc_call_method(call) == RPC_READ_PAGE);
    fixture->call_count++;
    if (fixture->is_silent)
        return;
    if (fixture->refusal_count > 0) {
        fixture->refusal_count--;
        rpc_call_answer(call, RPC_NOT_EXECUTED, fixture->refusal, (struct slice){0});
        return;
    }
    range_page_answer(fixture, call);
}

/* --- Its life -------------------------------------------------------------------------------- */

static inline void range_view_changed(void *context)
{
    (void)context;
}

static inline void range_fixture_init(struct range_fixture *fixture)
{
    static const struct catalog_seed seed = {.name = "n0", .address = "n0:0"};
    *fixture = (struct range_fixture){.world = world_create(7)};
    fixture->node_env = world_boot(fixture->world, 0);
    CHECK(rpc_server_create(fixture->node_env, "n0:0", "n0", range_call_take, fixture,
                            &fixture->server) == STATUS_OK);
    fixture->env = world_boot(fixture->world, 1);
    fixture->watch = catalog_watch_create(&(struct catalog_watch_options){
        .env = fixture->env,
        .own_name = "client",
        .seeds = &seed,
        .seed_count = 1,
        .changed_fn = range_view_changed,
    });
    fixture->peers = peers_create(fixture->env, "client");
    fixture->client = range_client_create(&(struct tablet_route){
        .env = fixture->env, .watch = fixture->watch, .peers = fixture->peers});
    world_run_for(fixture->world, 1000 * 1000);
    CHECK(catalog_view_settings(catalog_watch_view(fixture->watch)) != NULL);
}

static inline void range_fixture_deinit(struct range_fixture *fixture)
{
    world_shutdown(fixture->world, 0);
    rpc_server_destroy(fixture->server);
    world_env_destroy(fixture->node_env);
    world_shutdown(fixture->world, 1);
    catalog_watch_destroy(fixture->watch);
    peers_destroy(fixture->peers);
    range_client_destroy(fixture->client);
    world_env_destroy(fixture->env);
    world_destroy(fixture->world);
}

static inline void range_add_row(struct range_fixture *fixture, uint64_t token, uint64_t size)
{
    CHECK(fixture->row_count < RANGE_ROWS_MAX);
    struct range_row *row = &fixture->rows[fixture->row_count++];
    byte_order_put_u64(row->key, token);
    row->key[8] = 'k';
    row->size = size;
}

struct range_reply {
    size_t count;
    enum rpc_outcome outcome;
    enum rpc_reason reason;
    uint64_t evaluated_count;
    uint64_t evaluated_size;
    bool is_end;
    struct buffer items;
    struct buffer last_key;
};

static inline void range_reply_deinit(struct range_reply *reply)
{
    buffer_deinit(&reply->items);
    buffer_deinit(&reply->last_key);
}

static inline void range_reply_take(void *context, const struct range_page *page)
{
    struct range_reply *reply = context;
    reply->count++;
    reply->outcome = page->outcome;
    reply->reason = page->reason;
    reply->evaluated_count = page->evaluated_count;
    reply->evaluated_size = page->evaluated_size;
    reply->is_end = page->is_end;
    buffer_clear(&reply->items);
    buffer_clear(&reply->last_key);
    buffer_append(&reply->items, page->items);
    buffer_append(&reply->last_key, page->last_key);
}
