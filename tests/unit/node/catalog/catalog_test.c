/*
 * The catalog stands on one simulated machine; the node that it calls to make tablets, and to tell
 * them of tables, is played by the test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/check.h"
#include "core/catalog/result.h"
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

static void status_answer(const struct fixture *fixture, struct rpc_call *call)
{
    Graticule__Wire__NodeStatus status = GRATICULE__WIRE__NODE_STATUS__INIT;
    SCOPED(buffer) body;
    buffer_init(&body);
    status.node_id = fixture->up_id;
    frame_pack(&status.base, &body);
    rpc_call_answer(call, RPC_EXECUTED, RPC_REASON_NONE, buffer_slice(&body));
}

static void call_take(void *context, struct rpc_call *call)
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

static void synced(void *context, uint64_t lsn)
{
    struct fixture *fixture = context;
    if (fixture->catalog != NULL)
        catalog_synced(fixture->catalog, lsn);
}

static void opened(void *context, enum status status)
{
    assert_int_equal(status, STATUS_OK);
    ((struct fixture *)context)->is_open = true;
}

static void start(struct fixture *fixture)
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

static void end(struct fixture *fixture, bool is_power_cut)
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

static void restart(struct fixture *fixture, bool is_power_cut)
{
    end(fixture, is_power_cut);
    start(fixture);
    /* Until the client has found out: what it sends to the process that died stays unknown. */
    world_run_for(fixture->world, 2 * SECOND_US);
}

static void view_changed(void *context)
{
    (void)context; /* Tests look at the view when they need it. */
}

static int setup(void **state)
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

static int teardown(void **state)
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

static void answer_take(void *context, const struct rpc_result *result)
{
    struct answer *answer = context;
    answer->is_given = true;
    answer->outcome = result->outcome;
    buffer_append(&answer->body, result->body);
}

static void answer_deinit(struct answer *answer)
{
    buffer_deinit(&answer->body);
}

static void call(struct fixture *fixture, enum rpc_method method, const ProtobufCMessage *message,
                 struct answer *answer)
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
static uint64_t node_register_as(struct fixture *fixture, uint64_t instance, const char *name,
                                 const char *address)
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

static uint64_t node_register(struct fixture *fixture, uint64_t instance, const char *address)
{
    return node_register_as(fixture, instance, "n0", address);
}

static enum catalog_result table_result(const struct answer *answer)
{
    assert_int_equal(answer->outcome, RPC_EXECUTED);
    Graticule__Wire__TableResponse *response =
        graticule__wire__table_response__unpack(NULL, answer->body.size, answer->body.bytes);
    assert_non_null(response);
    enum catalog_result result = (enum catalog_result)response->result;
    graticule__wire__table_response__free_unpacked(response, NULL);
    return result;
}

static enum catalog_result table_create_of(struct fixture *fixture, const char *name,
                                           struct slice key_name)
{
    SCOPED(answer) answer = {0};
    SCOPED(buffer) record;
    buffer_init(&record);
    struct table table = {
        .name = slice_of_text(name),
        .status = TABLE_CREATING,
        .partition_key = {key_name, VALUE_STRING},
        .billing = TABLE_BILLING_ON_DEMAND,
    };
    table_encode(&table, &record);
    Graticule__Wire__CreateTableRequest request = GRATICULE__WIRE__CREATE_TABLE_REQUEST__INIT;
    request.table = frame_data(buffer_slice(&record));
    call(fixture, RPC_CATALOG_CREATE_TABLE, &request.base, &answer);
    return table_result(&answer);
}

static enum catalog_result table_create(struct fixture *fixture, const char *name)
{
    return table_create_of(fixture, name, slice_of_text("id"));
}

static enum catalog_result table_delete(struct fixture *fixture, const char *name)
{
    SCOPED(answer) answer = {0};
    Graticule__Wire__DeleteTableRequest request = GRATICULE__WIRE__DELETE_TABLE_REQUEST__INIT;
    request.name = (char *)name;
    call(fixture, RPC_CATALOG_DELETE_TABLE, &request.base, &answer);
    return table_result(&answer);
}

/* --- What the client knows ------------------------------------------------------------------- */

static const struct catalog_view *view_of(const struct fixture *fixture)
{
    return catalog_watch_view(fixture->watch);
}

/* 0: there is no such table. */
static int table_status(const struct fixture *fixture, const char *name)
{
    const struct table *table = catalog_view_find_table(view_of(fixture), slice_of_text(name));
    return table == NULL ? 0 : (int)table->status;
}

static void wait_for_status(struct fixture *fixture, const char *name, int status)
{
    uint64_t end_us = world_now_us(fixture->world) + 20 * SECOND_US;
    while (table_status(fixture, name) != status && world_now_us(fixture->world) < end_us)
        world_run_for(fixture->world, MS);
    assert_int_equal(table_status(fixture, name), status);
}

static bool is_serving(const struct fixture *fixture)
{
    const struct settings *settings = catalog_view_settings(view_of(fixture));
    return settings != NULL && settings->is_serving;
}

static void settle(struct fixture *fixture)
{
    node_register(fixture, INSTANCE, "n0:0");
    uint64_t end_us = world_now_us(fixture->world) + 20 * SECOND_US;
    while (!is_serving(fixture) && world_now_us(fixture->world) < end_us)
        world_run_for(fixture->world, MS);
    assert_true(is_serving(fixture));
}

static uint64_t uid_of(const struct fixture *fixture, const char *name)
{
    return catalog_view_find_table(view_of(fixture), slice_of_text(name))->uid;
}

/* --- The region and its nodes ---------------------------------------------------------------- */

static void test_a_region_serves_once_its_node_is_known_and_has_made_its_tablets(void **state)
{
    struct fixture *fixture = *state;
    fixture->prepares = false;
    world_run_for(fixture->world, SECOND_US);
    assert_null(catalog_view_tablet_at(view_of(fixture), 0));
    assert_false(is_serving(fixture));

    uint64_t node_id = node_register(fixture, INSTANCE, "n0:0");
    world_run_for(fixture->world, SECOND_US);
    for (uint32_t i = 0; i < TABLETS; i++)
        assert_int_equal(catalog_view_find_tablet(view_of(fixture), i)->replicas[0].node_id,
                         node_id);
    assert_false(is_serving(fixture));

    fixture->prepares = true;
    world_run_for(fixture->world, SECOND_US);
    assert_true(is_serving(fixture));
}

static void test_registering_again_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    uint64_t node_id = node_register(fixture, INSTANCE, "n0:0");
    world_run_for(fixture->world, SECOND_US);
    uint64_t version = catalog_view_version(view_of(fixture));
    assert_int_equal(node_register(fixture, INSTANCE, "n0:0"), node_id);
    world_run_for(fixture->world, SECOND_US);
    assert_int_equal(catalog_view_version(view_of(fixture)), version);
}

static void test_a_node_that_has_moved_keeps_its_id(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    uint64_t node_id = node_register(fixture, INSTANCE, "n0:0");
    assert_int_equal(node_register(fixture, INSTANCE, "elsewhere:0"), node_id);
    world_run_for(fixture->world, SECOND_US);
    assert_true(
        slice_is_text(catalog_view_find_node(view_of(fixture), node_id)->address, "elsewhere:0"));
}

static void test_another_data_directory_is_another_node(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    uint64_t first = node_register(fixture, INSTANCE, "n0:0");
    uint64_t second = node_register(fixture, INSTANCE + 1, "n0:0");
    assert_true(second > first);
}

static void test_a_name_or_an_address_of_a_node_that_is_up_is_taken(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    fixture->up_id = node_register(fixture, INSTANCE, "n0:0");

    assert_int_equal(node_register_as(fixture, INSTANCE + 1, "n0", "elsewhere:0"), 0);
    assert_int_equal(node_register_as(fixture, INSTANCE + 2, "n1", "n0:0"), 0);
    assert_true(node_register_as(fixture, INSTANCE + 3, "n1", "elsewhere:0") > fixture->up_id);
    assert_int_equal(node_register(fixture, INSTANCE, "n0:0"), fixture->up_id);
    /* Nobody answers elsewhere. */
    assert_true(node_register_as(fixture, INSTANCE + 4, "n2", "elsewhere:0") > fixture->up_id);
}

/* --- Tables ---------------------------------------------------------------------------------- */

static void test_a_table_is_active_once_every_tablet_knows_it(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    fixture->configures = false;
    assert_int_equal(table_create(fixture, "users"), CATALOG_DONE);
    world_run_for(fixture->world, SECOND_US);
    assert_int_equal(table_status(fixture, "users"), TABLE_CREATING);
    fixture->configures = true;
    wait_for_status(fixture, "users", TABLE_ACTIVE);
}

static void test_no_table_is_made_before_the_region_serves(void **state)
{
    struct fixture *fixture = *state;
    fixture->prepares = false;
    node_register(fixture, INSTANCE, "n0:0");
    assert_int_equal(table_create(fixture, "users"), CATALOG_NOT_SERVING);
}

static void test_a_name_is_taken_as_long_as_its_table_is_there(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    fixture->configures = false;
    assert_int_equal(table_create(fixture, "users"), CATALOG_DONE);
    assert_int_equal(table_create(fixture, "users"), CATALOG_TABLE_EXISTS);
    fixture->configures = true;
    wait_for_status(fixture, "users", TABLE_ACTIVE);
    assert_int_equal(table_create(fixture, "users"), CATALOG_TABLE_EXISTS);
    fixture->configures = false;
    assert_int_equal(table_delete(fixture, "users"), CATALOG_DONE);
    assert_int_equal(table_create(fixture, "users"), CATALOG_TABLE_EXISTS);
    fixture->configures = true;
    wait_for_status(fixture, "users", 0);
    assert_int_equal(table_create(fixture, "users"), CATALOG_DONE);
}

static void test_a_table_goes_once_every_tablet_has_closed_it(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    table_create(fixture, "users");
    wait_for_status(fixture, "users", TABLE_ACTIVE);
    fixture->configures = false;
    assert_int_equal(table_delete(fixture, "users"), CATALOG_DONE);
    world_run_for(fixture->world, SECOND_US);
    assert_int_equal(table_status(fixture, "users"), TABLE_DELETING);
    fixture->configures = true;
    wait_for_status(fixture, "users", 0);
}

static void test_what_is_not_there_or_not_active_is_not_deleted(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    assert_int_equal(table_delete(fixture, "users"), CATALOG_TABLE_NOT_FOUND);
    fixture->configures = false;
    table_create(fixture, "users");
    assert_int_equal(table_delete(fixture, "users"), CATALOG_TABLE_BUSY);
}

static void test_no_uid_is_given_twice(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    uint64_t last_uid = 0;
    for (int i = 0; i < 4; i++) {
        table_create(fixture, "users");
        wait_for_status(fixture, "users", TABLE_ACTIVE);
        assert_true(uid_of(fixture, "users") > last_uid);
        last_uid = uid_of(fixture, "users");
        table_delete(fixture, "users");
        wait_for_status(fixture, "users", 0);
        restart(fixture, i % 2 == 0);
    }
}

/* More changes than are kept for watchers: one who comes late gets all that is there instead. */
static void test_there_are_at_most_so_many_tables(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    for (int i = 0; i < CATALOG_TABLES_MAX; i++) {
        char name[32];
        snprintf(name, sizeof name, "table-%d", i);
        assert_int_equal(table_create(fixture, name), CATALOG_DONE);
    }
    assert_int_equal(table_create(fixture, "one-more"), CATALOG_TABLE_LIMIT);
    wait_for_status(fixture, "table-2499", TABLE_ACTIVE);
    assert_int_equal(table_delete(fixture, "table-1000"), CATALOG_DONE);
    wait_for_status(fixture, "table-1000", 0);
    assert_int_equal(table_create(fixture, "one-more"), CATALOG_DONE);

    catalog_watch_destroy(fixture->watch);
    fixture->watch = catalog_watch_create(&(struct catalog_watch_options){
        .env = fixture->client_env,
        .own_name = "client",
        .seeds = &seed,
        .seed_count = 1,
        .changed_fn = view_changed,
    });
    wait_for_status(fixture, "one-more", TABLE_ACTIVE);
    assert_null(catalog_view_table_at(view_of(fixture), CATALOG_TABLES_MAX));
    assert_non_null(catalog_view_table_at(view_of(fixture), CATALOG_TABLES_MAX - 1));
}

/* As long as names can be, in bytes: of two keys, in one. */
static void test_tables_are_refused_before_the_catalog_is_too_large_to_be_told(void **state)
{
    struct fixture *fixture = *state;
    enum { KEY_NAME_SIZE = 2 * 4 * 255, COUNT_MIN = 1200 };
    static char key_name[KEY_NAME_SIZE];
    memset(key_name, 'k', sizeof key_name);
    settle(fixture);
    int count = 0;
    char name[32];
    enum catalog_result result = CATALOG_DONE;
    while (result == CATALOG_DONE) {
        snprintf(name, sizeof name, "table-%d", count++);
        result = table_create_of(fixture, name, slice_of(key_name, KEY_NAME_SIZE));
    }
    assert_int_equal(result, CATALOG_FULL);
    assert_in_range(count, COUNT_MIN, CATALOG_TABLES_MAX - 1);

    snprintf(name, sizeof name, "table-%d", count - 2);
    catalog_watch_destroy(fixture->watch);
    fixture->watch = catalog_watch_create(&(struct catalog_watch_options){
        .env = fixture->client_env,
        .own_name = "client",
        .seeds = &seed,
        .seed_count = 1,
        .changed_fn = view_changed,
    });
    wait_for_status(fixture, name, TABLE_ACTIVE);
    assert_non_null(catalog_view_table_at(view_of(fixture), (size_t)count - 2));
}

/* --- Restarts -------------------------------------------------------------------------------- */

static void test_a_creation_goes_on_after_a_restart(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    for (int i = 0; i < 2; i++) {
        const char *name = i == 0 ? "first" : "second";
        fixture->configures = false;
        assert_int_equal(table_create(fixture, name), CATALOG_DONE);
        restart(fixture, i == 0);
        world_run_for(fixture->world, SECOND_US);
        assert_int_equal(table_status(fixture, name), TABLE_CREATING);
        fixture->configures = true;
        wait_for_status(fixture, name, TABLE_ACTIVE);
    }
}

static void test_a_deletion_goes_on_after_a_restart(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    for (int i = 0; i < 2; i++) {
        table_create(fixture, "users");
        wait_for_status(fixture, "users", TABLE_ACTIVE);
        fixture->configures = false;
        assert_int_equal(table_delete(fixture, "users"), CATALOG_DONE);
        restart(fixture, i == 0);
        world_run_for(fixture->world, SECOND_US);
        assert_int_equal(table_status(fixture, "users"), TABLE_DELETING);
        fixture->configures = true;
        wait_for_status(fixture, "users", 0);
    }
}

static void test_what_was_acknowledged_survives_power_cuts(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    for (int i = 0; i < 10; i++) {
        char name[32];
        snprintf(name, sizeof name, "table-%d", i);
        assert_int_equal(table_create(fixture, name), CATALOG_DONE);
        restart(fixture, true);
    }
    wait_for_status(fixture, "table-0", TABLE_ACTIVE);
    wait_for_status(fixture, "table-9", TABLE_ACTIVE);
    assert_non_null(catalog_view_table_at(view_of(fixture), 9));
    assert_null(catalog_view_table_at(view_of(fixture), 10));
}

static void test_a_checkpoint_lets_the_log_forget_and_loses_nothing(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    table_create(fixture, "users");
    wait_for_status(fixture, "users", TABLE_ACTIVE);
    world_run_for(fixture->world, SECOND_US);
    uint64_t index = catalog_written_index(fixture->catalog);
    /* As the node's checkpointer does, with an engine that keeps all that a kill leaves. */
    catalog_checkpointed(fixture->catalog, index);
    world_run_for(fixture->world, SECOND_US);
    assert_int_equal(log_group_base(log_find_group(fixture->log, CATALOG_GROUP_ID)).index, index);
    restart(fixture, false);
    assert_int_equal(table_create(fixture, "users"), CATALOG_TABLE_EXISTS);
    assert_int_equal(table_create(fixture, "others"), CATALOG_DONE);
    wait_for_status(fixture, "others", TABLE_ACTIVE);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_region_serves_once_its_node_is_known_and_has_made_its_tablets),
        TEST(test_registering_again_changes_nothing),
        TEST(test_a_node_that_has_moved_keeps_its_id),
        TEST(test_another_data_directory_is_another_node),
        TEST(test_a_name_or_an_address_of_a_node_that_is_up_is_taken),
        TEST(test_a_table_is_active_once_every_tablet_knows_it),
        TEST(test_no_table_is_made_before_the_region_serves),
        TEST(test_a_name_is_taken_as_long_as_its_table_is_there),
        TEST(test_a_table_goes_once_every_tablet_has_closed_it),
        TEST(test_what_is_not_there_or_not_active_is_not_deleted),
        TEST(test_no_uid_is_given_twice),
        TEST(test_there_are_at_most_so_many_tables),
        TEST(test_tables_are_refused_before_the_catalog_is_too_large_to_be_told),
        TEST(test_a_creation_goes_on_after_a_restart),
        TEST(test_a_deletion_goes_on_after_a_restart),
        TEST(test_what_was_acknowledged_survives_power_cuts),
        TEST(test_a_checkpoint_lets_the_log_forget_and_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
