#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/world.h"

enum { SEED_COUNT = 200 };

struct job {
    struct world *world;
    struct env *env;
    struct env_work work;
    int work_count;
    int done_count;
    uint64_t work_us;
    uint64_t done_us;
};

static void job_work(void *context)
{
    struct job *job = context;
    job->work_count++;
    job->work_us = world_now_us(job->world);
}

static void job_done(void *context)
{
    struct job *job = context;
    job->done_count++;
    job->done_us = world_now_us(job->world);
}

static void job_crash(void *context)
{
    struct job *job = context;
    job_work(context);
    world_crash(job->world, 0);
}

static void job_start(struct job *job, env_fn work_fn)
{
    env_work_start(job->env, &job->work, work_fn, job_done, job);
}

static void test_a_work_runs_and_then_is_done_each_once_and_later(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct job job = {.world = world, .env = world_boot(world, 0)};

    job_start(&job, job_work);
    assert_int_equal(job.work_count, 0);
    world_run_for(world, 1000000);

    assert_int_equal(job.work_count, 1);
    assert_int_equal(job.done_count, 1);
    assert_true(job.done_us > job.work_us);
}

static void test_works_overtake_each_other(void **state)
{
    (void)state;
    int overtaken_count = 0;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        OWNED(world) world = world_create(seed);
        struct env *env = world_boot(world, 0);
        struct job first = {.world = world, .env = env}, second = first;
        job_start(&first, job_work);
        job_start(&second, job_work);
        world_run_for(world, 1000000);
        overtaken_count += second.work_us < first.work_us;
    }
    assert_in_range(overtaken_count, SEED_COUNT / 4, SEED_COUNT * 3 / 4);
}

static void test_a_work_of_a_dead_process_is_never_done_nor_run(void **state)
{
    (void)state;
    int between_count = 0;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        OWNED(world) world = world_create(seed);
        struct job job = {.world = world, .env = world_boot(world, 0)};
        job_start(&job, job_work);
        world_run_for(world, random_below(world_random(world), 100));
        int work_count = job.work_count, done_count = job.done_count;

        world_shutdown(world, 0);
        world_run_for(world, 1000000);

        assert_int_equal(job.work_count, work_count);
        assert_int_equal(job.done_count, done_count);
        between_count += work_count > done_count;
    }
    assert_true(between_count > 0);
}

static void test_a_process_that_dies_in_a_work_is_not_told_of_its_end(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct job job = {.world = world, .env = world_boot(world, 0)};

    job_start(&job, job_crash);
    world_run_for(world, 1000000);

    assert_int_equal(job.work_count, 1);
    assert_int_equal(job.done_count, 0);
    job_start(&job, job_work);
    world_run_for(world, 1000000);
    assert_int_equal(job.work_count, 1);
}

static void test_the_workers_of_a_paused_process_stand_still(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct job job = {.world = world, .env = world_boot(world, 0)};
    job_start(&job, job_work);

    world_pause(world, 0, 500000);
    world_run_until(world, 499999);
    assert_int_equal(job.work_count, 0);
    world_run_until(world, 1000000);

    assert_int_equal(job.done_count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_work_runs_and_then_is_done_each_once_and_later),
        cmocka_unit_test(test_works_overtake_each_other),
        cmocka_unit_test(test_a_work_of_a_dead_process_is_never_done_nor_run),
        cmocka_unit_test(test_a_process_that_dies_in_a_work_is_not_told_of_its_end),
        cmocka_unit_test(test_the_workers_of_a_paused_process_stand_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
