#include "tests/unit/replication/log/log_fixture.h"

/* What a read answered. */
struct answer {
    bool is_there;
    enum status status;
    size_t count;
    uint64_t first_index;
    bool are_sound; /* each entry says its own index */
};

static struct fixture fixture;
static struct log_group *group;

static int setup(void **state)
{
    (void)state;
    fixture_init(&fixture, 1);
    assert_int_equal(fixture_open(&fixture), STATUS_OK);
    group = log_add_group(fixture.log, 1, 1);
    for (uint64_t index = 1; index <= 50; index++)
        fixture_append_bytes(&fixture, group, slice_of(&index, sizeof index));
    fixture_sync(&fixture);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_deinit(&fixture);
    return 0;
}

static void on_answer(void *context, enum status status, const struct log_entry *entries,
                      size_t count)
{
    struct answer *answer = context;
    assert_false(answer->is_there);
    *answer = (struct answer){.is_there = true, .status = status, .count = count};
    answer->first_index = count > 0 ? entries[0].index : 0;
    answer->are_sound = true;
    for (size_t i = 0; i < count; i++)
        answer->are_sound =
            answer->are_sound && entries[i].index == entries[0].index + i &&
            slice_is_equal(entries[i].bytes, slice_of(&entries[i].index, sizeof(uint64_t)));
}

static void wait_for(struct answer *answer)
{
    assert_false(answer->is_there); /* never from inside the call */
    while (!answer->is_there)
        assert_true(world_step(fixture.world));
}

static struct answer read_entries(uint64_t first_index, size_t count)
{
    struct answer answer = {0};
    log_group_read(fixture.log, group, first_index, count, on_answer, &answer);
    wait_for(&answer);
    return answer;
}

static void test_released_entries_are_read_from_disk(void **state)
{
    (void)state;
    log_group_release(group, 30);

    struct answer answer = read_entries(11, 10);

    assert_int_equal(answer.status, STATUS_OK);
    assert_int_equal(answer.count, 10);
    assert_int_equal(answer.first_index, 11);
    assert_true(answer.are_sound);
}

static void test_a_read_may_begin_on_disk_and_end_in_memory(void **state)
{
    (void)state;
    log_group_release(group, 30);
    for (uint64_t index = 51; index <= 55; index++)
        fixture_append_bytes(&fixture, group, slice_of(&index, sizeof index)); /* not written */

    struct answer answer = read_entries(25, 1000);

    assert_int_equal(answer.status, STATUS_OK);
    assert_int_equal(answer.count, 31);
    assert_true(answer.are_sound);
}

static void test_what_is_not_there_is_not_found(void **state)
{
    (void)state;
    fixture_set_base(&fixture, group, 10);

    assert_int_equal(read_entries(10, 5).status, STATUS_NOT_FOUND);
    assert_int_equal(read_entries(51, 5).status, STATUS_NOT_FOUND);
}

static void test_entries_dropped_meanwhile_are_not_given(void **state)
{
    (void)state;
    struct answer truncated = {0};
    struct answer dropped = {0};
    struct log_entry entry = {.index = 40, .term = 2, .type = LOG_ENTRY_COMMAND};
    log_group_release(group, 50);
    log_group_read(fixture.log, group, 38, 10, on_answer, &truncated);
    log_append_entry(fixture.log, group, &entry);
    wait_for(&truncated);
    log_group_read(fixture.log, group, 20, 10, on_answer, &dropped);
    fixture_set_base(&fixture, group, 25);
    wait_for(&dropped);

    assert_int_equal(truncated.status, STATUS_OK);
    assert_int_equal(truncated.count, 2);
    assert_int_equal(dropped.status, STATUS_NOT_FOUND);
}

static void test_a_group_removed_meanwhile_has_no_entries(void **state)
{
    (void)state;
    struct answer answer = {0};
    log_group_release(group, 50);
    log_group_read(fixture.log, group, 1, 10, on_answer, &answer);
    log_remove_group(fixture.log, group);
    group = log_add_group(fixture.log, 1, 2);
    uint64_t index = 1;
    fixture_append_bytes(&fixture, group, slice_of(&index, sizeof index));

    wait_for(&answer);

    assert_int_equal(answer.status, STATUS_NOT_FOUND);
}

static void test_a_segment_is_not_recycled_under_a_read(void **state)
{
    (void)state;
    struct answer answer = {0};
    while (fixture_count_files(&fixture, ".log") < 3) {
        fixture_append_size(&fixture, group, 5000);
        fixture_sync(&fixture);
    }
    log_group_release(group, log_group_last_index(group));
    log_group_read(fixture.log, group, 1, 10, on_answer, &answer);
    fixture_set_base(&fixture, group, log_group_last_index(group));
    while (!answer.is_there) {
        assert_int_equal(fixture_count_files(&fixture, ".spare"), 0);
        assert_true(world_step(fixture.world));
    }
    fixture_settle(&fixture);

    assert_int_equal(answer.status, STATUS_NOT_FOUND);
    assert_true(fixture_count_files(&fixture, ".spare") > 0);
}

static void test_rotten_bytes_are_reported(void **state)
{
    (void)state;
    log_group_release(group, 50);
    const struct log_item *item = log_group_item(group, 7);
    char *path = segment_path(FIXTURE_PATH, item->segment->header.generation, SEGMENT_LOG);
    assert_int_equal(sim_disk_corrupt(fixture_disk(&fixture), path, item->offset + 60), STATUS_OK);
    memory_free(path);

    assert_int_equal(read_entries(5, 10).status, STATUS_CORRUPT);
    assert_int_equal(read_entries(8, 10).status, STATUS_OK);
}

static void test_a_read_is_bounded_but_never_empty(void **state)
{
    (void)state;
    fixture_close(&fixture);
    fixture.options.segment_size = 16 << 20;
    assert_int_equal(fixture_open(&fixture), STATUS_OK);
    group = log_find_group(fixture.log, 1);
    for (int i = 0; i < 4; i++)
        fixture_append_size(&fixture, group, LIMIT_LOG_ENTRY_SIZE);
    fixture_sync(&fixture);
    log_group_release(group, 100);

    struct answer answer = read_entries(51, 4);

    assert_int_equal(answer.status, STATUS_OK);
    assert_int_equal(answer.count, LOG_READ_SIZE_MAX / LIMIT_LOG_ENTRY_SIZE);
}

static void test_a_process_that_dies_answers_no_more(void **state)
{
    (void)state;
    struct answer answer = {0};
    log_group_release(group, 50);
    log_group_read(fixture.log, group, 1, 10, on_answer, &answer);

    fixture_close(&fixture);
    world_run_for(fixture.world, 1000 * 1000);

    assert_false(answer.is_there);
}

#define READ_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_released_entries_are_read_from_disk),
        READ_TEST(test_a_read_may_begin_on_disk_and_end_in_memory),
        READ_TEST(test_what_is_not_there_is_not_found),
        READ_TEST(test_entries_dropped_meanwhile_are_not_given),
        READ_TEST(test_a_group_removed_meanwhile_has_no_entries),
        READ_TEST(test_a_segment_is_not_recycled_under_a_read),
        READ_TEST(test_rotten_bytes_are_reported),
        READ_TEST(test_a_read_is_bounded_but_never_empty),
        READ_TEST(test_a_process_that_dies_answers_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
