#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "node/engine/keyspace.h"
#include "tests/sim/sim_disk.h"
#include "tests/unit/node/tablet/tablet_fixture.h"

#include <stdio.h>

static void start_with_table(struct tablet_fixture *fixture, uint64_t seed)
{
    fixture_init(fixture, seed);
    fixture_start(fixture);
    configure(fixture, TABLET_TABLE_OPEN);
}

static void assert_missing(struct tablet_fixture *fixture, const char *key)
{
    SCOPED(reply) reply = {0};
    ask_get(fixture, key, &reply);
    reply_wait(fixture, &reply);
    assert_int_equal(reply.outcome, RPC_EXECUTED);
    assert_false(reply.is_found);
}

static void assert_item(struct tablet_fixture *fixture, const char *key, const char *item)
{
    SCOPED(reply) reply = {0};
    ask_get(fixture, key, &reply);
    reply_wait(fixture, &reply);
    assert_int_equal(reply.outcome, RPC_EXECUTED);
    assert_true(reply.is_found);
    assert_true(slice_is_text(buffer_slice(&reply.item), item));
}

/* --- Reads and writes ------------------------------------------------------------------------ */

static void test_a_row_that_was_put_is_read_until_it_is_deleted(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    start_with_table(&fixture, 1);
    assert_missing(&fixture, "a");
    put(&fixture, "a", "one");
    assert_item(&fixture, "a", "one");
    SCOPED(reply) reply = {0};
    ask_delete(&fixture, "a", &reply);
    reply_wait(&fixture, &reply);
    assert_missing(&fixture, "a");
}

static void test_a_write_is_answered_only_once_it_is_durable(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    SCOPED(reply) reply = {0};
    start_with_table(&fixture, 2);
    uint64_t synced_lsn = log_synced_lsn(fixture.log);
    ask_put(&fixture, "a", "one", &reply);
    while (!reply.is_given) {
        assert_true(world_step(fixture.world));
        assert_true(!reply.is_given || log_synced_lsn(fixture.log) > synced_lsn);
    }
    fixture_cut_power(&fixture);
    fixture_start(&fixture);
    assert_item(&fixture, "a", "one");
}

static void test_writes_of_one_row_follow_one_another_without_waiting(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    SCOPED(reply) first = {0};
    SCOPED(reply) second = {0};
    start_with_table(&fixture, 3);
    put(&fixture, "a", "zero");
    ask_put(&fixture, "a", "one", &first);
    ask_put(&fixture, "a", "two", &second);
    reply_wait(&fixture, &second);
    assert_true(first.is_given);
    assert_true(slice_is_text(buffer_slice(&first.item), "zero"));
    assert_true(slice_is_text(buffer_slice(&second.item), "one"));
    assert_item(&fixture, "a", "two");
}

static void test_a_read_of_a_proposed_row_waits_for_its_commit(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    SCOPED(reply) write = {0};
    SCOPED(reply) read = {0};
    start_with_table(&fixture, 4);
    put(&fixture, "a", "zero");
    ask_put(&fixture, "a", "one", &write);
    ask_get(&fixture, "a", &read);
    assert_false(read.is_given);
    while (!read.is_given) {
        assert_true(world_step(fixture.world));
        assert_true(!read.is_given || write.is_given);
    }
    assert_true(slice_is_text(buffer_slice(&read.item), "one"));
}

static void test_the_planted_fault_answers_before_the_commit(void **state)
{
    (void)state;
    static const struct tablet_faults faults = {.answers_before_predecessor = true};
    SCOPED(tablet_fixture) fixture;
    SCOPED(reply) write = {0};
    SCOPED(reply) read = {0};
    fixture_init(&fixture, 4);
    fixture.faults = &faults;
    fixture_start(&fixture);
    configure(&fixture, TABLET_TABLE_OPEN);
    put(&fixture, "a", "zero");
    ask_put(&fixture, "a", "one", &write);
    ask_get(&fixture, "a", &read);
    assert_true(read.is_given);
    assert_false(write.is_given);
}

/* Small rows are cached until they are pushed out; then the engine has them. */
static void test_rows_are_found_wherever_they_are(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    start_with_table(&fixture, 5);
    char key[32];
    for (int i = 0; i < 60; i++) {
        snprintf(key, sizeof key, "row%d", i);
        put(&fixture, key, key);
    }
    for (int i = 0; i < 60; i++) {
        snprintf(key, sizeof key, "row%d", i);
        assert_item(&fixture, key, key);
    }
}

static void test_requests_for_a_row_being_fetched_are_answered_in_their_order(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    struct reply replies[4] = {0};
    start_with_table(&fixture, 6);
    put(&fixture, "a", "zero");
    fixture_kill(&fixture);
    fixture_start(&fixture);
    ask_get(&fixture, "a", &replies[0]);
    ask_put(&fixture, "a", "one", &replies[1]);
    ask_get(&fixture, "a", &replies[2]);
    ask_delete(&fixture, "a", &replies[3]);
    reply_wait(&fixture, &replies[3]);
    reply_wait(&fixture, &replies[2]);
    assert_true(slice_is_text(buffer_slice(&replies[0].item), "zero"));
    assert_true(slice_is_text(buffer_slice(&replies[1].item), "zero"));
    assert_true(slice_is_text(buffer_slice(&replies[2].item), "one"));
    assert_missing(&fixture, "a");
    for (int i = 0; i < 4; i++)
        reply_deinit(&replies[i]);
}

/* --- What is refused ------------------------------------------------------------------------- */

static void test_many_reads_of_a_large_row_are_answered_a_few_a_round(void **state)
{
    (void)state;
    enum { READ_COUNT = 10, ITEM_SIZE = 400000 };
    static char item[ITEM_SIZE + 1];
    struct reply replies[READ_COUNT] = {0};
    memset(item, 'x', ITEM_SIZE);
    SCOPED(tablet_fixture) fixture;
    fixture_init(&fixture, 5);
    fixture.log_segment_size = 8 << 20;
    fixture_start(&fixture);
    configure(&fixture, TABLET_TABLE_OPEN);
    put(&fixture, "a", item);
    /* In the engine, and nowhere else: it is too large for the fixture's cache. */
    world_run_for(fixture.world, FIXTURE_WAIT_US);

    for (int i = 0; i < READ_COUNT; i++)
        ask_get(&fixture, "a", &replies[i]);
    size_t given_count = 0, given_at_once_most = 0;
    while (given_count < READ_COUNT) {
        CHECK(world_step(fixture.world));
        size_t count = 0;
        for (int i = 0; i < READ_COUNT; i++)
            count += replies[i].is_given;
        if (count - given_count > given_at_once_most)
            given_at_once_most = count - given_count;
        given_count = count;
    }

    assert_int_equal(given_at_once_most, 3); /* up to the one beyond 1 MB */
    for (int i = 0; i < READ_COUNT; i++) {
        assert_int_equal(replies[i].item.size, ITEM_SIZE);
        reply_deinit(&replies[i]);
    }
}

static void test_a_table_that_the_tablet_does_not_know_is_refused(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    SCOPED(reply) reply = {0};
    fixture_init(&fixture, 7);
    fixture_start(&fixture);
    ask_put(&fixture, "a", "one", &reply);
    assert_true(reply.is_given);
    assert_int_equal(reply.outcome, RPC_NOT_EXECUTED);
    assert_int_equal(reply.reason, RPC_REASON_NO_TABLE);
}

static void test_a_table_being_closed_is_refused_before_that_is_committed(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    SCOPED(reply) closing = {0};
    SCOPED(reply) reply = {0};
    start_with_table(&fixture, 8);
    ask_configure(&fixture, TABLET_TABLE_CLOSED, &closing);
    assert_false(closing.is_given);
    ask_get(&fixture, "a", &reply);
    assert_true(reply.is_given);
    assert_int_equal(reply.reason, RPC_REASON_NO_TABLE);
}

static void test_an_item_that_is_too_large_is_refused(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    SCOPED(reply) reply = {0};
    start_with_table(&fixture, 9);
    SCOPED(buffer) item;
    buffer_init(&item);
    memset(buffer_reserve(&item, LIMIT_ITEM_BYTES + 1), 'x', LIMIT_ITEM_BYTES + 1);
    struct tablet_address address = address_of("a");
    struct write_request write = {.kind = WRITE_PUT,
                                  .item = slice_of(item.bytes, LIMIT_ITEM_BYTES + 1)};
    tablet_write(fixture.tablet, &address, &write, reply_take, &reply);
    assert_true(reply.is_given);
    assert_int_equal(reply.outcome, RPC_NOT_EXECUTED);
}

static void test_an_older_version_of_a_table_changes_nothing(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    SCOPED(reply) reply = {0};
    start_with_table(&fixture, 10);
    configure(&fixture, TABLET_TABLE_CLOSED);
    configure(&fixture, TABLET_TABLE_OPEN);
    ask_get(&fixture, "a", &reply);
    assert_int_equal(reply.reason, RPC_REASON_NO_TABLE);
}

static void test_a_full_disk_refuses_puts_and_recovers_without_a_restart(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    struct reply replies[200] = {0};
    start_with_table(&fixture, 11);
    put(&fixture, "b", "read");
    char item[2000];
    memset(item, 'x', sizeof item - 1);
    item[sizeof item - 1] = '\0';
    struct sim_disk *disk = world_disk(fixture.world, 0);
    sim_disk_faults(disk)->capacity_bytes = sim_disk_used_bytes(disk) + 1;
    bool is_refused = false;
    for (int i = 0; i < 200 && !is_refused; i++) {
        ask_put(&fixture, "a", item, &replies[i]);
        is_refused = replies[i].reason == RPC_REASON_BUSY;
        world_run_for(fixture.world, 5000);
    }
    assert_true(is_refused);
    assert_item(&fixture, "b", "read");

    sim_disk_faults(disk)->capacity_bytes = 0;
    world_run_for(fixture.world, 2000 * 1000);
    put(&fixture, "a", "after");
    assert_item(&fixture, "a", "after");
    for (int i = 0; i < 200; i++)
        reply_deinit(&replies[i]);
}

/* --- Restarts -------------------------------------------------------------------------------- */

static void test_what_was_acknowledged_is_there_after_power_cuts(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        SCOPED(tablet_fixture) fixture;
        start_with_table(&fixture, seed);
        put(&fixture, "a", "one");
        put(&fixture, "b", "two");
        if (seed % 2 == 0)
            checkpoint(&fixture);
        put(&fixture, "a", "three");
        fixture_cut_power(&fixture);
        fixture_start(&fixture);
        assert_item(&fixture, "a", "three");
        assert_item(&fixture, "b", "two");
    }
}

/* As a disk whose log was lost: what the engine holds is more than the log can account for. */
static void test_a_tablet_serves_nothing_older_than_its_engine(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    start_with_table(&fixture, 12);
    for (int i = 0; i < 10; i++)
        put(&fixture, "a", "one");
    world_run_for(fixture.world, 100 * 1000);
    fixture_kill(&fixture);
    fixture.machine = 1;
    fixture_begin(&fixture);
    world_run_for(fixture.world, 1000 * 1000);
    assert_true(fixture.is_open);
    assert_false(tablet_is_serving(fixture.tablet));
    fixture_kill(&fixture);

    /* Where the log is allowed to lose its end, that is no reason not to serve. */
    fixture.is_log_relaxed = true;
    fixture_start(&fixture);
}

static void test_stamps_do_not_run_backwards_when_the_clock_does(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    start_with_table(&fixture, 13);
    put(&fixture, "a", "one");
    world_run_for(fixture.world, 100 * 1000);
    SCOPED(buffer) key;
    buffer_init(&key);
    keyspace_row(&key, TABLE, TABLET_TOKEN, slice_of_text("a"));
    struct slice value;
    struct row before, after;
    assert_true(ordered_map_get(fixture.disk->map, buffer_slice(&key), &value));
    assert_int_equal(row_decode(value, &before), STATUS_OK);
    uint64_t time = before.stamp.time;

    fixture_kill(&fixture);
    world_clock_jump(fixture.world, 0, -(int64_t)3600 * 1000 * 1000);
    fixture_start(&fixture);
    put(&fixture, "a", "two");
    world_run_for(fixture.world, 100 * 1000);

    assert_true(ordered_map_get(fixture.disk->map, buffer_slice(&key), &value));
    assert_int_equal(row_decode(value, &after), STATUS_OK);
    assert_true(after.stamp.time > time);
}

/* --- Dropped tables -------------------------------------------------------------------------- */

enum { ROW_COUNT = 700 };

static void rows_put(struct tablet_fixture *fixture)
{
    struct reply *replies = memory_alloc_zeroed(ROW_COUNT * sizeof *replies);
    for (int i = 0; i < ROW_COUNT; i++) {
        char key[32];
        snprintf(key, sizeof key, "row%d", i);
        ask_put(fixture, key, "item", &replies[i]);
    }
    for (int i = 0; i < ROW_COUNT; i++) {
        reply_wait(fixture, &replies[i]);
        CHECK(replies[i].outcome == RPC_EXECUTED);
        reply_deinit(&replies[i]);
    }
    memory_free(replies);
}

static size_t key_count(const struct tablet_fixture *fixture, enum keyspace space)
{
    uint8_t first = (uint8_t)space;
    size_t count = 0;
    struct ordered_entry entry;
    bool has_entry = ordered_map_at_least(fixture->disk->map, slice_of(&first, 1), &entry);
    for (; has_entry && entry.key.bytes[0] == first;
         has_entry = ordered_map_above(fixture->disk->map, entry.key, &entry))
        count++;
    return count;
}

/* Whether the engine holds a record of the table. */
static bool table_is_known(const struct tablet_fixture *fixture)
{
    SCOPED(buffer) key;
    buffer_init(&key);
    keyspace_tablet_table(&key, TABLET, TABLE);
    struct ordered_entry entry;
    return ordered_map_at_least(fixture->disk->map, buffer_slice(&key), &entry) &&
           slice_is_equal(entry.key, buffer_slice(&key));
}

static void test_the_rows_of_a_dropped_table_go_and_then_the_table(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    start_with_table(&fixture, 14);
    rows_put(&fixture);
    world_run_for(fixture.world, 1000 * 1000);
    assert_int_equal(key_count(&fixture, KEYSPACE_ROW), ROW_COUNT);

    configure(&fixture, TABLET_TABLE_CLOSED);
    world_run_for(fixture.world, 1000 * 1000);
    assert_int_equal(key_count(&fixture, KEYSPACE_ROW), 0);
    assert_true(table_is_known(&fixture));

    checkpoint(&fixture);
    checkpoint(&fixture);
    world_run_for(fixture.world, 100 * 1000);
    assert_false(table_is_known(&fixture));
}

/* As a message that was held up on its way. */
static void assert_not_reopened(struct tablet_fixture *fixture)
{
    SCOPED(reply) reply = {0};
    ask_configure(fixture, TABLET_TABLE_OPEN, &reply);
    reply_wait(fixture, &reply);
    assert_int_equal(reply.outcome, RPC_NOT_EXECUTED);
    assert_int_equal(reply.reason, RPC_REASON_NO_TABLE);
    reply_deinit(&reply);
    reply = (struct reply){0};
    ask_put(fixture, "a", "one", &reply);
    reply_wait(fixture, &reply);
    assert_int_equal(reply.reason, RPC_REASON_NO_TABLE);
}

static void test_a_dropped_table_is_never_opened_again(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    start_with_table(&fixture, 14);
    configure(&fixture, TABLET_TABLE_CLOSED);
    world_run_for(fixture.world, 1000 * 1000);
    checkpoint(&fixture);
    checkpoint(&fixture);
    world_run_for(fixture.world, 100 * 1000);
    assert_false(table_is_known(&fixture));

    assert_not_reopened(&fixture);
    checkpoint(&fixture);
    fixture_cut_power(&fixture);
    fixture_start(&fixture);
    assert_not_reopened(&fixture);
}

static void test_no_row_of_a_dropped_table_outlives_a_power_cut_for_good(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        SCOPED(tablet_fixture) fixture;
        start_with_table(&fixture, seed);
        rows_put(&fixture);
        checkpoint(&fixture);
        configure(&fixture, TABLET_TABLE_CLOSED);
        world_run_for(fixture.world, 1000);
        checkpoint(&fixture);
        world_run_for(fixture.world, random_below(&fixture.random, 20 * 1000));
        fixture_cut_power(&fixture);

        fixture_start(&fixture);
        world_run_for(fixture.world, 1000 * 1000);
        assert_int_equal(key_count(&fixture, KEYSPACE_ROW), 0);
    }
}

static void test_requests_that_wait_are_forgotten_with_the_tablet(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    SCOPED(reply) write = {0};
    SCOPED(reply) read = {0};
    start_with_table(&fixture, 15);
    ask_get(&fixture, "a", &read);
    ask_put(&fixture, "b", "one", &write);
    fixture_kill(&fixture);
    assert_false(read.is_given);
    assert_false(write.is_given);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_row_that_was_put_is_read_until_it_is_deleted),
        cmocka_unit_test(test_a_write_is_answered_only_once_it_is_durable),
        cmocka_unit_test(test_writes_of_one_row_follow_one_another_without_waiting),
        cmocka_unit_test(test_a_read_of_a_proposed_row_waits_for_its_commit),
        cmocka_unit_test(test_the_planted_fault_answers_before_the_commit),
        cmocka_unit_test(test_rows_are_found_wherever_they_are),
        cmocka_unit_test(test_requests_for_a_row_being_fetched_are_answered_in_their_order),
        cmocka_unit_test(test_many_reads_of_a_large_row_are_answered_a_few_a_round),
        cmocka_unit_test(test_a_table_that_the_tablet_does_not_know_is_refused),
        cmocka_unit_test(test_a_table_being_closed_is_refused_before_that_is_committed),
        cmocka_unit_test(test_an_item_that_is_too_large_is_refused),
        cmocka_unit_test(test_an_older_version_of_a_table_changes_nothing),
        cmocka_unit_test(test_a_full_disk_refuses_puts_and_recovers_without_a_restart),
        cmocka_unit_test(test_what_was_acknowledged_is_there_after_power_cuts),
        cmocka_unit_test(test_a_tablet_serves_nothing_older_than_its_engine),
        cmocka_unit_test(test_stamps_do_not_run_backwards_when_the_clock_does),
        cmocka_unit_test(test_the_rows_of_a_dropped_table_go_and_then_the_table),
        cmocka_unit_test(test_a_dropped_table_is_never_opened_again),
        cmocka_unit_test(test_no_row_of_a_dropped_table_outlives_a_power_cut_for_good),
        cmocka_unit_test(test_requests_that_wait_are_forgotten_with_the_tablet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
