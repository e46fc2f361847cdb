#include "core/expression/path.h"

#include "tests/unit/core/expression/notation.h"

static enum path_relation compare(const char *left, const char *right)
{
    OWNED(arena) arena = arena_create();
    enum path_relation relation = path_compare(path_of(arena, left), path_of(arena, right));
    assert_int_equal(path_compare(path_of(arena, right), path_of(arena, left)), relation);
    return relation;
}

static void test_a_path_overlaps_with_what_goes_on_from_it(void **state)
{
    (void)state;
    assert_int_equal(compare("a", "a"), PATHS_OVERLAP);
    assert_int_equal(compare("a", "a.b"), PATHS_OVERLAP);
    assert_int_equal(compare("a", "a[1]"), PATHS_OVERLAP);
    assert_int_equal(compare("a[1].b", "a[1].b.c[2]"), PATHS_OVERLAP);
}

static void test_paths_that_part_stand_apart(void **state)
{
    (void)state;
    assert_int_equal(compare("a", "b"), PATHS_APART);
    assert_int_equal(compare("a.b", "a.c"), PATHS_APART);
    assert_int_equal(compare("a[1]", "a[2]"), PATHS_APART);
    assert_int_equal(compare("a[1].b", "a[2][3]"), PATHS_APART);
}

static void test_a_list_that_would_be_a_map_is_a_conflict(void **state)
{
    (void)state;
    assert_int_equal(compare("a.b", "a[1]"), PATHS_CONFLICT);
    assert_int_equal(compare("a.b.c", "a.b[0].d"), PATHS_CONFLICT);
}

static void test_the_path_of_an_attribute_has_one_step(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct path path = path_of_attribute(arena, slice_of_text("a.b"));
    assert_int_equal(path.count, 1);
    assert_false(path.steps[0].is_index);
    assert_true(slice_is_text(path_attribute(path), "a.b"));
}

static void test_a_path_is_shown_as_its_steps(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    assert_string_equal(path_text(arena, path_of(arena, "a")), "[a]");
    assert_string_equal(path_text(arena, path_of(arena, "a.b[3]")), "[a, b, [3]]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_path_overlaps_with_what_goes_on_from_it),
        cmocka_unit_test(test_paths_that_part_stand_apart),
        cmocka_unit_test(test_a_list_that_would_be_a_map_is_a_conflict),
        cmocka_unit_test(test_the_path_of_an_attribute_has_one_step),
        cmocka_unit_test(test_a_path_is_shown_as_its_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
