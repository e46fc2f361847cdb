/*
 * The catalog and the two nodes are played by the test, which writes down what they are asked and
 * says what they answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/catalog/ring.h"
#include "proto/frame.h"
#include "proto/rpc_server.h"
#include "router/route/row_client.h"
#include "tests/sim/world.h"

#include "proto/schema/catalog.pb-c.h"
#include "proto/schema/data.pb-c.h"

#include <stdio.h>

enum {
    MS = 1000,
    SECOND_US = 1000 * 1000,
    NODES = 2,
    TABLETS = 4,
    CLIENT_MACHINE = NODES,
    TIMEOUT_US = 1000 * MS,
};

struct player {
    struct fixture *fixture;
    uint32_t number;
    struct env *env;
    struct rpc_server *server;
    size_t call_count; /* reads and writes */
};

struct fixture {
    struct world *world;
    struct player players[NODES];
    struct env *env;
    struct catalog_watch *watch;
    struct peers *peers;
    struct row_client *client;
    bool has_view;

    /* What the nodes answer: the first `refusal_count` calls so, and later ones as said then. */
    size_t refusal_count;
    struct rpc_result refusal;
    bool is_silent;
    bool answers_rubbish;
    bool is_found;
};

static struct table table = {.uid = 6, .hash_key = {1, 2, 3}};

/* --- The catalog ----------------------------------------------------------------------------- */

struct snapshot {
    struct arena *arena;
    Graticule__Wire__CatalogRecord *records[1 + NODES + TABLETS];
    size_t count;
};

static void snapshot_add(struct snapshot *snapshot, const struct buffer *key,
                         const struct buffer *value)
{
    Graticule__Wire__CatalogRecord *record = arena_alloc(snapshot->arena, sizeof *record);
    graticule__wire__catalog_record__init(record);
    record->key = frame_data(arena_copy(snapshot->arena, buffer_slice(key)));
    record->value = frame_data(arena_copy(snapshot->arena, buffer_slice(value)));
    snapshot->records[snapshot->count++] = record;
}

static void settings_add(struct snapshot *snapshot)
{
    SCOPED(buffer) key = {0};
    SCOPED(buffer) value = {0};
    struct settings settings = {.region = slice_of_text("eu-west-1"),
                                .cluster_version = 1,
                                .tablet_count = TABLETS,
                                .node_count = NODES,
                                .is_serving = true};
    record_key_settings(&key);
    settings_encode(&settings, &value);
    snapshot_add(snapshot, &key, &value);
}

static void node_add(struct snapshot *snapshot, uint32_t number)
{
    SCOPED(buffer) key = {0};
    SCOPED(buffer) value = {0};
    char name[32], address[32];
    snprintf(name, sizeof name, "n%u", number);
    snprintf(address, sizeof address, "n%u:0", number);
    struct node_record node = {.id = number + 1,
                               .name = slice_of_text(name),
                               .address = slice_of_text(address),
                               .instance = number + 1};
    record_key_node(&key, node.id);
    node_record_encode(&node, &value);
    snapshot_add(snapshot, &key, &value);
}

/* Even tablets are led by the first node, odd ones by the second. */
static void tablet_add(struct snapshot *snapshot, uint32_t number)
{
    SCOPED(buffer) key = {0};
    SCOPED(buffer) value = {0};
    struct replica replica = {.node_id = number % NODES + 1, .incarnation = number + 1};
    struct tablet_record tablet = {.tablet = number, .replica_count = 1, .replicas = &replica};
    record_key_tablet(&key, number);
    tablet_record_encode(&tablet, &value);
    snapshot_add(snapshot, &key, &value);
}

static void watch_answer(struct rpc_call *call)
{
    OWNED(arena) arena = arena_create();
    ProtobufCAllocator allocator = frame_allocator(arena);
    struct slice body = rpc_call_body(call);
    const Graticule__Wire__WatchRequest *request =
        graticule__wire__watch_request__unpack(&allocator, body.size, body.bytes);
    assert_non_null(request);
    /* Nothing changes any more: whoever knows the first version waits. */
    if (request->version > 0)
        return;
    struct snapshot snapshot = {.arena = arena};
    settings_add(&snapshot);
    for (uint32_t i = 0; i < NODES; i++)
        node_add(&snapshot, i);
    for (uint32_t i = 0; i < TABLETS; i++)
        tablet_add(&snapshot, i);
    Graticule__Wire__WatchResponse response = GRATICULE__WIRE__WATCH_RESPONSE__INIT;
    response.version = 1;
    response.is_snapshot = true;
    response.records = snapshot.records;
    response.n_records = snapshot.count;
    SCOPED(buffer) packed = {0};
    frame_pack(&response.base, &packed);
    rpc_call_answer(call, RPC_EXECUTED, RPC_REASON_NONE, buffer_slice(&packed));
}

/* --- The nodes ------------------------------------------------------------------------------- */

static void row_answer(struct fixture *fixture, struct rpc_call *call)
{
    SCOPED(buffer) packed = {0};
    Graticule__Wire__ReadResponse read = GRATICULE__WIRE__READ_RESPONSE__INIT;
    Graticule__Wire__WriteResponse write = GRATICULE__WIRE__WRITE_RESPONSE__INIT;
    read.is_found = write.is_found = fixture->is_found;
    read.item = write.item = frame_data(slice_of_text("item"));
    if (fixture->answers_rubbish)
        buffer_append_text(&packed, "\377\377\377");
    else if (rpc_call_method(call) == RPC_READ)
        frame_pack(&read.base, &packed);
    else
        frame_pack(&write.base, &packed);
    rpc_call_answer(call, RPC_EXECUTED, RPC_REASON_NONE, buffer_slice(&packed));
}

static void place_check(const struct player *player, struct rpc_call *call)
{
    OWNED(arena) arena = arena_create();
    ProtobufCAllocator allocator = frame_allocator(arena);
    struct slice body = rpc_call_body(call);
    if (rpc_call_method(call) != RPC_READ)
        return;
    const Graticule__Wire__ReadRequest *read =
        graticule__wire__read_request__unpack(&allocator, body.size, body.bytes);
    assert_non_null(read);
    assert_int_equal(read->row->tablet, ring_tablet_of(TABLETS, read->row->token));
    assert_int_equal(read->row->tablet % NODES, player->number);
    assert_int_equal(read->row->table_uid, table.uid);
}

static void call_take(void *context, struct rpc_call *call)
{
    struct player *player = context;
    struct fixture *fixture = player->fixture;
    if (rpc_call_method(call) == RPC_CATALOG_WATCH) {
        watch_answer(call);
        return;
    }
    player->call_count++;
    place_check(player, call);
    if (fixture->is_silent)
        return;
    if (fixture->refusal_count > 0) {
        fixture->refusal_count--;
        rpc_call_answer(call, fixture->refusal.outcome, fixture->refusal.reason, (struct slice){0});
        return;
    }
    row_answer(fixture, call);
}

static void view_changed(void *context)
{
    ((struct fixture *)context)->has_view = true;
}

static void client_start(struct fixture *fixture)
{
    static const struct catalog_seed seed = {.name = "n0", .address = "n0:0"};
    fixture->env = world_boot(fixture->world, CLIENT_MACHINE);
    fixture->watch = catalog_watch_create(&(struct catalog_watch_options){
        .env = fixture->env,
        .own_name = "client",
        .seeds = &seed,
        .seed_count = 1,
        .changed_fn = view_changed,
        .context = fixture,
    });
    fixture->peers = peers_create(fixture->env, "client");
    fixture->client = row_client_create(&(struct row_client_options){
        .env = fixture->env,
        .watch = fixture->watch,
        .peers = fixture->peers,
        .timeout_us = TIMEOUT_US,
    });
}

static int setup(void **state)
{
    struct fixture *fixture = memory_alloc_zeroed(sizeof *fixture);
    fixture->world = world_create(4);
    for (uint32_t i = 0; i < NODES; i++) {
        struct player *player = &fixture->players[i];
        char address[32];
        snprintf(address, sizeof address, "n%u:0", i);
        *player =
            (struct player){.fixture = fixture, .number = i, .env = world_boot(fixture->world, i)};
        assert_int_equal(
            rpc_server_create(player->env, address, "n", call_take, player, &player->server),
            STATUS_OK);
    }
    client_start(fixture);
    world_run_for(fixture->world, SECOND_US);
    assert_true(fixture->has_view);
    fixture->is_found = true;
    *state = fixture;
    return 0;
}

static void player_end(struct player *player)
{
    world_shutdown(player->fixture->world, player->number);
    rpc_server_destroy(player->server);
    world_env_destroy(player->env);
    player->server = NULL;
    player->env = NULL;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t i = 0; i < NODES; i++)
        if (fixture->players[i].env != NULL)
            player_end(&fixture->players[i]);
    world_shutdown(fixture->world, CLIENT_MACHINE);
    catalog_watch_destroy(fixture->watch);
    peers_destroy(fixture->peers);
    row_client_destroy(fixture->client);
    world_env_destroy(fixture->env);
    world_destroy(fixture->world);
    memory_free(fixture);
    return 0;
}

/* --- Requests -------------------------------------------------------------------------------- */

struct result {
    size_t count;
    enum rpc_outcome outcome;
    enum rpc_reason reason;
    bool is_found;
    bool is_item; /* the one that nodes answer with */
};

static void result_take(void *context, const struct row_result *row)
{
    struct result *result = context;
    *result = (struct result){
        .count = result->count + 1,
        .outcome = row->outcome,
        .reason = row->reason,
        .is_found = row->is_found,
        .is_item = slice_is_text(row->item, "item"),
    };
}

static struct row_name row_of(const char *key)
{
    return (struct row_name){
        .table = &table, .partition_key = slice_of_text(key), .key = slice_of_text(key)};
}

static void ask_read(struct fixture *fixture, const char *key, struct result *result)
{
    struct row_name row = row_of(key);
    row_client_read(fixture->client, &row, true, result_take, result);
    assert_int_equal(result->count, 0);
}

static void ask_write(struct fixture *fixture, const char *key, struct result *result)
{
    struct row_name row = row_of(key);
    struct row_write write = {
        .kind = WRITE_PUT, .item = slice_of_text("new"), .returned = WRITE_RETURNS_BEFORE};
    row_client_write(fixture->client, &row, &write, result_take, result);
    assert_int_equal(result->count, 0);
}

static void wait(struct fixture *fixture, struct result *result)
{
    world_run_for(fixture->world, TIMEOUT_US + SECOND_US);
    assert_int_equal(result->count, 1);
}

static size_t calls_taken(const struct fixture *fixture)
{
    return fixture->players[0].call_count + fixture->players[1].call_count;
}

static void test_a_read_brings_what_its_node_has(void **state)
{
    struct fixture *fixture = *state;
    struct result found = {0}, missing = {0};
    ask_read(fixture, "a", &found);
    wait(fixture, &found);
    assert_int_equal(found.outcome, RPC_EXECUTED);
    assert_true(found.is_found && found.is_item);
    fixture->is_found = false;
    ask_read(fixture, "a", &missing);
    wait(fixture, &missing);
    assert_int_equal(missing.outcome, RPC_EXECUTED);
    assert_false(missing.is_found);
}

static void test_a_write_brings_the_item_before_it(void **state)
{
    struct fixture *fixture = *state;
    struct result result = {0};
    ask_write(fixture, "a", &result);
    wait(fixture, &result);
    assert_int_equal(result.outcome, RPC_EXECUTED);
    assert_true(result.is_found && result.is_item);
}

static void test_requests_go_to_the_leaders_of_their_tablets(void **state)
{
    struct fixture *fixture = *state;
    struct result results[64] = {0};
    for (int i = 0; i < 64; i++) {
        char key[32];
        snprintf(key, sizeof key, "key%d", i);
        ask_read(fixture, key, &results[i]);
    }
    world_run_for(fixture->world, SECOND_US);
    for (int i = 0; i < 64; i++)
        assert_int_equal(results[i].outcome, RPC_EXECUTED);
    assert_true(fixture->players[0].call_count > 8);
    assert_true(fixture->players[1].call_count > 8);
}

static void test_what_was_not_executed_is_repeated(void **state)
{
    struct fixture *fixture = *state;
    struct result result = {0};
    fixture->refusal_count = 3;
    fixture->refusal.outcome = RPC_NOT_EXECUTED;
    fixture->refusal.reason = RPC_REASON_NOT_LEADER;
    ask_write(fixture, "a", &result);
    wait(fixture, &result);
    assert_int_equal(result.outcome, RPC_EXECUTED);
    assert_int_equal(calls_taken(fixture), 4);
}

static void test_repeating_ends_with_the_time(void **state)
{
    struct fixture *fixture = *state;
    struct result result = {0};
    fixture->refusal_count = SIZE_MAX;
    fixture->refusal.outcome = RPC_NOT_EXECUTED;
    fixture->refusal.reason = RPC_REASON_BUSY;
    ask_write(fixture, "a", &result);
    world_run_for(fixture->world, TIMEOUT_US);
    assert_int_equal(result.count, 1);
    assert_int_equal(result.outcome, RPC_NOT_EXECUTED);
    assert_int_equal(result.reason, RPC_REASON_BUSY);
    assert_true(calls_taken(fixture) < 30);
}

static void test_a_write_of_unknown_outcome_is_never_repeated(void **state)
{
    struct fixture *fixture = *state;
    struct result result = {0};
    fixture->refusal_count = 1;
    fixture->refusal.outcome = RPC_UNKNOWN;
    fixture->refusal.reason = RPC_REASON_NOT_LEADER;
    ask_write(fixture, "a", &result);
    wait(fixture, &result);
    assert_int_equal(result.outcome, RPC_UNKNOWN);
    assert_int_equal(calls_taken(fixture), 1);
}

static void test_a_read_of_unknown_outcome_is_repeated(void **state)
{
    struct fixture *fixture = *state;
    struct result result = {0};
    fixture->refusal_count = 1;
    fixture->refusal.outcome = RPC_UNKNOWN;
    ask_read(fixture, "a", &result);
    wait(fixture, &result);
    assert_int_equal(result.outcome, RPC_EXECUTED);
    assert_int_equal(calls_taken(fixture), 2);
}

static void test_a_table_that_is_gone_is_told_at_once(void **state)
{
    struct fixture *fixture = *state;
    struct result result = {0};
    fixture->refusal_count = 1;
    fixture->refusal.outcome = RPC_NOT_EXECUTED;
    fixture->refusal.reason = RPC_REASON_NO_TABLE;
    ask_read(fixture, "a", &result);
    wait(fixture, &result);
    assert_int_equal(result.outcome, RPC_NOT_EXECUTED);
    assert_int_equal(result.reason, RPC_REASON_NO_TABLE);
    assert_int_equal(calls_taken(fixture), 1);
}

static void test_an_answer_that_cannot_be_read_is_never_a_success(void **state)
{
    struct fixture *fixture = *state;
    struct result result = {0};
    fixture->answers_rubbish = true;
    ask_write(fixture, "a", &result);
    wait(fixture, &result);
    assert_int_equal(result.outcome, RPC_UNKNOWN);
}

static void test_a_write_that_was_sent_and_not_answered_is_unknown(void **state)
{
    struct fixture *fixture = *state;
    struct result result = {0};
    fixture->is_silent = true;
    ask_write(fixture, "a", &result);
    wait(fixture, &result);
    assert_int_equal(result.outcome, RPC_UNKNOWN);
    assert_int_equal(calls_taken(fixture), 1);
}

static void test_a_write_that_never_left_was_not_executed(void **state)
{
    struct fixture *fixture = *state;
    struct result result = {0};
    player_end(&fixture->players[0]);
    player_end(&fixture->players[1]);
    ask_write(fixture, "a", &result);
    wait(fixture, &result);
    assert_int_equal(result.outcome, RPC_NOT_EXECUTED);
}

/* A batch's next request is made from inside the answer to the one before. */
struct chain {
    struct fixture *fixture;
    size_t count;
};

static void chain_next(void *context, const struct row_result *row)
{
    struct chain *chain = context;
    assert_int_equal(row->outcome, RPC_EXECUTED);
    assert_true(slice_is_text(row->item, "item"));
    struct row_name name = row_of("a");
    if (++chain->count < 10)
        row_client_read(chain->fixture->client, &name, true, chain_next, chain);
}

static void test_a_request_may_be_made_from_inside_an_answer(void **state)
{
    struct fixture *fixture = *state;
    struct chain chain = {.fixture = fixture};
    struct row_name name = row_of("a");
    row_client_read(fixture->client, &name, true, chain_next, &chain);
    world_run_for(fixture->world, SECOND_US);
    assert_int_equal(chain.count, 10);
}

static void test_requests_under_way_are_forgotten_with_the_client(void **state)
{
    struct fixture *fixture = *state;
    struct result result = {0};
    fixture->is_silent = true;
    ask_write(fixture, "a", &result);
    world_run_for(fixture->world, 10 * MS);
    peers_destroy(fixture->peers);
    row_client_destroy(fixture->client);
    fixture->peers = NULL;
    fixture->client = NULL;
    world_run_for(fixture->world, 2 * SECOND_US);
    assert_int_equal(result.count, 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_read_brings_what_its_node_has),
        TEST(test_a_write_brings_the_item_before_it),
        TEST(test_requests_go_to_the_leaders_of_their_tablets),
        TEST(test_what_was_not_executed_is_repeated),
        TEST(test_repeating_ends_with_the_time),
        TEST(test_a_write_of_unknown_outcome_is_never_repeated),
        TEST(test_a_read_of_unknown_outcome_is_repeated),
        TEST(test_a_table_that_is_gone_is_told_at_once),
        TEST(test_an_answer_that_cannot_be_read_is_never_a_success),
        TEST(test_a_write_that_was_sent_and_not_answered_is_unknown),
        TEST(test_a_write_that_never_left_was_not_executed),
        TEST(test_a_request_may_be_made_from_inside_an_answer),
        TEST(test_requests_under_way_are_forgotten_with_the_client),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
