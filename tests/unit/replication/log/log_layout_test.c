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

static void test_a_batch_begins_a_sector_of_its_own(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = log_add_group(fixture->log, 1, 1);
    for (int i = 0; i < 10; i++) {
        fixture_append(fixture, group, "a");
        struct log_batch *batch = LIST_ELEMENT(fixture->log->batches.next, struct log_batch, link);
        assert_int_equal(batch->start % SEGMENT_SECTOR_SIZE, 0);
        assert_true(batch->start >= batch->segment->written_end);
        fixture_sync(fixture);
    }
}

static void test_a_closed_batch_ends_a_page(void **state)
{
    (void)state;
    struct log_batch batch = {.start = 8704, .end = 8800};
    memset(buffer_reserve(&batch.bytes, 96), 1, 96);
    batch.bytes.size = 96;

    log_batch_close(&batch);

    assert_int_equal((batch.start + batch.bytes.size) % SEGMENT_PAGE_SIZE, 0);
    assert_int_equal(batch.bytes.bytes[95], 1);
    assert_int_equal(batch.bytes.bytes[96], 0);
    log_batch_close(&batch);
    buffer_deinit(&batch.bytes);
}

static void test_an_opening_says_what_stood_before_the_record_that_needed_room(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = log_add_group(fixture->log, 1, 1);
    const struct log_segment *first = fixture->log->tail;
    while (fixture->log->tail == first)
        log_append_vote(fixture->log, group, log_group_term(group) + 1, 1);
    uint64_t term = log_group_term(group);
    fixture_sync(fixture);

    reopen(fixture);

    assert_int_equal(log_group_term(log_find_group(fixture->log, 1)), term);
}

static void test_records_wait_for_segments_laid_out_far_ahead(void **state)
{
    struct fixture *fixture = *state;
    struct log_group *group = log_add_group(fixture->log, 1, 1);
    for (int i = 0; i < 100; i++)
        fixture_append_size(fixture, group, 10000);
    assert_true(fixture->log->tail->header.generation > 10);

    fixture_sync(fixture);
    reopen(fixture);

    assert_int_equal(log_group_last_index(log_find_group(fixture->log, 1)), 100);
}

static void test_many_groups_fit_into_each_opening(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t id = 1; id <= 256; id++)
        log_append_vote(fixture->log, log_add_group(fixture->log, id, id), id, id);
    fixture_sync(fixture);
    for (int life = 0; life < 3; life++)
        reopen(fixture);

    struct log_group *group = log_find_group(fixture->log, 256);
    assert_int_equal(log_group_vote(group), 256);
    for (int i = 0; i < 50; i++)
        fixture_append_size(fixture, group, 4000);
    fixture_sync(fixture);
    reopen(fixture);

    assert_int_equal(log_group_last_index(log_find_group(fixture->log, 256)), 50);
    for (uint32_t id = 1; id <= 256; id++)
        assert_int_equal(log_group_term(log_find_group(fixture->log, id)), id);
}

static void test_the_largest_entry_passes_over_segments_too_small_for_it(void **state)
{
    struct fixture *fixture = *state;
    fixture_close(fixture);
    fixture->options.segment_size = 2 * LIMIT_LOG_ENTRY_SIZE;
    assert_int_equal(fixture_open(fixture), STATUS_OK);
    struct log_group *group = log_add_group(fixture->log, 1, 1);
    fixture_append_size(fixture, group, LIMIT_LOG_ENTRY_SIZE);
    fixture_append(fixture, group, "after");
    fixture_sync(fixture);

    reopen(fixture);

    struct log_entry entry;
    group = log_find_group(fixture->log, 1);
    assert_true(log_group_find_entry(group, 1, &entry));
    assert_int_equal(entry.bytes.size, LIMIT_LOG_ENTRY_SIZE);
    assert_entry(group, 2, "after");
}

#define LAYOUT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LAYOUT_TEST(test_a_batch_begins_a_sector_of_its_own),
        LAYOUT_TEST(test_a_closed_batch_ends_a_page),
        LAYOUT_TEST(test_an_opening_says_what_stood_before_the_record_that_needed_room),
        LAYOUT_TEST(test_records_wait_for_segments_laid_out_far_ahead),
        LAYOUT_TEST(test_many_groups_fit_into_each_opening),
        LAYOUT_TEST(test_the_largest_entry_passes_over_segments_too_small_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
