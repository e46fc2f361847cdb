#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/sim_disk.h"
#include "tests/sim/world.h"

enum { SEED_COUNT = 200 };

static struct env_file *file_open(struct env *env)
{
    struct env_file *file;
    assert_int_equal(env_file_open(env, "f", ENV_OPEN_CREATE, &file), STATUS_OK);
    return file;
}

static uint64_t file_size(struct env *env)
{
    struct env_file *file = file_open(env);
    uint64_t size;
    assert_int_equal(env_file_size(file, &size), STATUS_OK);
    env_file_close(file);
    return size;
}

static void test_a_kill_keeps_what_was_written_and_not_synced(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        OWNED(world) world = world_create(seed);
        struct env_file *file = file_open(world_boot(world, 0));
        assert_int_equal(env_file_write(file, 0, slice_of_text("abc")), STATUS_OK);

        world_shutdown(world, 0);
        env_file_close(file);

        assert_int_equal(file_size(world_boot(world, 0)), 3);
    }
}

static void test_a_power_cut_after_a_kill_loses_what_the_kill_had_kept(void **state)
{
    (void)state;
    int lost_count = 0;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        OWNED(world) world = world_create(seed);
        struct env_file *file = file_open(world_boot(world, 0));
        assert_int_equal(env_file_write(file, 0, slice_of_text("abc")), STATUS_OK);
        world_shutdown(world, 0);
        env_file_close(file);

        world_crash(world, 0);

        lost_count += file_size(world_boot(world, 0)) < 3;
    }
    assert_true(lost_count > 0 && lost_count < SEED_COUNT);
}

static void test_files_of_a_dead_process_answer_with_failure_and_change_nothing(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct env *env = world_boot(world, 0);
    struct env_file *file = file_open(env);
    struct env_file *other;
    char bytes[3];
    size_t size;
    world_shutdown(world, 0);

    assert_int_equal(env_file_write(file, 0, slice_of_text("abc")), STATUS_IO);
    assert_int_equal(env_file_read(file, 0, bytes, 3, &size), STATUS_IO);
    assert_int_equal(env_file_sync(file), STATUS_IO);
    assert_int_equal(env_file_remove(env, "f"), STATUS_IO);
    assert_int_equal(env_file_open(env, "f", ENV_OPEN_EXISTING, &other), STATUS_IO);
    env_file_close(file);

    assert_int_equal(file_size(world_boot(world, 0)), 0);
}

static void test_the_power_fails_in_the_midst_of_the_operation_asked_for(void **state)
{
    (void)state;
    int part_count = 0;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        OWNED(world) world = world_create(seed);
        struct env_file *file = file_open(world_boot(world, 0));
        assert_int_equal(env_file_sync(file), STATUS_OK);
        assert_int_equal(env_directory_sync(((struct env_handle *)file)->env, "."), STATUS_OK);

        world_crash_after(world, 0, 2);
        assert_int_equal(env_file_write(file, 0, slice_of_text("a")), STATUS_OK);
        assert_int_equal(env_file_write(file, 1, slice_of_text("bcdefgh")), STATUS_IO);

        assert_false(world_is_running(world, 0));
        env_file_close(file);
        uint64_t size = file_size(world_boot(world, 0));
        assert_true(size <= 8);
        part_count += size > 1 && size < 8;
    }
    assert_true(part_count > 0);
}

static void test_a_sync_that_meets_the_power_cut_promises_nothing(void **state)
{
    (void)state;
    int lost_count = 0;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        OWNED(world) world = world_create(seed);
        struct env_file *file = file_open(world_boot(world, 0));
        assert_int_equal(env_file_write(file, 0, slice_of_text("a")), STATUS_OK);

        world_crash_after(world, 0, 1);
        assert_int_equal(env_file_sync(file), STATUS_IO);
        env_file_close(file);

        lost_count += file_size(world_boot(world, 0)) == 0;
    }
    assert_true(lost_count > 0 && lost_count < SEED_COUNT);
}

static void test_a_directory_is_locked_until_its_process_ends(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct env *first = world_boot(world, 0);
    assert_int_equal(env_directory_lock(first, "d"), STATUS_NOT_FOUND);
    assert_int_equal(env_directory_create(first, "d"), STATUS_OK);

    assert_int_equal(env_directory_lock(first, "d"), STATUS_OK);
    assert_int_equal(env_directory_lock(first, "d"), STATUS_BUSY);
    world_shutdown(world, 0);

    assert_int_equal(env_directory_lock(world_boot(world, 0), "d"), STATUS_OK);
}

static void test_each_machine_has_a_disk_of_its_own(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct env_file *file = file_open(world_boot(world, 0));
    assert_int_equal(env_file_write(file, 0, slice_of_text("abc")), STATUS_OK);
    env_file_close(file);

    assert_int_equal(file_size(world_boot(world, 1)), 0);
}

struct blocking {
    struct world *world;
    struct env_file *file;
    struct env_timer timer;
    struct env_work work;
    uint64_t called_us;
};

static void note_time(void *context)
{
    struct blocking *blocking = context;
    blocking->called_us = world_now_us(blocking->world);
}

static void sync_file(void *context)
{
    struct blocking *blocking = context;
    assert_int_equal(env_file_sync(blocking->file), STATUS_OK);
}

static void test_an_operation_on_the_loop_blocks_it_and_one_on_a_worker_does_not(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct env *env = world_boot(world, 0);
    struct blocking blocking = {.world = world, .file = file_open(env)};
    world_run_for(world, 1000000);
    sim_disk_faults(world_disk(world, 0))->slowness = 1000;

    uint64_t began_us = world_now_us(world);
    env_work_start(env, &blocking.work, sync_file, note_time, &blocking);
    env_timer_start(env, &blocking.timer, 20000, note_time, &blocking);
    world_run_for(world, 30000);
    assert_in_range(blocking.called_us - began_us, 20000, 20100);
    world_run_for(world, 60000000);
    assert_true(blocking.called_us - began_us >= 75000);

    began_us = world_now_us(world);
    sync_file(&blocking);
    env_timer_start(env, &blocking.timer, 1, note_time, &blocking);
    world_run_for(world, 60000000);
    assert_true(blocking.called_us - began_us >= 75000);
    env_file_close(blocking.file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_kill_keeps_what_was_written_and_not_synced),
        cmocka_unit_test(test_a_power_cut_after_a_kill_loses_what_the_kill_had_kept),
        cmocka_unit_test(test_files_of_a_dead_process_answer_with_failure_and_change_nothing),
        cmocka_unit_test(test_the_power_fails_in_the_midst_of_the_operation_asked_for),
        cmocka_unit_test(test_a_sync_that_meets_the_power_cut_promises_nothing),
        cmocka_unit_test(test_a_directory_is_locked_until_its_process_ends),
        cmocka_unit_test(test_each_machine_has_a_disk_of_its_own),
        cmocka_unit_test(test_an_operation_on_the_loop_blocks_it_and_one_on_a_worker_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
