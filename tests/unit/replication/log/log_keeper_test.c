#include "tests/unit/replication/log/log_fixture.h"

static int setup(void **state)
{
    struct fixture *fixture = memory_alloc(sizeof *fixture);
    fixture_init(fixture, 1);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    fixture_deinit(*state);
    memory_free(*state);
    return 0;
}

static struct log_group *open_group(struct fixture *fixture)
{
    assert_int_equal(fixture_open(fixture), STATUS_OK);
    return log_add_group(fixture->log, 1, 1);
}

static void fill(struct fixture *fixture, struct log_group *group, size_t size)
{
    for (size_t done = 0; done < size; done += 4000)
        fixture_append_size(fixture, group, 4000);
}

static void test_a_new_log_takes_little_of_the_disk(void **state)
{
    struct fixture *fixture = *state;
    fixture->options.segment_size = 16 << 20;

    open_group(fixture);
    fixture_settle(fixture);

    assert_int_equal(sim_disk_used_bytes(fixture_disk(fixture)), LOG_FIRST_SEGMENT_SIZE);
}

static void test_segments_grow_to_their_full_size(void **state)
{
    struct fixture *fixture = *state;
    fixture->options.segment_size = 2 << 20;
    struct log_group *group = open_group(fixture);

    fill(fixture, group, 4 << 20);
    fixture_settle(fixture);

    uint64_t sizes[] = {256 << 10, 1 << 20, 2 << 20, 2 << 20};
    const struct log_segment *segment = NULL;
    for (size_t i = 0; i < 4; i++) {
        segment = log_segment_after(fixture->log, segment);
        assert_int_equal(segment->header.size, sizes[i]);
    }
}

static void test_the_next_segment_is_ready_before_it_is_needed(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = open_group(fixture);

    fill(fixture, group, FIXTURE_SEGMENT_SIZE / 3);
    fixture_settle(fixture);

    struct log_segment *next = log_segment_after(fixture->log, fixture->log->tail);
    assert_non_null(next);
    assert_non_null(next->file);
}

static void test_the_disk_stays_bounded_while_bases_rise(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = open_group(fixture);
    for (int round = 0; round < 100; round++) {
        fill(fixture, group, FIXTURE_SEGMENT_SIZE / 2);
        fixture_set_base(fixture, group, log_group_last_index(group) - 1);
        fixture_settle(fixture);
        assert_true(fixture_count_files(fixture, ".spare") <= LOG_SPARE_COUNT_MAX);
        assert_true(fixture_count_files(fixture, ".log") <= 3);
    }
    assert_true(sim_disk_used_bytes(fixture_disk(fixture)) <=
                (LOG_SPARE_COUNT_MAX + 3) * FIXTURE_SEGMENT_SIZE);
}

static void test_segments_are_used_again(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = open_group(fixture);
    fill(fixture, group, 3 * FIXTURE_SEGMENT_SIZE);
    fixture_set_base(fixture, group, log_group_last_index(group));
    fixture_settle(fixture);
    uint64_t used = sim_disk_used_bytes(fixture_disk(fixture));
    assert_true(fixture_count_files(fixture, ".spare") >= 2);

    fill(fixture, group, 2 * FIXTURE_SEGMENT_SIZE);
    fixture_settle(fixture);

    assert_int_equal(sim_disk_used_bytes(fixture_disk(fixture)), used);
}

static void test_more_spares_than_are_kept_are_removed(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = open_group(fixture);
    fill(fixture, group, 12 * FIXTURE_SEGMENT_SIZE);
    fixture_sync(fixture);
    assert_true(fixture_count_files(fixture, ".log") >= 12);

    fixture_set_base(fixture, group, log_group_last_index(group));
    fixture_settle(fixture);

    assert_int_equal(fixture_count_files(fixture, ".spare"), LOG_SPARE_COUNT_MAX);
    assert_true(fixture_count_files(fixture, ".log") <= 2);
}

static void test_one_group_that_lags_keeps_its_segments(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = open_group(fixture);
    struct log_group *lagging = log_add_group(fixture->log, 2, 1);
    fixture_append(fixture, lagging, "needed");
    fill(fixture, group, 4 * FIXTURE_SEGMENT_SIZE);
    fixture_set_base(fixture, group, log_group_last_index(group));
    fixture_settle(fixture);
    assert_int_equal(fixture_count_files(fixture, ".spare"), 0);

    fixture_set_base(fixture, lagging, 1);
    fixture_settle(fixture);

    assert_true(fixture_count_files(fixture, ".spare") >= 3);
}

static void test_no_segment_goes_before_the_base_is_synced(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = open_group(fixture);
    fill(fixture, group, 3 * FIXTURE_SEGMENT_SIZE);
    fixture_settle(fixture);

    uint64_t lsn = fixture_set_base(fixture, group, log_group_last_index(group));
    while (fixture->synced_lsn < lsn) {
        assert_int_equal(fixture_count_files(fixture, ".spare"), 0);
        assert_true(world_step(fixture->world));
    }
}

static void test_a_full_disk_is_told_and_gets_over(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = open_group(fixture);
    struct sim_disk_faults *faults = sim_disk_faults(fixture_disk(fixture));
    faults->capacity_bytes = 3 * FIXTURE_SEGMENT_SIZE;
    fill(fixture, group, 4 * FIXTURE_SEGMENT_SIZE);
    world_run_for(fixture->world, 10 * 1000 * 1000);
    assert_true(world_is_running(fixture->world, FIXTURE_MACHINE));
    assert_false(log_has_room(fixture->log));
    assert_true(fixture->synced_lsn < fixture->log->appended_lsn);

    faults->capacity_bytes = 0;
    fixture_settle(fixture);

    assert_true(log_has_room(fixture->log));
}

static void test_a_full_disk_gets_over_by_checkpoints(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = open_group(fixture);
    sim_disk_faults(fixture_disk(fixture))->capacity_bytes = 3 * FIXTURE_SEGMENT_SIZE;
    while (log_has_room(fixture->log)) {
        fixture_append_size(fixture, group, 1000);
        fixture_sync(fixture);
        world_run_for(fixture->world, 1000 * 1000);
    }

    fixture_set_base(fixture, group, log_group_last_index(group));
    fixture_settle(fixture);

    assert_true(log_has_room(fixture->log));
}

static void test_too_much_that_waits_leaves_no_room(void **state)
{
    struct fixture *fixture = *state;
    fixture->options.segment_size = 16 << 20;
    struct log_group *group = open_group(fixture);
    for (int i = 0; i < 17; i++)
        fixture_append_size(fixture, group, 2 << 20);
    assert_false(log_has_room(fixture->log));

    fixture_settle(fixture);

    assert_true(log_has_room(fixture->log));
}

#define KEEPER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEEPER_TEST(test_a_new_log_takes_little_of_the_disk),
        KEEPER_TEST(test_segments_grow_to_their_full_size),
        KEEPER_TEST(test_the_next_segment_is_ready_before_it_is_needed),
        KEEPER_TEST(test_the_disk_stays_bounded_while_bases_rise),
        KEEPER_TEST(test_segments_are_used_again),
        KEEPER_TEST(test_more_spares_than_are_kept_are_removed),
        KEEPER_TEST(test_one_group_that_lags_keeps_its_segments),
        KEEPER_TEST(test_no_segment_goes_before_the_base_is_synced),
        KEEPER_TEST(test_a_full_disk_is_told_and_gets_over),
        KEEPER_TEST(test_a_full_disk_gets_over_by_checkpoints),
        KEEPER_TEST(test_too_much_that_waits_leaves_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
