#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/buffer.h"
#include "tests/sim/sim_disk.h"

enum { SEED_COUNT = 200 };

static void make_file(struct sim_disk *disk, const char *path, const char *text)
{
    struct sim_node *file;
    assert_int_equal(sim_disk_open(disk, path, true, &file), STATUS_OK);
    assert_int_equal(sim_disk_write(file, 0, slice_of_text(text)), STATUS_OK);
    assert_int_equal(sim_disk_sync(file), STATUS_OK);
    sim_disk_close(file);
}

static bool has_file(struct sim_disk *disk, const char *path)
{
    struct sim_node *file;
    if (sim_disk_open(disk, path, false, &file) != STATUS_OK)
        return false;
    sim_disk_close(file);
    return true;
}

static void add_name(void *context, const char *name)
{
    buffer_append_format(context, "%s ", name);
}

static void test_a_missing_file_is_not_opened_and_a_made_one_is(void **state)
{
    (void)state;
    OWNED(sim_disk) disk = sim_disk_create(1);
    struct sim_node *file;

    assert_int_equal(sim_disk_open(disk, "a", false, &file), STATUS_NOT_FOUND);
    assert_int_equal(sim_disk_open(disk, "no/such/a", true, &file), STATUS_NOT_FOUND);
    make_file(disk, "./a", "x");
    assert_true(has_file(disk, "a"));
}

static void test_a_directory_is_listed_by_name_without_what_is_below(void **state)
{
    (void)state;
    OWNED(sim_disk) disk = sim_disk_create(1);
    SCOPED(buffer) names;
    buffer_init(&names);
    assert_int_equal(sim_disk_directory_create(disk, "/d/e/"), STATUS_OK);
    make_file(disk, "/d/b", "");
    make_file(disk, "/d//a", "");
    make_file(disk, "/d/e/c", "");

    assert_int_equal(sim_disk_directory_list(disk, "/d", add_name, &names), STATUS_OK);

    assert_true(slice_is_text(buffer_slice(&names), "a b e "));
    assert_int_equal(sim_disk_directory_list(disk, "/d/a", add_name, &names), STATUS_NOT_FOUND);
}

static void test_a_new_name_is_kept_once_its_directory_was_synced(void **state)
{
    (void)state;
    int lost_count = 0;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        OWNED(sim_disk) disk = sim_disk_create(seed);
        assert_int_equal(sim_disk_directory_create(disk, "d"), STATUS_OK);
        assert_int_equal(sim_disk_directory_sync(disk, "."), STATUS_OK);
        make_file(disk, "d/kept", "x");
        assert_int_equal(sim_disk_directory_sync(disk, "d"), STATUS_OK);
        make_file(disk, "d/unsure", "x");

        sim_disk_cut_power(disk);

        assert_true(has_file(disk, "d/kept"));
        lost_count += !has_file(disk, "d/unsure");
    }
    assert_true(lost_count > 0 && lost_count < SEED_COUNT);
}

static void test_a_power_cut_keeps_the_first_changes_of_names_and_not_the_last(void **state)
{
    (void)state;
    int only_first_count = 0;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        OWNED(sim_disk) disk = sim_disk_create(seed);
        make_file(disk, "1", "");
        make_file(disk, "2", "");

        sim_disk_cut_power(disk);

        assert_true(has_file(disk, "1") || !has_file(disk, "2"));
        only_first_count += has_file(disk, "1") && !has_file(disk, "2");
    }
    assert_true(only_first_count > 0);
}

static void test_a_directory_that_was_made_survives_and_so_does_what_was_synced_in_it(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        OWNED(sim_disk) disk = sim_disk_create(seed);
        assert_int_equal(sim_disk_directory_create(disk, "/d/e"), STATUS_OK);
        make_file(disk, "/d/e/a", "x");
        assert_int_equal(sim_disk_directory_sync(disk, "/d/e"), STATUS_OK);

        sim_disk_cut_power(disk);

        assert_true(has_file(disk, "/d/e/a"));
    }
}

static void test_a_renamed_file_has_one_of_its_names_after_a_power_cut(void **state)
{
    (void)state;
    int old_count = 0;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        OWNED(sim_disk) disk = sim_disk_create(seed);
        make_file(disk, "old", "x");
        assert_int_equal(sim_disk_directory_sync(disk, ""), STATUS_OK);
        assert_int_equal(sim_disk_rename(disk, "old", "new"), STATUS_OK);
        assert_false(has_file(disk, "old"));

        sim_disk_cut_power(disk);

        assert_int_not_equal(has_file(disk, "old"), has_file(disk, "new"));
        old_count += has_file(disk, "old");
    }
    assert_true(old_count > 0 && old_count < SEED_COUNT);
}

static void test_a_synced_move_between_directories_leaves_no_second_name(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        OWNED(sim_disk) disk = sim_disk_create(seed);
        assert_int_equal(sim_disk_directory_create(disk, "d"), STATUS_OK);
        assert_int_equal(sim_disk_directory_create(disk, "e"), STATUS_OK);
        assert_int_equal(sim_disk_directory_sync(disk, "."), STATUS_OK);
        make_file(disk, "d/a", "x");
        assert_int_equal(sim_disk_rename(disk, "d/a", "e/a"), STATUS_OK);
        assert_int_equal(sim_disk_directory_sync(disk, "e"), STATUS_OK);

        sim_disk_cut_power(disk);

        assert_true(has_file(disk, "e/a"));
        assert_false(has_file(disk, "d/a"));
    }
}

static void test_a_removed_file_can_come_back_until_its_directory_is_synced(void **state)
{
    (void)state;
    int back_count = 0;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        OWNED(sim_disk) disk = sim_disk_create(seed);
        make_file(disk, "synced", "x");
        make_file(disk, "unsynced", "x");
        assert_int_equal(sim_disk_remove(disk, "synced"), STATUS_OK);
        assert_int_equal(sim_disk_directory_sync(disk, "."), STATUS_OK);
        assert_int_equal(sim_disk_remove(disk, "unsynced"), STATUS_OK);

        sim_disk_cut_power(disk);

        assert_false(has_file(disk, "synced"));
        back_count += has_file(disk, "unsynced");
    }
    assert_true(back_count > 0 && back_count < SEED_COUNT);
}

static void test_a_full_disk_refuses_growth_and_takes_what_fits_the_file(void **state)
{
    (void)state;
    OWNED(sim_disk) disk = sim_disk_create(1);
    struct sim_node *file;
    assert_int_equal(sim_disk_open(disk, "a", true, &file), STATUS_OK);
    assert_int_equal(sim_disk_preallocate(file, 100), STATUS_OK);
    sim_disk_faults(disk)->capacity_bytes = 100;

    assert_int_equal(sim_disk_write(file, 98, slice_of_text("abc")), STATUS_DISK_FULL);
    assert_int_equal(sim_disk_preallocate(file, 101), STATUS_DISK_FULL);
    assert_int_equal(sim_disk_write(file, 98, slice_of_text("ab")), STATUS_OK);
    assert_int_equal(sim_disk_size(file), 100);
    sim_disk_close(file);
}

static void test_room_comes_back_when_a_file_is_removed_and_closed(void **state)
{
    (void)state;
    OWNED(sim_disk) disk = sim_disk_create(1);
    struct sim_node *file;
    assert_int_equal(sim_disk_open(disk, "a", true, &file), STATUS_OK);
    assert_int_equal(sim_disk_preallocate(file, 100), STATUS_OK);
    assert_int_equal(sim_disk_remove(disk, "a"), STATUS_OK);
    assert_int_equal(sim_disk_used_bytes(disk), 100);

    sim_disk_close(file);
    assert_int_equal(sim_disk_directory_sync(disk, "."), STATUS_OK);

    assert_int_equal(sim_disk_used_bytes(disk), 0);
}

static void test_failures_are_injected_as_often_as_asked(void **state)
{
    (void)state;
    OWNED(sim_disk) disk = sim_disk_create(1);
    struct sim_node *file;
    char byte;
    size_t size;
    assert_int_equal(sim_disk_open(disk, "a", true, &file), STATUS_OK);
    *sim_disk_faults(disk) = (struct sim_disk_faults){
        .sync_failure_one_in = 1, .write_failure_one_in = 1, .read_failure_one_in = 1};

    assert_int_equal(sim_disk_write(file, 0, slice_of_text("a")), STATUS_IO);
    assert_int_equal(sim_disk_read(file, 0, &byte, 1, &size), STATUS_IO);
    assert_int_equal(sim_disk_sync(file), STATUS_IO);
    sim_disk_faults(disk)->sync_failure_one_in = 0;
    assert_int_equal(sim_disk_sync(file), STATUS_OK);
    sim_disk_close(file);
}

static void test_rot_needs_a_byte_to_rot(void **state)
{
    (void)state;
    OWNED(sim_disk) disk = sim_disk_create(1);
    make_file(disk, "a", "xy");

    assert_int_equal(sim_disk_corrupt(disk, "a", 1), STATUS_OK);
    assert_int_equal(sim_disk_corrupt(disk, "a", 2), STATUS_NOT_FOUND);
    assert_int_equal(sim_disk_corrupt(disk, "b", 0), STATUS_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_missing_file_is_not_opened_and_a_made_one_is),
        cmocka_unit_test(test_a_directory_is_listed_by_name_without_what_is_below),
        cmocka_unit_test(test_a_new_name_is_kept_once_its_directory_was_synced),
        cmocka_unit_test(test_a_power_cut_keeps_the_first_changes_of_names_and_not_the_last),
        cmocka_unit_test(test_a_directory_that_was_made_survives_and_so_does_what_was_synced_in_it),
        cmocka_unit_test(test_a_renamed_file_has_one_of_its_names_after_a_power_cut),
        cmocka_unit_test(test_a_synced_move_between_directories_leaves_no_second_name),
        cmocka_unit_test(test_a_removed_file_can_come_back_until_its_directory_is_synced),
        cmocka_unit_test(test_a_full_disk_refuses_growth_and_takes_what_fits_the_file),
        cmocka_unit_test(test_room_comes_back_when_a_file_is_removed_and_closed),
        cmocka_unit_test(test_failures_are_injected_as_often_as_asked),
        cmocka_unit_test(test_rot_needs_a_byte_to_rot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
