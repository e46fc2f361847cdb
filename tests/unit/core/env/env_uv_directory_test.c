#include "tests/unit/core/env/env_fixture.h"

#include <sys/stat.h>

static void add_name(void *context, const char *name)
{
    buffer_append_format(context, "%s,", name);
}

static void test_a_directory_is_made_with_its_parents_and_again_without_complaint(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    char *directory = fixture_directory();
    const char *path = fixture_path(directory, "a/b//c/");
    struct stat facts;

    assert_int_equal(env_directory_create(env, path), STATUS_OK);
    assert_int_equal(env_directory_create(env, path), STATUS_OK);

    assert_int_equal(stat(path, &facts), 0);
    assert_true(S_ISDIR(facts.st_mode));
    assert_int_equal(env_directory_sync(env, path), STATUS_OK);
    fixture_directory_remove(directory);
    env_uv_destroy(env);
}

static void test_a_file_in_the_way_of_a_directory_is_a_failure(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    char *directory = fixture_directory();
    struct env_file *file;
    assert_int_equal(env_file_open(env, fixture_path(directory, "a"), ENV_OPEN_CREATE, &file),
                     STATUS_OK);
    env_file_close(file);

    assert_int_equal(env_directory_create(env, fixture_path(directory, "a")), STATUS_IO);
    assert_int_equal(env_directory_create(env, fixture_path(directory, "a/b")), STATUS_IO);
    assert_int_equal(env_directory_create(env, ""), STATUS_INVALID);

    fixture_directory_remove(directory);
    env_uv_destroy(env);
}

static void test_entries_are_listed_by_name(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    char *directory = fixture_directory();
    SCOPED(buffer) names = {0};
    const char *made[] = {"b", "a10", "B", "a9", ".hidden"};
    for (int i = 0; i < 5; i++)
        assert_int_equal(env_directory_create(env, fixture_path(directory, made[i])), STATUS_OK);

    assert_int_equal(env_directory_list(env, directory, add_name, &names), STATUS_OK);

    assert_true(slice_is_text(buffer_slice(&names), ".hidden,B,a10,a9,b,"));
    fixture_directory_remove(directory);
    env_uv_destroy(env);
}

static void test_a_missing_directory_has_no_list(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    char *directory = fixture_directory();
    SCOPED(buffer) names = {0};
    const char *missing = fixture_path(directory, "a");

    assert_int_equal(env_directory_list(env, missing, add_name, &names), STATUS_NOT_FOUND);
    assert_int_equal(env_directory_sync(env, missing), STATUS_NOT_FOUND);
    assert_int_equal(env_directory_lock(env, missing), STATUS_NOT_FOUND);

    assert_int_equal(names.size, 0);
    fixture_directory_remove(directory);
    env_uv_destroy(env);
}

static void test_a_locked_directory_is_busy_until_its_env_is_gone(void **state)
{
    (void)state;
    struct env *first = fixture_env();
    struct env *second = fixture_env();
    char *directory = fixture_directory();

    assert_int_equal(env_directory_lock(first, directory), STATUS_OK);
    assert_int_equal(env_directory_lock(second, directory), STATUS_BUSY);
    env_uv_destroy(first);
    assert_int_equal(env_directory_lock(second, directory), STATUS_OK);

    env_uv_destroy(second);
    fixture_directory_remove(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_directory_is_made_with_its_parents_and_again_without_complaint),
        cmocka_unit_test(test_a_file_in_the_way_of_a_directory_is_a_failure),
        cmocka_unit_test(test_entries_are_listed_by_name),
        cmocka_unit_test(test_a_missing_directory_has_no_list),
        cmocka_unit_test(test_a_locked_directory_is_busy_until_its_env_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
