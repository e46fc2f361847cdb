#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/node.h"
#include "proto/frame.h"
#include "tests/sim/engine_memory.h"
#include "tests/sim/world.h"

#include "proto/schema/data.pb-c.h"

enum { MS = 1000, SECOND_US = 1000 * 1000, TABLETS = 4 };

/* A node that holds the catalog, alone on machine 0; machine 1 is whoever calls it. */
struct fixture {
    struct world *world;
    struct engine_memory_disk *disk;
    struct random random;
    struct env *env;
    struct node *node;
    struct env *caller_env;
    struct rpc_client *caller;
};

static const struct catalog_seed seed = {.name = "n0", .address = "n0:0"};

static enum status node_begin(struct fixture *fixture)
{
    fixture->env = world_boot(fixture->world, 0);
    struct node_options options = {
        .env = fixture->env,
        .engine = engine_memory_open(fixture->env, fixture->disk, &fixture->random),
        .data_path = "/data",
        .name = "n0",
        .address = "n0:0",
        .region = "eu-west-1",
        .seeds = &seed,
        .seed_count = 1,
        .holds_catalog = true,
        .tablet_count = TABLETS,
        .node_count = 1,
        .segment_size = 64 << 10,
    };
    enum status status = node_create(&options, &fixture->node);
    if (status != STATUS_OK)
        fixture->node = NULL;
    return status;
}

static void node_end(struct fixture *fixture, bool is_power_cut)
{
    if (is_power_cut)
        world_crash(fixture->world, 0);
    else
        world_shutdown(fixture->world, 0);
    node_destroy(fixture->node);
    world_env_destroy(fixture->env);
    if (is_power_cut)
        engine_memory_disk_crash(fixture->disk, &fixture->random);
    fixture->node = NULL;
    fixture->env = NULL;
}

static bool is_ready(const struct fixture *fixture)
{
    return world_is_running(fixture->world, 0) && node_is_ready(fixture->node) &&
           node_serving_count(fixture->node) == TABLETS;
}

static bool becomes_ready(struct fixture *fixture)
{
    uint64_t end_us = world_now_us(fixture->world) + 10 * SECOND_US;
    while (!is_ready(fixture) && world_now_us(fixture->world) < end_us)
        world_run_for(fixture->world, 5 * MS);
    return is_ready(fixture);
}

static int setup_with_seed(void **state, uint64_t world_seed)
{
    struct fixture *fixture = memory_alloc_zeroed(sizeof *fixture);
    fixture->world = world_create(world_seed);
    fixture->disk = engine_memory_disk_create();
    fixture->random = random_of_seed(world_seed);
    fixture->caller_env = world_boot(fixture->world, 1);
    fixture->caller = rpc_client_create(fixture->caller_env, "n0:0", "n0", "caller");
    *state = fixture;
    return 0;
}

static int setup(void **state)
{
    return setup_with_seed(state, 1);
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    if (fixture->env != NULL)
        node_end(fixture, false);
    rpc_client_destroy(fixture->caller);
    world_env_destroy(fixture->caller_env);
    engine_memory_disk_destroy(fixture->disk);
    world_destroy(fixture->world);
    memory_free(fixture);
    return 0;
}

static void test_a_new_node_makes_a_region_and_serves_it(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(node_begin(fixture), STATUS_OK);
    assert_false(node_is_ready(fixture->node));
    assert_true(becomes_ready(fixture));
}

static void test_a_node_serves_again_after_its_end(void **state)
{
    struct fixture *fixture = *state;
    for (int life = 0; life < 6; life++) {
        assert_int_equal(node_begin(fixture), STATUS_OK);
        assert_true(becomes_ready(fixture));
        node_end(fixture, life % 2 == 0);
    }
}

/* Counting up until one start survives meets every point at which it can be cut. */
static void test_a_power_cut_at_any_point_of_the_first_start_does_no_harm(void **state)
{
    (void)state;
    bool has_survived = false;
    for (uint64_t operation = 1; !has_survived; operation++) {
        void *one;
        setup_with_seed(&one, operation);
        struct fixture *fixture = one;
        world_crash_after(fixture->world, 0, operation);
        enum status ignored = node_begin(fixture); /* the power may fail in its midst */
        (void)ignored;
        has_survived = becomes_ready(fixture);
        node_end(fixture, true);
        world_crash_after(fixture->world, 0, 0);

        assert_int_equal(node_begin(fixture), STATUS_OK);
        assert_true(becomes_ready(fixture));
        teardown(&one);
    }
}

static void note_done(void *context)
{
    *(bool *)context = true;
}

static void test_a_checkpoint_that_is_asked_for_says_when_it_is_done(void **state)
{
    struct fixture *fixture = *state;
    bool is_done = false;
    assert_int_equal(node_begin(fixture), STATUS_OK);
    assert_true(becomes_ready(fixture));
    node_checkpoint(fixture->node, note_done, &is_done);
    assert_false(is_done);
    world_run_for(fixture->world, SECOND_US);
    assert_true(is_done);
}

/* --- Calls ----------------------------------------------------------------------------------- */

struct answer {
    bool is_given;
    enum rpc_outcome outcome;
    enum rpc_reason reason;
    struct buffer body;
};

static void answer_take(void *context, const struct rpc_result *result)
{
    struct answer *answer = context;
    answer->is_given = true;
    answer->outcome = result->outcome;
    answer->reason = result->reason;
    buffer_append(&answer->body, result->body);
}

static void answer_deinit(struct answer *answer)
{
    buffer_deinit(&answer->body);
}

static void call(struct fixture *fixture, enum rpc_method method, struct slice body,
                 struct answer *answer)
{
    rpc_client_call(fixture->caller, method, body, 2 * SECOND_US, answer_take, answer);
    world_run_for(fixture->world, 3 * SECOND_US);
    assert_true(answer->is_given);
}

static void test_a_node_tells_how_it_is(void **state)
{
    struct fixture *fixture = *state;
    SCOPED(answer) answer = {0};
    assert_int_equal(node_begin(fixture), STATUS_OK);
    assert_true(becomes_ready(fixture));
    call(fixture, RPC_NODE_STATUS, (struct slice){0}, &answer);
    assert_int_equal(answer.outcome, RPC_EXECUTED);
    Graticule__Wire__NodeStatus *status =
        graticule__wire__node_status__unpack(NULL, answer.body.size, answer.body.bytes);
    assert_non_null(status);
    assert_string_equal(status->name, "n0");
    assert_int_equal(status->n_tablets, TABLETS);
    for (size_t i = 0; i < TABLETS; i++)
        assert_true(status->tablets[i]->is_leader);
    graticule__wire__node_status__free_unpacked(status, NULL);
}

static void test_bodies_that_are_no_requests_are_refused(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(node_begin(fixture), STATUS_OK);
    assert_true(becomes_ready(fixture));
    const enum rpc_method methods[] = {
        RPC_READ,
        RPC_READ_PAGE,
        RPC_WRITE,
        RPC_CONFIGURE_TABLE,
        RPC_CATALOG_REGISTER_NODE,
        RPC_CATALOG_CREATE_TABLE,
        RPC_CATALOG_DELETE_TABLE,
        RPC_CATALOG_CHANGE_TABLE,
        (enum rpc_method)99,
    };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        SCOPED(answer) answer = {0};
        call(fixture, methods[i], slice_of_text("\377\377\377"), &answer);
        assert_int_equal(answer.outcome, RPC_NOT_EXECUTED);
        assert_int_equal(answer.reason, RPC_REASON_MALFORMED);
    }
    assert_true(is_ready(fixture));
}

static void read_of(uint32_t tablet, uint64_t token, struct buffer *body)
{
    Graticule__Wire__RowAddress row = GRATICULE__WIRE__ROW_ADDRESS__INIT;
    Graticule__Wire__ReadRequest read = GRATICULE__WIRE__READ_REQUEST__INIT;
    row.tablet = tablet;
    row.token = token;
    row.table_uid = 1;
    row.key = frame_data(slice_of_text("key"));
    read.row = &row;
    frame_pack(&read.base, body);
}

static void test_a_row_that_is_not_of_the_tablet_named_is_refused(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(node_begin(fixture), STATUS_OK);
    assert_true(becomes_ready(fixture));
    const struct {
        uint32_t tablet;
        uint64_t token;
    } rows[] = {{0, UINT64_MAX}, {TABLETS - 1, 0}, {TABLETS, 0}, {UINT32_MAX, UINT64_MAX}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SCOPED(answer) answer = {0};
        SCOPED(buffer) body;
        buffer_init(&body);
        read_of(rows[i].tablet, rows[i].token, &body);
        call(fixture, RPC_READ, buffer_slice(&body), &answer);
        assert_int_equal(answer.outcome, RPC_NOT_EXECUTED);
        assert_int_equal(answer.reason, RPC_REASON_NOT_LEADER);
    }
}

static Graticule__Wire__PageRequest page_of(uint32_t tablet, const uint8_t first[static 8])
{
    Graticule__Wire__PageRequest page = GRATICULE__WIRE__PAGE_REQUEST__INIT;
    page.tablet = tablet;
    page.table_uid = 1;
    page.first = frame_data(slice_of(first, 8));
    page.count_max = 1;
    return page;
}

static void assert_page_refused(struct fixture *fixture, const Graticule__Wire__PageRequest *page,
                                enum rpc_reason reason)
{
    SCOPED(answer) answer = {0};
    SCOPED(buffer) body;
    buffer_init(&body);
    frame_pack(&page->base, &body);
    call(fixture, RPC_READ_PAGE, buffer_slice(&body), &answer);
    assert_int_equal(answer.outcome, RPC_NOT_EXECUTED);
    assert_int_equal(answer.reason, reason);
}

static void test_a_page_that_cannot_be_meant_is_refused(void **state)
{
    static const uint8_t lowest[8] = {0};
    static const uint8_t highest[8] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    struct fixture *fixture = *state;
    assert_int_equal(node_begin(fixture), STATUS_OK);
    assert_true(becomes_ready(fixture));

    Graticule__Wire__PageRequest page = page_of(0, lowest);
    assert_page_refused(fixture, &page, RPC_REASON_NO_TABLE);
    page.count_max = 0;
    assert_page_refused(fixture, &page, RPC_REASON_MALFORMED);
    page = page_of(TABLETS, lowest);
    assert_page_refused(fixture, &page, RPC_REASON_NOT_LEADER);
    page = page_of(0, highest);
    assert_page_refused(fixture, &page, RPC_REASON_MALFORMED);
    page = page_of(0, lowest);
    page.filter = frame_data(slice_of_text("no tree"));
    assert_page_refused(fixture, &page, RPC_REASON_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_new_node_makes_a_region_and_serves_it, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_node_serves_again_after_its_end, setup, teardown),
        cmocka_unit_test(test_a_power_cut_at_any_point_of_the_first_start_does_no_harm),
        cmocka_unit_test_setup_teardown(test_a_checkpoint_that_is_asked_for_says_when_it_is_done,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_node_tells_how_it_is, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bodies_that_are_no_requests_are_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_row_that_is_not_of_the_tablet_named_is_refused,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_page_that_cannot_be_meant_is_refused, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
