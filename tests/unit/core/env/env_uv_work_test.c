#include "tests/unit/core/env/env_fixture.h"

#include <pthread.h>
#include <signal.h>

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

enum { WORKERS_DEFAULT = 4 };

struct meeting {
    struct env_work works[WORKERS_DEFAULT];
    pthread_barrier_t barrier;
    int done_count;
};

static void meet(void *context)
{
    struct meeting *meeting = context;
    (void)pthread_barrier_wait(&meeting->barrier);
}

static void met(void *context)
{
    struct meeting *meeting = context;
    meeting->done_count++;
}

static void test_as_many_works_run_at_once_as_there_are_workers(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    struct meeting meeting = {0};
    pthread_barrier_init(&meeting.barrier, NULL, WORKERS_DEFAULT);
    for (int i = 0; i < WORKERS_DEFAULT; i++)
        env_work_start(env, &meeting.works[i], meet, met, &meeting);

    env_uv_finish_works(env);

    assert_int_equal(meeting.done_count, WORKERS_DEFAULT);
    pthread_barrier_destroy(&meeting.barrier);
    env_uv_destroy(env);
}

static void signals_look(void *context)
{
    sigset_t blocked;
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &blocked), 0);
    *(bool *)context = sigismember(&blocked, SIGTERM) == 1;
}

static void nothing(void *context)
{
    (void)context;
}

static void test_signals_are_not_for_workers(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    struct env_work work;
    bool is_blocked = false;

    env_work_start(env, &work, signals_look, nothing, &is_blocked);
    env_uv_finish_works(env);

    assert_true(is_blocked);
    signals_look(&is_blocked);
    assert_false(is_blocked);
    env_uv_destroy(env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_work_runs_on_a_worker_and_is_done_on_the_loop),
        cmocka_unit_test(test_a_work_may_be_started_again_when_it_is_done),
        cmocka_unit_test(test_finishing_waits_for_all_works),
        cmocka_unit_test(test_as_many_works_run_at_once_as_there_are_workers),
        cmocka_unit_test(test_signals_are_not_for_workers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
