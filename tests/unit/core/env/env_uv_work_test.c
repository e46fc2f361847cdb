#include "tests/unit/core/env/env_fixture.h"

#include <pthread.h>

struct job {
    struct env *env;
    struct env_work work;
    pthread_t worker;
    pthread_t loop;
    int done_count;
    int runs_wanted;
};

static void job_work(void *context)
{
    struct job *job = context;
    job->worker = pthread_self();
}

static void job_done(void *context)
{
    struct job *job = context;
    job->loop = pthread_self();
    if (++job->done_count < job->runs_wanted)
        env_work_start(job->env, &job->work, job_work, job_done, job);
}

static void job_done_and_stop(void *context)
{
    job_done(context);
    env_uv_stop(((struct job *)context)->env);
}

static void test_a_work_runs_on_a_worker_and_is_done_on_the_loop(void **state)
{
    (void)state;
    struct job job = {.env = fixture_env()};

    env_work_start(job.env, &job.work, job_work, job_done_and_stop, &job);
    assert_int_equal(job.done_count, 0);
    fixture_run(job.env);

    assert_int_equal(job.done_count, 1);
    assert_false(pthread_equal(job.worker, pthread_self()));
    assert_true(pthread_equal(job.loop, pthread_self()));
    env_uv_destroy(job.env);
}

static void test_a_work_may_be_started_again_when_it_is_done(void **state)
{
    (void)state;
    struct job job = {.env = fixture_env(), .runs_wanted = 100};

    env_work_start(job.env, &job.work, job_work, job_done, &job);
    env_uv_finish_works(job.env);

    assert_int_equal(job.done_count, 100);
    env_uv_destroy(job.env);
}

static void test_finishing_waits_for_all_works(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    struct job jobs[50] = {0};
    for (int i = 0; i < 50; i++) {
        jobs[i].env = env;
        env_work_start(env, &jobs[i].work, job_work, job_done, &jobs[i]);
    }

    env_uv_finish_works(env);

    for (int i = 0; i < 50; i++)
        assert_int_equal(jobs[i].done_count, 1);
    env_uv_destroy(env);
}

struct watched {
    struct env *env;
    int descriptors[2];
    char read[16];
    size_t size;
};

static void watched_read(void *context)
{
    struct watched *watched = context;
    ssize_t count = read(watched->descriptors[0], watched->read + watched->size, 1);
    assert_int_equal(count, 1);
    if (watched->read[watched->size++] == '.')
        env_uv_stop(watched->env);
}

static void test_a_watch_calls_as_long_as_there_is_something_to_read(void **state)
{
    (void)state;
    struct watched watched = {.env = fixture_env()};
    struct env_watch *watch;
    assert_int_equal(pipe(watched.descriptors), 0);
    assert_int_equal(
        env_watch_start(watched.env, watched.descriptors[0], watched_read, &watched, &watch),
        STATUS_OK);

    assert_int_equal(write(watched.descriptors[1], "ab.", 3), 3);
    fixture_run(watched.env);

    assert_string_equal(watched.read, "ab.");
    env_watch_stop(watch);
    env_uv_destroy(watched.env);
    close(watched.descriptors[0]);
    close(watched.descriptors[1]);
}

static void test_a_stopped_watch_is_silent(void **state)
{
    (void)state;
    struct watched watched = {.env = fixture_env()};
    struct env_watch *watch;
    assert_int_equal(pipe(watched.descriptors), 0);
    assert_int_equal(
        env_watch_start(watched.env, watched.descriptors[0], watched_read, &watched, &watch),
        STATUS_OK);
    assert_int_equal(write(watched.descriptors[1], "a", 1), 1);

    env_watch_stop(watch);
    fixture_run_for(watched.env, 2000);

    assert_int_equal(watched.size, 0);
    env_uv_destroy(watched.env);
    close(watched.descriptors[0]);
    close(watched.descriptors[1]);
}

static void test_what_cannot_be_watched_is_refused(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    struct env_watch *watch;
    assert_int_equal(env_watch_start(env, -1, fixture_stop, env, &watch), STATUS_INVALID);
    env_uv_destroy(env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_work_runs_on_a_worker_and_is_done_on_the_loop),
        cmocka_unit_test(test_a_work_may_be_started_again_when_it_is_done),
        cmocka_unit_test(test_finishing_waits_for_all_works),
        cmocka_unit_test(test_a_watch_calls_as_long_as_there_is_something_to_read),
        cmocka_unit_test(test_a_stopped_watch_is_silent),
        cmocka_unit_test(test_what_cannot_be_watched_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
