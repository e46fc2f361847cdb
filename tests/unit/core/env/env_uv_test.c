#include "tests/unit/core/env/env_fixture.h"

#include <signal.h>
#include <sys/wait.h>

static void test_a_run_stopped_before_it_begins_returns(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    env_uv_stop(env);
    fixture_run(env);
    env_uv_destroy(env);
}

static void count(void *context)
{
    ++*(int *)context;
}

static void test_the_turn_of_a_stop_comes_to_its_end(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    int called = 0;
    struct env_timer stop = {0};
    struct env_task task;
    env_task_init(&task, count, &called);
    env_timer_start(env, &stop, 1000, fixture_stop, env);
    env_defer(env, ENV_PHASE_SEND, &task);

    fixture_run(env);

    assert_int_equal(called, 1);
    env_uv_destroy(env);
}

struct interrupted {
    struct env *env;
    int called;
};

static void on_interrupt(void *context)
{
    struct interrupted *interrupted = context;
    interrupted->called++;
    env_uv_stop(interrupted->env);
}

static void test_a_signal_is_told_on_the_loop(void **state)
{
    (void)state;
    struct interrupted interrupted = {.env = fixture_env()};
    env_uv_on_signal(interrupted.env, SIGTERM, on_interrupt, &interrupted);

    raise(SIGTERM);
    assert_int_equal(interrupted.called, 0);
    fixture_run(interrupted.env);

    assert_int_equal(interrupted.called, 1);
    env_uv_destroy(interrupted.env);
}

static void test_a_broken_pipe_is_no_reason_to_die(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    int descriptors[2];
    assert_int_equal(pipe(descriptors), 0);
    close(descriptors[0]);

    assert_int_equal(write(descriptors[1], "x", 1), -1);

    close(descriptors[1]);
    env_uv_destroy(env);
}

static void test_a_fatal_failure_ends_the_process_at_once(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        struct env *env = fixture_env();
        if (freopen("/dev/null", "w", stderr) == NULL)
            _exit(1);
        env_fatal(env, "the test says so");
        _exit(0);
    }

    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 70);
}

static void test_random_numbers_differ(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    assert_true(env_random_u64(env) != env_random_u64(env));
    env_uv_destroy(env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_run_stopped_before_it_begins_returns),
        cmocka_unit_test(test_the_turn_of_a_stop_comes_to_its_end),
        cmocka_unit_test(test_a_signal_is_told_on_the_loop),
        cmocka_unit_test(test_a_broken_pipe_is_no_reason_to_die),
        cmocka_unit_test(test_a_fatal_failure_ends_the_process_at_once),
        cmocka_unit_test(test_random_numbers_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
