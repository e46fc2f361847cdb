/*
 * The catalog stands on one simulated machine; the node that it calls to make tablets, and to tell
 * them of tables, is played by the test.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/check.h"
#include "core/catalog/result.h"
#include "core/catalog/table_change.h"
#include "node/catalog/catalog.h"
#include "proto/catalog_watch.h"
#include "proto/frame.h"
#include "proto/rpc_server.h"
#include "replication/group/group.h"
#include "tests/sim/engine_memory.h"
#include "tests/sim/world.h"

#include "proto/schema/catalog.pb-c.h"
#include "proto/schema/data.pb-c.h"

#include <stdio.h>

enum { MS = 1000, SECOND_US = 1000 * 1000, TABLETS = 4, INSTANCE = 77 };

struct fixture {
    struct world *world;
    struct engine_memory_disk *disk;
    struct random random;

    /* What the node that is played does. */
    bool prepares;
    bool configures;
    size_t configure_count;
    uint64_t up_id; /* it says to be this one; 0: it is not there */

    /* One life. */
    struct env *env;
    struct engine *engine;
    struct log *log;
    struct catalog *catalog;
    struct rpc_server *server;
    bool is_open;

    struct env *client_env;
    struct catalog_watch *watch;
};

static const struct catalog_seed seed = {.name = "n0", .address = "n0:0"};

static inline void status_answer(const struct fixture *fixture, struct rpc_call *call)
{
    Graticule__Wire__NodeStatus status = GRATICULE__WIRE__NODE_STATUS__INIT;
    SCOPED(buffer) body;
    buffer_init(&body);
    status.node_id = fixture->up_id;
    frame_pack(&status.base, &body);
    rpc_call_answer(call, RPC_EXECUTED, RPC_REASON_NONE, buffer_slice(&body));
}

static inline void call_take(void *context, struct rpc_call *call)
{
    struct fixture *fixture = context;
    enum rpc_method method = rpc_call_method(call);
    if (method == RPC_NODE_STATUS) {
        status_answer(fixture, call);
        return;
    }
    if (method != RPC_PREPARE_TABLETS && method != RPC_CONFIGURE_TABLE) {
        catalog_call(fixture->catalog, call);
        return;
    }
    fixture->configure_count += method == RPC_CONFIGURE_TABLE;
    bool does = method == RPC_PREPARE_TABLETS ? fixture->prepares : fixture->configures;
    rpc_call_answer(call, does ? RPC_EXECUTED : RPC_NOT_EXECUTED, RPC_REASON_NONE,
                    (struct slice){0});
}

static inline void synced(void *context, uint64_t lsn)
{
    struct fixture *fixture = context;
    if (fixture->catalog != NULL)
        catalog_synced(fixture->catalog, lsn);
}

static inline void opened(void *context, enum status status)
{
    assert_int_equal(status, STATUS_OK);
    ((struct fixture *)context)->is_open = true;
}

static inline void start(struct fixture *fixture)
{
    fixture->env = world_boot(fixture->world, 0);
    fixture->engine = engine_memory_open(fixture->env, fixture->disk, &fixture->random);
    struct log_options log_options = {
        .path = "/log", .segment_size = 64 << 10, .synced_fn = synced, .context = fixture};
    assert_int_equal(log_open(fixture->env, &log_options, &fixture->log), STATUS_OK);
    if (log_find_group(fixture->log, CATALOG_GROUP_ID) == NULL)
        group_bootstrap(fixture->log, log_add_group(fixture->log, CATALOG_GROUP_ID, 1), 1);
    struct catalog_options options = {
        .env = fixture->env,
        .log = fixture->log,
        .engine = fixture->engine,
        .own_name = "n0",
        .region = "eu-west-1",
        .tablet_count = TABLETS,
        .node_count = 1,
    };
    fixture->catalog = catalog_create(&options, opened, fixture);
    assert_int_equal(
        rpc_server_create(fixture->env, "n0:0", "n0", call_take, fixture, &fixture->server),
        STATUS_OK);
}

static inline void end(struct fixture *fixture, bool is_power_cut)
{
    if (is_power_cut)
        world_crash(fixture->world, 0);
    else
        world_shutdown(fixture->world, 0);
    engine_destroy(fixture->engine);
    catalog_destroy(fixture->catalog);
    rpc_server_destroy(fixture->server);
    log_destroy(fixture->log);
    world_env_destroy(fixture->env);
    fixture->catalog = NULL;
    if (is_power_cut)
        engine_memory_disk_crash(fixture->disk, &fixture->random);
}

static inline void restart(struct fixture *fixture, bool is_power_cut)
{
    end(fixture, is_power_cut);
    start(fixture);
    /* Until the client has found out: what it sends to the process that died stays unknown. */
    world_run_for(fixture->world, 2 * SECOND_US);
}

static inline void view_changed(void *context)
{
    (void)context; /* Tests look at the view when they need it. */
}

static inline int setup(void **state)
{
    struct fixture *fixture = memory_alloc_zeroed(sizeof *fixture);
    fixture->world = world_create(9);
    fixture->disk = engine_memory_disk_create();
    fixture->random = random_of_seed(9);
    fixture->prepares = fixture->configures = true;
    start(fixture);
    fixture->client_env = world_boot(fixture->world, 1);
    fixture->watch = catalog_watch_create(&(struct catalog_watch_options){
        .env = fixture->client_env,
        .own_name = "client",
        .seeds = &seed,
        .seed_count = 1,
        .changed_fn = view_changed,
    });
    *state = fixture;
    return 0;
}

static inline int teardown(void **state)
{
    struct fixture *fixture = *state;
    end(fixture, false);
    catalog_watch_destroy(fixture->watch);
    world_env_destroy(fixture->client_env);
    engine_memory_disk_destroy(fixture->disk);
    world_destroy(fixture->world);
    memory_free(fixture);
    return 0;
}

/* --- Calls ----------------------------------------------------------------------------------- */

struct answer {
    bool is_given;
    enum rpc_outcome outcome;
    struct buffer body;
};

static inline void answer_take(void *context, const struct rpc_result *result)
{
    struct answer *answer = context;
    answer->is_given = true;
    answer->outcome = result->outcome;
    buffer_append(&answer->body, result->body);
}

static inline void answer_deinit(struct answer *answer)
{
    buffer_deinit(&answer->body);
}

static inline void call(struct fixture *fixture, enum rpc_method method,
                        const ProtobufCMessage *message, struct answer *answer)
{
    SCOPED(buffer) body;
    buffer_init(&body);
    frame_pack(message, &body);
    catalog_watch_call(fixture->watch, method, buffer_slice(&body), 5 * SECOND_US, answer_take,
                       answer);
    while (!answer->is_given)
        world_run_for(fixture->world, MS);
}

/* 0 when the name or the address is taken. */
static inline uint64_t node_register_as(struct fixture *fixture, uint64_t instance,
                                        const char *name, const char *address)
{
    SCOPED(answer) answer = {0};
    Graticule__Wire__RegisterNode request = GRATICULE__WIRE__REGISTER_NODE__INIT;
    request.name = (char *)name;
    request.address = (char *)address;
    request.instance = instance;
    call(fixture, RPC_CATALOG_REGISTER_NODE, &request.base, &answer);
    assert_int_equal(answer.outcome, RPC_EXECUTED);
    Graticule__Wire__RegisterNodeResponse *response =
        graticule__wire__register_node_response__unpack(NULL, answer.body.size, answer.body.bytes);
    assert_non_null(response);
    uint64_t node_id = response->node_id;
    assert_int_equal(response->is_taken, node_id == 0);
    graticule__wire__register_node_response__free_unpacked(response, NULL);
    return node_id;
}

static inline uint64_t node_register(struct fixture *fixture, uint64_t instance,
                                     const char *address)
{
    return node_register_as(fixture, instance, "n0", address);
}

static inline enum catalog_result table_result(const struct answer *answer)
{
    assert_int_equal(answer->outcome, RPC_EXECUTED);
    Graticule__Wire__TableResponse *response =
        graticule__wire__table_response__unpack(NULL, answer->body.size, answer->body.bytes);
    assert_non_null(response);
    enum catalog_result result = (enum catalog_result)response->result;
    graticule__wire__table_response__free_unpacked(response, NULL);
    return result;
}

static inline enum catalog_result table_create_with_tags(struct fixture *fixture, const char *name,
                                                         struct slice tags)
{
    SCOPED(answer) answer = {0};
    SCOPED(buffer) record;
    buffer_init(&record);
    struct table table = {
        .tags = tags,
        .name = slice_of_text(name),
        .status = TABLE_CREATING,
        .partition_key = {slice_of_text("id"), VALUE_STRING},
        .billing = TABLE_BILLING_ON_DEMAND,
    };
    table_encode(&table, &record);
    Graticule__Wire__CreateTableRequest request = GRATICULE__WIRE__CREATE_TABLE_REQUEST__INIT;
    request.table = frame_data(buffer_slice(&record));
    call(fixture, RPC_CATALOG_CREATE_TABLE, &request.base, &answer);
    return table_result(&answer);
}

static inline enum catalog_result table_create(struct fixture *fixture, const char *name)
{
    return table_create_with_tags(fixture, name, (struct slice){0});
}

static inline enum catalog_result table_delete(struct fixture *fixture, const char *name)
{
    SCOPED(answer) answer = {0};
    Graticule__Wire__DeleteTableRequest request = GRATICULE__WIRE__DELETE_TABLE_REQUEST__INIT;
    request.name = (char *)name;
    call(fixture, RPC_CATALOG_DELETE_TABLE, &request.base, &answer);
    return table_result(&answer);
}

static inline enum catalog_result table_change(struct fixture *fixture, const char *name,
                                               const struct table_change *change)
{
    SCOPED(answer) answer = {0};
    SCOPED(buffer) record;
    buffer_init(&record);
    table_change_encode(change, &record);
    Graticule__Wire__ChangeTableRequest request = GRATICULE__WIRE__CHANGE_TABLE_REQUEST__INIT;
    request.name = (char *)name;
    request.change = frame_data(buffer_slice(&record));
    call(fixture, RPC_CATALOG_CHANGE_TABLE, &request.base, &answer);
    return table_result(&answer);
}

/* --- What the client knows ------------------------------------------------------------------- */

static inline const struct catalog_view *view_of(const struct fixture *fixture)
{
    return catalog_watch_view(fixture->watch);
}

/* 0: there is no such table. */
static inline int table_status(const struct fixture *fixture, const char *name)
{
    const struct table *table = catalog_view_find_table(view_of(fixture), slice_of_text(name));
    return table == NULL ? 0 : (int)table->status;
}

static inline void wait_for_status(struct fixture *fixture, const char *name, int status)
{
    uint64_t end_us = world_now_us(fixture->world) + 20 * SECOND_US;
    while (table_status(fixture, name) != status && world_now_us(fixture->world) < end_us)
        world_run_for(fixture->world, MS);
    assert_int_equal(table_status(fixture, name), status);
}

static inline bool is_serving(const struct fixture *fixture)
{
    const struct settings *settings = catalog_view_settings(view_of(fixture));
    return settings != NULL && settings->is_serving;
}

static inline void settle(struct fixture *fixture)
{
    node_register(fixture, INSTANCE, "n0:0");
    uint64_t end_us = world_now_us(fixture->world) + 20 * SECOND_US;
    while (!is_serving(fixture) && world_now_us(fixture->world) < end_us)
        world_run_for(fixture->world, MS);
    assert_true(is_serving(fixture));
}

static inline uint64_t uid_of(const struct fixture *fixture, const char *name)
{
    return catalog_view_find_table(view_of(fixture), slice_of_text(name))->uid;
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
