#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "router/route/range_plan.h"
#include "tests/unit/router/route/range_fixture.h"
#include "tests/unit/seed.h"

#include <stdlib.h>

static const uint8_t ring_first[RANGE_TOKEN_SIZE] = {0};

static struct range_read whole_ring(const struct range_fixture *fixture)
{
    return (struct range_read){
        .table_uid = RANGE_TABLE_UID,
        .keys = {.first = slice_of(ring_first, sizeof ring_first)},
        .count_max = UINT64_MAX,
        .size_max = 1 << 20,
        .deadline_us = env_boot_us(fixture->env) + RANGE_TIMEOUT_US,
    };
}

static void read_range(struct range_fixture *fixture, const struct range_read *read,
                       struct range_reply *reply)
{
    reply->count = 0;
    range_client_read(fixture->client, read, range_reply_take, reply);
    assert_int_equal(reply->count, 0);
    world_run_for(fixture->world, 2 * RANGE_TIMEOUT_US);
    assert_int_equal(reply->count, 1);
}

/* What reading tablet after tablet comes to. */
static void assert_read_in_turn(const struct range_fixture *fixture, const struct range_read *read,
                                const struct range_reply *reply)
{
    SCOPED(buffer) items = {0};
    uint64_t count = 0;
    uint64_t size = 0;
    struct slice last_key = {0};
    bool is_full = false;
    for (size_t i = 0; i < fixture->row_count && !is_full; i++) {
        const struct range_row *row = &fixture->rows[i];
        if (!key_range_contains(read->keys, range_key(row)))
            continue;
        count++;
        size += row->size;
        buffer_append_sized(&items, range_key(row));
        last_key = range_key(row);
        is_full = count >= read->count_max || size >= read->size_max;
    }
    assert_int_equal(reply->outcome, RPC_EXECUTED);
    assert_int_equal(reply->evaluated_count, count);
    assert_int_equal(reply->evaluated_size, size);
    assert_true(slice_is_equal(buffer_slice(&reply->items), buffer_slice(&items)));
    assert_int_equal(reply->is_end, !is_full);
    assert_true(
        slice_is_equal(buffer_slice(&reply->last_key), is_full ? last_key : (struct slice){0}));
}

static void test_an_empty_table_is_asked_of_every_tablet_once(void **state)
{
    (void)state;
    SCOPED(range_fixture) fixture;
    SCOPED(range_reply) reply = {0};
    range_fixture_init(&fixture);
    struct range_read read = whole_ring(&fixture);
    read_range(&fixture, &read, &reply);
    assert_read_in_turn(&fixture, &read, &reply);
    assert_int_equal(fixture.call_count, RANGE_TABLETS);
}

static void test_a_page_that_is_full_asks_no_further_tablet(void **state)
{
    (void)state;
    SCOPED(range_fixture) fixture;
    SCOPED(range_reply) reply = {0};
    range_fixture_init(&fixture);
    range_add_row(&fixture, 5, 10);
    range_add_row(&fixture, UINT64_MAX, 10);
    struct range_read read = whole_ring(&fixture);
    read.count_max = 1;
    read_range(&fixture, &read, &reply);
    assert_read_in_turn(&fixture, &read, &reply);
    assert_int_equal(fixture.call_count, 1);
}

static int compare_rows(const void *left, const void *right)
{
    return memcmp(left, right, RANGE_KEY_SIZE);
}

/* Rows crowd in some tablets, and are few and large, or many and small. */
static void rows_at_random(struct range_fixture *fixture, struct random *random)
{
    uint64_t size_max = UINT64_C(1) << random_below(random, 17);
    size_t count = random_below(random, RANGE_ROWS_MAX + 1);
    uint64_t mask = random_one_in(random, 2) ? UINT64_MAX : UINT64_MAX >> random_below(random, 8);
    fixture->row_count = 0;
    for (size_t i = 0; i < count; i++)
        range_add_row(fixture, random_next(random) & mask, 1 + random_below(random, size_max));
    qsort(fixture->rows, fixture->row_count, sizeof *fixture->rows, compare_rows);
}

static void test_what_is_read_ahead_makes_no_difference(void **state)
{
    (void)state;
    SCOPED(range_fixture) fixture;
    struct random random = random_of_test();
    range_fixture_init(&fixture);
    for (unsigned round = 0; round < 300; round++) {
        SCOPED(range_reply) reply = {0};
        uint8_t end[RANGE_TOKEN_SIZE];
        rows_at_random(&fixture, &random);
        struct range_read read = whole_ring(&fixture);
        if (random_one_in(&random, 2))
            read.count_max = 1 + random_below(&random, RANGE_ROWS_MAX);
        if (random_one_in(&random, 2))
            read.size_max = random_below(&random, 1 << 20);
        if (random_one_in(&random, 3)) {
            byte_order_put_u64(end, 1 + random_next(&random) / 2);
            read.keys.end = slice_of(end, sizeof end);
        }
        read_range(&fixture, &read, &reply);
        assert_read_in_turn(&fixture, &read, &reply);
    }
}

static void test_a_tablet_that_refuses_is_asked_again(void **state)
{
    (void)state;
    SCOPED(range_fixture) fixture;
    SCOPED(range_reply) reply = {0};
    range_fixture_init(&fixture);
    range_add_row(&fixture, 5, 10);
    fixture.refusal_count = 3;
    fixture.refusal = RPC_REASON_NOT_LEADER;
    struct range_read read = whole_ring(&fixture);
    read_range(&fixture, &read, &reply);
    assert_read_in_turn(&fixture, &read, &reply);
    assert_int_equal(fixture.call_count, RANGE_TABLETS + 3);
}

static void test_a_table_that_is_not_known_ends_it_at_once(void **state)
{
    (void)state;
    SCOPED(range_fixture) fixture;
    SCOPED(range_reply) reply = {0};
    range_fixture_init(&fixture);
    fixture.refusal_count = SIZE_MAX;
    fixture.refusal = RPC_REASON_NO_TABLE;
    struct range_read read = whole_ring(&fixture);
    read_range(&fixture, &read, &reply);
    assert_int_equal(reply.outcome, RPC_NOT_EXECUTED);
    assert_int_equal(reply.reason, RPC_REASON_NO_TABLE);
    assert_int_equal(fixture.call_count, 1);
}

static void test_a_failure_amid_what_is_read_ahead_is_answered_once(void **state)
{
    (void)state;
    SCOPED(range_fixture) fixture;
    SCOPED(range_reply) reply = {0};
    range_fixture_init(&fixture);
    struct range_read read = whole_ring(&fixture);
    range_client_read(fixture.client, &read, range_reply_take, &reply);
    while (fixture.call_count < 8)
        assert_true(world_step(fixture.world));
    fixture.refusal_count = SIZE_MAX;
    fixture.refusal = RPC_REASON_NO_TABLE;
    world_run_for(fixture.world, 2 * RANGE_TIMEOUT_US);
    assert_int_equal(reply.count, 1);
    assert_int_equal(reply.reason, RPC_REASON_NO_TABLE);
    assert_int_equal(reply.evaluated_count, 0);
}

static void test_a_node_that_is_silent_costs_no_more_than_the_time_given(void **state)
{
    (void)state;
    SCOPED(range_fixture) fixture;
    SCOPED(range_reply) reply = {0};
    range_fixture_init(&fixture);
    fixture.is_silent = true;
    struct range_read read = whole_ring(&fixture);
    read_range(&fixture, &read, &reply);
    assert_int_not_equal(reply.outcome, RPC_EXECUTED);
}

static void test_what_is_under_way_is_forgotten_with_the_client(void **state)
{
    (void)state;
    SCOPED(range_fixture) fixture;
    SCOPED(range_reply) reply = {0};
    range_fixture_init(&fixture);
    struct range_read read = whole_ring(&fixture);
    range_client_read(fixture.client, &read, range_reply_take, &reply);
    while (fixture.call_count < 8)
        assert_true(world_step(fixture.world));
    assert_int_equal(reply.count, 0);
}

static void test_reads_beyond_the_bound_wait_in_line(void **state)
{
    (void)state;
    enum { COUNT = 2 * RANGE_READS_MAX + 5 };
    SCOPED(range_fixture) fixture;
    struct range_reply replies[COUNT] = {0};
    range_fixture_init(&fixture);
    range_add_row(&fixture, 5, 10);
    struct range_read read = whole_ring(&fixture);
    read.count_max = 1;
    for (size_t i = 0; i < COUNT; i++)
        range_client_read(fixture.client, &read, range_reply_take, &replies[i]);
    while (fixture.call_count == 0)
        assert_true(world_step(fixture.world));
    assert_true(fixture.call_count <= RANGE_READS_MAX);
    world_run_for(fixture.world, 2 * RANGE_TIMEOUT_US);
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(replies[i].count, 1);
        assert_int_equal(replies[i].evaluated_count, 1);
        range_reply_deinit(&replies[i]);
    }
}

static void test_reads_in_line_are_forgotten_with_the_client(void **state)
{
    (void)state;
    SCOPED(range_fixture) fixture;
    SCOPED(range_reply) reply = {0};
    range_fixture_init(&fixture);
    struct range_read read = whole_ring(&fixture);
    for (size_t i = 0; i < 2 * RANGE_READS_MAX; i++)
        range_client_read(fixture.client, &read, range_reply_take, &reply);
    assert_int_equal(reply.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_table_is_asked_of_every_tablet_once),
        cmocka_unit_test(test_a_page_that_is_full_asks_no_further_tablet),
        cmocka_unit_test(test_what_is_read_ahead_makes_no_difference),
        cmocka_unit_test(test_a_tablet_that_refuses_is_asked_again),
        cmocka_unit_test(test_a_table_that_is_not_known_ends_it_at_once),
        cmocka_unit_test(test_a_failure_amid_what_is_read_ahead_is_answered_once),
        cmocka_unit_test(test_a_node_that_is_silent_costs_no_more_than_the_time_given),
        cmocka_unit_test(test_reads_beyond_the_bound_wait_in_line),
        cmocka_unit_test(test_reads_in_line_are_forgotten_with_the_client),
        cmocka_unit_test(test_what_is_under_way_is_forgotten_with_the_client),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
