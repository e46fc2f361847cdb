#include "tests/unit/core/env/env_fixture.h"

#include <signal.h>
#include <sys/resource.h>

struct fixture {
    struct env *env;
    char *directory;
};

static struct fixture setup(void)
{
    return (struct fixture){.env = fixture_env(), .directory = fixture_directory()};
}

static void teardown(struct fixture *fixture)
{
    env_uv_destroy(fixture->env);
    fixture_directory_remove(fixture->directory);
}

static struct env_file *open_new(struct fixture *fixture, const char *name)
{
    struct env_file *file;
    assert_int_equal(
        env_file_open(fixture->env, fixture_path(fixture->directory, name), ENV_OPEN_CREATE, &file),
        STATUS_OK);
    return file;
}

static void test_what_is_written_is_read_back(void **state)
{
    (void)state;
    struct fixture fixture = setup();
    struct env_file *file = open_new(&fixture, "a");
    char text[16] = {0};
    size_t size;

    assert_int_equal(env_file_write(file, 3, slice_of_text("world")), STATUS_OK);
    assert_int_equal(env_file_write(file, 0, slice_of_text("the")), STATUS_OK);
    assert_int_equal(env_file_sync(file), STATUS_OK);

    assert_int_equal(env_file_read(file, 0, text, 8, &size), STATUS_OK);
    assert_int_equal(size, 8);
    assert_string_equal(text, "theworld");
    env_file_close(file);
    teardown(&fixture);
}

static void test_a_read_past_the_end_gives_less(void **state)
{
    (void)state;
    struct fixture fixture = setup();
    struct env_file *file = open_new(&fixture, "a");
    char text[16];
    size_t size;
    assert_int_equal(env_file_write(file, 0, slice_of_text("abc")), STATUS_OK);

    assert_int_equal(env_file_read(file, 1, text, sizeof text, &size), STATUS_OK);
    assert_int_equal(size, 2);
    assert_int_equal(env_file_read(file, 100, text, sizeof text, &size), STATUS_OK);
    assert_int_equal(size, 0);

    env_file_close(file);
    teardown(&fixture);
}

static void test_a_missing_file_is_not_made_unless_asked_for(void **state)
{
    (void)state;
    struct fixture fixture = setup();
    const char *path = fixture_path(fixture.directory, "a");
    struct env_file *file;

    assert_int_equal(env_file_open(fixture.env, path, ENV_OPEN_EXISTING, &file), STATUS_NOT_FOUND);

    assert_int_equal(access(path, F_OK), -1);
    teardown(&fixture);
}

static void test_opening_keeps_the_content(void **state)
{
    (void)state;
    struct fixture fixture = setup();
    struct env_file *file = open_new(&fixture, "a");
    assert_int_equal(env_file_write(file, 0, slice_of_text("abc")), STATUS_OK);
    env_file_close(file);
    uint64_t size;

    file = open_new(&fixture, "a");

    assert_int_equal(env_file_size(file, &size), STATUS_OK);
    assert_int_equal(size, 3);
    env_file_close(file);
    teardown(&fixture);
}

static void test_preallocating_adds_zeros_and_keeps_what_is_there(void **state)
{
    (void)state;
    struct fixture fixture = setup();
    struct env_file *file = open_new(&fixture, "a");
    uint8_t last = 1;
    char first[4] = {0};
    size_t size;
    uint64_t file_size;
    assert_int_equal(env_file_write(file, 0, slice_of_text("abc")), STATUS_OK);

    assert_int_equal(env_file_preallocate(file, 200001), STATUS_OK);

    assert_int_equal(env_file_size(file, &file_size), STATUS_OK);
    assert_int_equal(file_size, 200001);
    assert_int_equal(env_file_read(file, 0, first, 3, &size), STATUS_OK);
    assert_string_equal(first, "abc");
    assert_int_equal(env_file_read(file, 200000, &last, 1, &size), STATUS_OK);
    assert_int_equal(last, 0);
    env_file_close(file);
    teardown(&fixture);
}

static void test_preallocating_less_than_there_is_changes_nothing(void **state)
{
    (void)state;
    struct fixture fixture = setup();
    struct env_file *file = open_new(&fixture, "a");
    uint64_t size;
    assert_int_equal(env_file_write(file, 0, slice_of_text("abc")), STATUS_OK);

    assert_int_equal(env_file_preallocate(file, 1), STATUS_OK);

    assert_int_equal(env_file_size(file, &size), STATUS_OK);
    assert_int_equal(size, 3);
    env_file_close(file);
    teardown(&fixture);
}

static void test_a_full_disk_is_told_apart(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    struct env_file *file;
    assert_int_equal(env_file_open(env, "/dev/full", ENV_OPEN_EXISTING, &file), STATUS_OK);

    assert_int_equal(env_file_write(file, 0, slice_of_text("abc")), STATUS_DISK_FULL);

    env_file_close(file);
    env_uv_destroy(env);
}

static void test_a_failed_preallocation_gives_its_space_back(void **state)
{
    (void)state;
    struct fixture fixture = setup();
    struct env_file *file = open_new(&fixture, "a");
    struct rlimit before;
    uint64_t size;
    assert_int_equal(env_file_write(file, 0, slice_of_text("abc")), STATUS_OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_ptr_not_equal(signal(SIGXFSZ, SIG_IGN), SIG_ERR);
    struct rlimit small = {.rlim_cur = 100000, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);

    enum status status = env_file_preallocate(file, 200000);

    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, STATUS_IO);
    assert_int_equal(env_file_size(file, &size), STATUS_OK);
    assert_int_equal(size, 3);
    env_file_close(file);
    teardown(&fixture);
}

static void test_a_renamed_file_has_its_new_name_only(void **state)
{
    (void)state;
    struct fixture fixture = setup();
    const char *from = fixture_path(fixture.directory, "a");
    const char *to = fixture_path(fixture.directory, "b");
    env_file_close(open_new(&fixture, "a"));
    env_file_close(open_new(&fixture, "b"));

    assert_int_equal(env_file_rename(fixture.env, from, to), STATUS_OK);

    assert_int_equal(access(from, F_OK), -1);
    assert_int_equal(access(to, F_OK), 0);
    teardown(&fixture);
}

static void test_a_removed_file_is_gone_and_cannot_be_removed_again(void **state)
{
    (void)state;
    struct fixture fixture = setup();
    const char *path = fixture_path(fixture.directory, "a");
    env_file_close(open_new(&fixture, "a"));

    assert_int_equal(env_file_remove(fixture.env, path), STATUS_OK);

    assert_int_equal(env_file_remove(fixture.env, path), STATUS_NOT_FOUND);
    teardown(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_written_is_read_back),
        cmocka_unit_test(test_a_read_past_the_end_gives_less),
        cmocka_unit_test(test_a_missing_file_is_not_made_unless_asked_for),
        cmocka_unit_test(test_opening_keeps_the_content),
        cmocka_unit_test(test_preallocating_adds_zeros_and_keeps_what_is_there),
        cmocka_unit_test(test_preallocating_less_than_there_is_changes_nothing),
        cmocka_unit_test(test_a_full_disk_is_told_apart),
        cmocka_unit_test(test_a_failed_preallocation_gives_its_space_back),
        cmocka_unit_test(test_a_renamed_file_has_its_new_name_only),
        cmocka_unit_test(test_a_removed_file_is_gone_and_cannot_be_removed_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
