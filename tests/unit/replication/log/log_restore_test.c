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

/* Three segments and a bit, all of it needed; the process has ended. */
static void build(struct fixture *fixture)
{
    assert_int_equal(fixture_open(fixture), STATUS_OK);
    struct log_group *group = log_add_group(fixture->log, 1, 1);
    while (fixture->log->tail->header.generation < 4) {
        fixture_append_size(fixture, group, 3000);
        fixture_sync(fixture);
    }
    for (int i = 0; i < 3; i++) {
        fixture_append(fixture, group, "text");
        fixture_sync(fixture);
    }
    fixture_settle(fixture);
    fixture_close(fixture);
}

static void path_of(uint64_t generation, enum segment_state state, char out_path[64])
{
    char *path = segment_path(FIXTURE_PATH, generation, state);
    snprintf(out_path, 64, "%s", path);
    memory_free(path);
}

static void remove_segment(struct fixture *fixture, uint64_t generation)
{
    char path[64];
    path_of(generation, SEGMENT_LOG, path);
    assert_int_equal(sim_disk_remove(fixture_disk(fixture), path), STATUS_OK);
}

static void damage(struct fixture *fixture, uint64_t generation, uint64_t offset)
{
    char path[64];
    path_of(generation, SEGMENT_LOG, path);
    assert_int_equal(sim_disk_corrupt(fixture_disk(fixture), path, offset), STATUS_OK);
}

static void copy_file(struct fixture *fixture, const char *from, const char *to)
{
    static uint8_t bytes[FIXTURE_SEGMENT_SIZE];
    struct sim_node *source;
    struct sim_node *target;
    size_t size;
    assert_int_equal(sim_disk_open(fixture_disk(fixture), from, false, &source), STATUS_OK);
    assert_int_equal(sim_disk_open(fixture_disk(fixture), to, true, &target), STATUS_OK);
    assert_int_equal(sim_disk_read(source, 0, bytes, sizeof bytes, &size), STATUS_OK);
    assert_int_equal(sim_disk_write(target, 0, slice_of(bytes, size)), STATUS_OK);
    sim_disk_close(source);
    sim_disk_close(target);
}

static void test_what_was_built_comes_back(void **state)
{
    struct fixture *fixture = *state;
    build(fixture);

    assert_int_equal(fixture_open(fixture), STATUS_OK);

    struct log_group *group = log_find_group(fixture->log, 1);
    assert_entry(group, log_group_last_index(group), "text");
}

/* The directory is empty, or holds what the making of the first segment left. */
static void test_a_crash_at_any_moment_of_the_first_opening_leaves_an_empty_log(void **state)
{
    (void)state;
    for (uint64_t operation = 1; operation < 12; operation++) {
        struct fixture fixture;
        fixture_init(&fixture, operation);
        world_crash_after(fixture.world, FIXTURE_MACHINE, operation);
        enum status status = fixture_open(&fixture);
        fixture_crash(&fixture);
        if (operation < 6)
            assert_int_equal(status, STATUS_IO);

        assert_int_equal(fixture_open(&fixture), STATUS_OK);
        size_t position = 0;
        assert_null(log_next_group(fixture.log, &position));
        fixture_deinit(&fixture);
    }
}

static void test_an_unused_segment_is_made_a_spare_and_its_generation_not_used(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), STATUS_OK);
    struct log_group *group = log_add_group(fixture->log, 1, 1);
    for (int i = 0; i < 8; i++)
        fixture_append_size(fixture, group, 3000);
    fixture_settle(fixture);
    const struct log_segment *ahead = log_segment_after(fixture->log, fixture->log->tail);
    assert_int_equal(ahead->header.generation, 2);
    fixture_close(fixture);

    assert_int_equal(fixture_open(fixture), STATUS_OK);

    assert_int_equal(fixture->log->tail->header.generation, 3);
    assert_int_equal(fixture_count_files(fixture, ".log"), 2);
}

static void test_nothing_is_written_into_a_segment_of_an_earlier_process(void **state)
{
    struct fixture *fixture = *state;
    build(fixture);

    assert_int_equal(fixture_open(fixture), STATUS_OK);

    assert_true(fixture->log->tail->header.generation > 4);
    assert_int_equal(fixture->log->writer.written->header.generation,
                     fixture->log->tail->header.generation);
}

static void test_a_missing_segment_in_the_middle_is_corruption(void **state)
{
    struct fixture *fixture = *state;
    build(fixture);
    remove_segment(fixture, 2);

    assert_int_equal(fixture_open(fixture), STATUS_CORRUPT);
}

static void test_missing_first_segments_are_corruption_while_they_are_needed(void **state)
{
    struct fixture *fixture = *state;
    build(fixture);
    remove_segment(fixture, 1);

    assert_int_equal(fixture_open(fixture), STATUS_CORRUPT);
}

static void test_a_bad_record_in_an_earlier_segment_is_corruption(void **state)
{
    struct fixture *fixture = *state;
    build(fixture);
    damage(fixture, 2, 20000);

    assert_int_equal(fixture_open(fixture), STATUS_CORRUPT);
}

static void test_a_bad_record_before_the_last_batch_is_corruption(void **state)
{
    struct fixture *fixture = *state;
    build(fixture);
    damage(fixture, 4, SEGMENT_HEADER_SIZE + 20);

    assert_int_equal(fixture_open(fixture), STATUS_CORRUPT);
}

static void test_a_bad_header_is_corruption(void **state)
{
    struct fixture *fixture = *state;
    build(fixture);
    damage(fixture, 4, 17);

    assert_int_equal(fixture_open(fixture), STATUS_CORRUPT);
}

static void test_a_segment_in_the_place_of_another_is_corruption(void **state)
{
    struct fixture *fixture = *state;
    char from[64];
    char to[64];
    build(fixture);
    path_of(2, SEGMENT_LOG, from);
    path_of(3, SEGMENT_LOG, to);
    copy_file(fixture, from, to);

    assert_int_equal(fixture_open(fixture), STATUS_CORRUPT);
}

static void test_a_corrupt_log_is_left_as_it_is(void **state)
{
    struct fixture *fixture = *state;
    build(fixture);
    damage(fixture, 2, 20000);
    struct fixture_files before = fixture_files(fixture);

    assert_int_equal(fixture_open(fixture), STATUS_CORRUPT);

    struct fixture_files after = fixture_files(fixture);
    assert_int_equal(after.count, before.count);
    assert_memory_equal(after.names, before.names, sizeof before.names[0] * before.count);
}

static void test_a_segment_that_comes_back_after_it_was_retired_does_no_harm(void **state)
{
    struct fixture *fixture = *state;
    char from[64];
    char to[64];
    build(fixture);
    assert_int_equal(fixture_open(fixture), STATUS_OK);
    struct log_group *group = log_find_group(fixture->log, 1);
    uint64_t last = log_group_last_index(group);
    fixture_set_base(fixture, group, last - 1);
    fixture_settle(fixture);
    fixture_close(fixture);
    path_of(3, SEGMENT_SPARE, from);
    path_of(3, SEGMENT_LOG, to);
    assert_int_equal(sim_disk_rename(fixture_disk(fixture), from, to), STATUS_OK);

    assert_int_equal(fixture_open(fixture), STATUS_OK);

    group = log_find_group(fixture->log, 1);
    assert_int_equal(log_group_base(group).index, last - 1);
    assert_entry(group, last, "text");
}

/* A process ended between the two steps by which it retired a segment. */
static void retire_without_sync(struct fixture *fixture, uint64_t generation)
{
    char from[64];
    char to[64];
    path_of(generation, SEGMENT_LOG, from);
    path_of(generation, SEGMENT_SPARE, to);
    assert_int_equal(sim_disk_rename(fixture_disk(fixture), from, to), STATUS_OK);
}

static void test_a_spare_is_not_used_before_its_name_is_durable(void **state)
{
    (void)state;
    for (uint64_t operation = 1; operation <= 40; operation++) {
        struct fixture fixture;
        fixture_init(&fixture, operation);
        build(&fixture);
        assert_int_equal(fixture_open(&fixture), STATUS_OK);
        struct log_group *group = log_find_group(fixture.log, 1);
        uint64_t last = log_group_last_index(group);
        fixture_set_base(&fixture, group, last);
        fixture_sync(&fixture);
        fixture_close(&fixture);
        assert_int_equal(fixture_count_files(&fixture, ".spare"), 0);
        retire_without_sync(&fixture, 1);

        world_crash_after(fixture.world, FIXTURE_MACHINE, operation);
        enum status status = fixture_open(&fixture);
        assert_true(status == STATUS_OK || status == STATUS_IO);
        fixture_crash(&fixture);

        assert_int_equal(fixture_open(&fixture), STATUS_OK);
        assert_int_equal(log_group_last_index(log_find_group(fixture.log, 1)), last);
        fixture_deinit(&fixture);
    }
}

static void test_no_generation_of_any_file_is_used_again(void **state)
{
    struct fixture *fixture = *state;
    struct sim_node *file;
    build(fixture);
    assert_int_equal(
        sim_disk_open(fixture_disk(fixture), FIXTURE_PATH "/00000000000000ab.spare", true, &file),
        STATUS_OK);
    sim_disk_close(file);

    assert_int_equal(fixture_open(fixture), STATUS_OK);

    assert_int_equal(fixture->log->tail->header.generation, 0xac);
}

static void test_spares_of_another_size_and_too_many_are_removed(void **state)
{
    struct fixture *fixture = *state;
    build(fixture);
    fixture->options.segment_size = 2 * FIXTURE_SEGMENT_SIZE;
    assert_int_equal(fixture_open(fixture), STATUS_OK);
    struct log_group *group = log_find_group(fixture->log, 1);
    fixture_set_base(fixture, group, log_group_last_index(group));
    fixture_settle(fixture);

    assert_int_equal(fixture_count_files(fixture, ".spare"), 0);
    assert_int_equal(fixture_count_files(fixture, ".log"), 1);
}

static void test_files_of_others_are_left_alone(void **state)
{
    struct fixture *fixture = *state;
    struct sim_node *file;
    build(fixture);
    assert_int_equal(sim_disk_open(fixture_disk(fixture), FIXTURE_PATH "/LOCK", true, &file),
                     STATUS_OK);
    sim_disk_close(file);

    assert_int_equal(fixture_open(fixture), STATUS_OK);

    assert_int_equal(fixture_count_files(fixture, "LOCK"), 1);
}

static void test_a_disk_that_cannot_be_read_is_no_corruption(void **state)
{
    struct fixture *fixture = *state;
    build(fixture);
    sim_disk_faults(fixture_disk(fixture))->read_failure_one_in = 1;

    assert_int_equal(fixture_open(fixture), STATUS_IO);
}

#define RESTORE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RESTORE_TEST(test_what_was_built_comes_back),
        RESTORE_TEST(test_a_crash_at_any_moment_of_the_first_opening_leaves_an_empty_log),
        RESTORE_TEST(test_an_unused_segment_is_made_a_spare_and_its_generation_not_used),
        RESTORE_TEST(test_nothing_is_written_into_a_segment_of_an_earlier_process),
        RESTORE_TEST(test_a_missing_segment_in_the_middle_is_corruption),
        RESTORE_TEST(test_missing_first_segments_are_corruption_while_they_are_needed),
        RESTORE_TEST(test_a_bad_record_in_an_earlier_segment_is_corruption),
        RESTORE_TEST(test_a_bad_record_before_the_last_batch_is_corruption),
        RESTORE_TEST(test_a_bad_header_is_corruption),
        RESTORE_TEST(test_a_segment_in_the_place_of_another_is_corruption),
        RESTORE_TEST(test_a_corrupt_log_is_left_as_it_is),
        RESTORE_TEST(test_a_segment_that_comes_back_after_it_was_retired_does_no_harm),
        RESTORE_TEST(test_a_spare_is_not_used_before_its_name_is_durable),
        RESTORE_TEST(test_no_generation_of_any_file_is_used_again),
        RESTORE_TEST(test_spares_of_another_size_and_too_many_are_removed),
        RESTORE_TEST(test_files_of_others_are_left_alone),
        RESTORE_TEST(test_a_disk_that_cannot_be_read_is_no_corruption),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
