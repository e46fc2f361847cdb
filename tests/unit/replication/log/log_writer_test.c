#include "tests/unit/replication/log/log_fixture.h"

static struct log_group *open_group(struct fixture *fixture)
{
    assert_int_equal(fixture_open(fixture), STATUS_OK);
    return log_add_group(fixture->log, 1, 1);
}

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

static uint64_t sync_count(struct fixture *fixture)
{
    struct log_stats stats;
    log_stats(fixture->log, &stats);
    return stats.sync_count;
}

static void step_until_busy(struct fixture *fixture)
{
    while (!fixture->log->writer.is_busy)
        assert_true(world_step(fixture->world));
}

static void test_what_comes_during_a_write_is_written_together_next(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = open_group(fixture);
    uint64_t before = sync_count(fixture);
    fixture_append(fixture, group, "first");
    step_until_busy(fixture);
    for (int i = 0; i < 100; i++)
        fixture_append(fixture, group, "next");

    fixture_sync(fixture);

    assert_int_equal(sync_count(fixture), before + 2);
}

static void test_a_large_heap_of_records_is_written_in_bounded_batches(void **state)
{
    struct fixture *fixture = *state;
    fixture->options.segment_size = 16 << 20;
    struct log_group *group = open_group(fixture);
    for (int i = 0; i < 12; i++)
        fixture_append_size(fixture, group, 1 << 20);

    LIST_FOR_EACH (link, &fixture->log->batches) {
        struct log_batch *batch = LIST_ELEMENT(link, struct log_batch, link);
        assert_true(batch->end - batch->start <= LOG_BATCH_SIZE_MAX);
    }
    fixture_sync(fixture);
    assert_int_equal(fixture->log->pending_bytes, 0);
}

static void test_a_failed_sync_ends_the_process_and_acknowledges_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = open_group(fixture);
    fixture_append(fixture, group, "a");
    sim_disk_faults(fixture_disk(fixture))->sync_failure_one_in = 1;

    while (world_is_running(fixture->world, FIXTURE_MACHINE))
        assert_true(world_step(fixture->world));

    assert_int_equal(fixture->synced_lsn, 0);
    assert_non_null(world_fatal_reason(fixture->world, FIXTURE_MACHINE));
}

static void test_a_failed_write_ends_the_process_and_acknowledges_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = open_group(fixture);
    fixture_append(fixture, group, "a");
    sim_disk_faults(fixture_disk(fixture))->write_failure_one_in = 1;

    while (world_is_running(fixture->world, FIXTURE_MACHINE))
        assert_true(world_step(fixture->world));

    assert_int_equal(fixture->synced_lsn, 0);
    assert_non_null(world_fatal_reason(fixture->world, FIXTURE_MACHINE));
}

static void test_relaxed_acknowledges_before_the_sync_that_comes_within_a_second(void **state)
{
    struct fixture *fixture = *state;
    fixture->options.durability = LOG_DURABILITY_RELAXED;
    struct log_group *group = open_group(fixture);
    uint64_t lsn = fixture_append(fixture, group, "a");

    fixture_sync(fixture);
    assert_true(fixture->log->durable_lsn < lsn);
    world_run_for(fixture->world, 1200 * 1000);

    assert_int_equal(fixture->log->durable_lsn, lsn);
    uint64_t count = sync_count(fixture);
    world_run_for(fixture->world, 5 * 1000 * 1000);
    assert_int_equal(sync_count(fixture), count);
}

static void test_relaxed_survives_a_kill(void **state)
{
    struct fixture *fixture = *state;
    fixture->options.durability = LOG_DURABILITY_RELAXED;
    struct log_group *group = open_group(fixture);
    fixture_append(fixture, group, "a");
    fixture_sync(fixture);
    fixture_close(fixture);

    assert_int_equal(fixture_open(fixture), STATUS_OK);

    assert_entry(log_find_group(fixture->log, 1), 1, "a");
}

static void test_relaxed_syncs_a_segment_before_the_next_is_written(void **state)
{
    struct fixture *fixture = *state;
    fixture->options.durability = LOG_DURABILITY_RELAXED;
    struct log_group *group = open_group(fixture);
    const struct log_segment *first = fixture->log->tail;
    while (fixture->log->tail == first)
        fixture_append_size(fixture, group, 5000);

    fixture_sync(fixture);

    assert_true(first->written_end == first->end);
    assert_true(first->synced_end == first->end);
}

static void test_the_planted_fault_acknowledges_before_the_write(void **state)
{
    struct fixture *fixture = *state;
    struct log_faults faults = {.acknowledges_before_sync = true};
    fixture->options.faults = &faults;
    struct log_group *group = open_group(fixture);
    uint64_t lsn = fixture_append(fixture, group, "a");

    step_until_busy(fixture);

    assert_int_equal(fixture->synced_lsn, lsn);
    assert_true(fixture->log->durable_lsn < lsn);
}

#define WRITER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WRITER_TEST(test_what_comes_during_a_write_is_written_together_next),
        WRITER_TEST(test_a_large_heap_of_records_is_written_in_bounded_batches),
        WRITER_TEST(test_a_failed_sync_ends_the_process_and_acknowledges_nothing),
        WRITER_TEST(test_a_failed_write_ends_the_process_and_acknowledges_nothing),
        WRITER_TEST(test_relaxed_acknowledges_before_the_sync_that_comes_within_a_second),
        WRITER_TEST(test_relaxed_survives_a_kill),
        WRITER_TEST(test_relaxed_syncs_a_segment_before_the_next_is_written),
        WRITER_TEST(test_the_planted_fault_acknowledges_before_the_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
