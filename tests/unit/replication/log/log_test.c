#include "tests/unit/replication/log/log_fixture.h"

static int setup(void **state)
{
    struct fixture *fixture = memory_alloc(sizeof *fixture);
    fixture_init(fixture, 1);
    assert_int_equal(fixture_open(fixture), STATUS_OK);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    fixture_deinit(*state);
    memory_free(*state);
    return 0;
}

static void reopen(struct fixture *fixture)
{
    fixture_crash(fixture);
    assert_int_equal(fixture_open(fixture), STATUS_OK);
}

static void test_a_new_log_is_empty(void **state)
{
    struct fixture *fixture = *state;
    size_t position = 0;

    assert_null(log_next_group(fixture->log, &position));
    assert_null(log_find_group(fixture->log, 1));
    assert_int_equal(log_synced_lsn(fixture->log), 0);
    assert_true(log_has_room(fixture->log));
}

static void test_groups_are_walked_by_id(void **state)
{
    struct fixture *fixture = *state;
    uint32_t ids[] = {7, 2, 9, 4};
    for (size_t i = 0; i < 4; i++)
        log_add_group(fixture->log, ids[i], 1);
    log_remove_group(fixture->log, log_find_group(fixture->log, 4));

    size_t position = 0;
    assert_int_equal(log_group_id(log_next_group(fixture->log, &position)), 2);
    assert_int_equal(log_group_id(log_next_group(fixture->log, &position)), 7);
    assert_int_equal(log_group_id(log_next_group(fixture->log, &position)), 9);
    assert_null(log_next_group(fixture->log, &position));
}

static void test_nothing_is_acknowledged_inside_a_call(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = log_add_group(fixture->log, 1, 1);

    uint64_t lsn = fixture_append(fixture, group, "a");

    assert_int_equal(fixture->synced_lsn, 0);
    fixture_sync(fixture);
    assert_int_equal(fixture->synced_lsn, lsn);
    assert_int_equal(log_synced_lsn(fixture->log), lsn);
}

static void test_all_of_a_group_comes_back(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = log_add_group(fixture->log, 6, 42);
    log_append_vote(fixture->log, group, 3, 2);
    for (int i = 0; i < 5; i++)
        fixture_append(fixture, group, "entry");
    fixture_set_base(fixture, group, 2);
    log_set_commit_hint(group, 4);
    fixture_append(fixture, group, "last");
    fixture_sync(fixture);

    reopen(fixture);

    group = log_find_group(fixture->log, 6);
    assert_non_null(group);
    assert_int_equal(log_group_incarnation(group), 42);
    assert_int_equal(log_group_term(group), 3);
    assert_int_equal(log_group_vote(group), 2);
    assert_int_equal(log_group_commit_hint(group), 4);
    assert_int_equal(log_group_base(group).index, 2);
    assert_true(slice_is_text(log_group_base(group).configuration, "abc"));
    assert_int_equal(log_group_last_index(group), 6);
    assert_entry(group, 3, "entry");
    assert_entry(group, 6, "last");
}

static void test_a_restart_goes_on_where_the_log_ended(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = log_add_group(fixture->log, 1, 1);
    for (int life = 0; life < 5; life++) {
        fixture_append(fixture, log_find_group(fixture->log, 1), "a");
        fixture_sync(fixture);
        reopen(fixture);
    }

    group = log_find_group(fixture->log, 1);
    assert_int_equal(log_group_last_index(group), 5);
    assert_entry(group, 1, "a");
    assert_entry(group, 5, "a");
}

static void test_a_truncation_outlives_a_restart(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = log_add_group(fixture->log, 1, 1);
    for (int i = 0; i < 5; i++)
        fixture_append(fixture, group, "old");
    fixture_sync(fixture);
    struct log_entry entry = {
        .index = 3, .term = 2, .type = LOG_ENTRY_BARRIER, .bytes = slice_of_text("new")};
    log_append_entry(fixture->log, group, &entry);
    fixture_sync(fixture);

    reopen(fixture);

    group = log_find_group(fixture->log, 1);
    assert_int_equal(log_group_last_index(group), 3);
    assert_entry(group, 3, "new");
    assert_entry(group, 2, "old");
}

static void test_a_replica_made_anew_has_nothing_of_the_old_one(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = log_add_group(fixture->log, 1, 1);
    log_append_vote(fixture->log, group, 9, 9);
    fixture_append(fixture, group, "old");
    log_remove_group(fixture->log, group);
    group = log_add_group(fixture->log, 1, 2);
    fixture_sync(fixture);

    reopen(fixture);

    group = log_find_group(fixture->log, 1);
    assert_int_equal(log_group_incarnation(group), 2);
    assert_int_equal(log_group_last_index(group), 0);
    assert_int_equal(log_group_vote(group), 0);
}

static void test_a_removed_group_stays_away(void **state)
{
    struct fixture *fixture = *state;
    log_remove_group(fixture->log, log_add_group(fixture->log, 1, 1));
    fixture_sync(fixture);

    reopen(fixture);

    assert_null(log_find_group(fixture->log, 1));
}

/* Replay then begins with an opening that names entries which are gone. */
static void test_a_group_comes_back_once_its_first_segments_are_gone(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = log_add_group(fixture->log, 1, 1);
    for (int i = 0; i < 400; i++)
        fixture_append_size(fixture, group, 700);
    fixture_append(fixture, group, "kept");
    fixture_set_base(fixture, group, 400);
    fixture_settle(fixture);

    reopen(fixture);

    group = log_find_group(fixture->log, 1);
    assert_int_equal(log_group_base(group).index, 400);
    assert_int_equal(log_group_last_index(group), 401);
    assert_entry(group, 401, "kept");
}

static void test_live_bytes_fall_when_segments_go(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = log_add_group(fixture->log, 1, 1);
    for (int i = 0; i < 400; i++)
        fixture_append_size(fixture, group, 700);
    fixture_settle(fixture);
    uint64_t full = log_live_bytes(fixture->log);
    assert_true(full >= 400 * 700);

    fixture_set_base(fixture, group, 400);
    fixture_settle(fixture);

    assert_true(log_live_bytes(fixture->log) < FIXTURE_SEGMENT_SIZE);
}

static void test_figures_count_what_was_written(void **state)
{
    struct fixture *fixture = *state;
    struct log_stats stats;
    log_stats(fixture->log, &stats);
    struct log_group *group = log_add_group(fixture->log, 1, 1);
    for (int i = 0; i < 10; i++)
        fixture_append(fixture, group, "a");
    fixture_sync(fixture);

    struct log_stats after;
    log_stats(fixture->log, &after);
    assert_int_equal(after.record_count, 11);
    assert_int_equal(after.sync_count, stats.sync_count + 1);
    assert_true(after.written_bytes > stats.written_bytes);
    assert_true(after.sync_us_max > 0);
    log_stats(fixture->log, &after);
    assert_int_equal(after.sync_us_max, 0);
}

#define LOG_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOG_TEST(test_a_new_log_is_empty),
        LOG_TEST(test_groups_are_walked_by_id),
        LOG_TEST(test_nothing_is_acknowledged_inside_a_call),
        LOG_TEST(test_all_of_a_group_comes_back),
        LOG_TEST(test_a_restart_goes_on_where_the_log_ended),
        LOG_TEST(test_a_truncation_outlives_a_restart),
        LOG_TEST(test_a_replica_made_anew_has_nothing_of_the_old_one),
        LOG_TEST(test_a_removed_group_stays_away),
        LOG_TEST(test_a_group_comes_back_once_its_first_segments_are_gone),
        LOG_TEST(test_live_bytes_fall_when_segments_go),
        LOG_TEST(test_figures_count_what_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
