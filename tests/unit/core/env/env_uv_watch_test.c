#include "tests/unit/core/env/env_fixture.h"

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
        cmocka_unit_test(test_a_watch_calls_as_long_as_there_is_something_to_read),
        cmocka_unit_test(test_a_stopped_watch_is_silent),
        cmocka_unit_test(test_what_cannot_be_watched_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
