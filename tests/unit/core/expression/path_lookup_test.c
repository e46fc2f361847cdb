#include "core/expression/path_lookup.h"

#include "tests/unit/core/expression/endless_work.h"
#include "tests/unit/core/expression/notation.h"

static const char item_text[] =
    "{a: 1, b: {k: 'v', z: null}, l: [10, [20, 21], {m: 30}], s: <'x'>, t: 'text'}";

static void assert_finds(const char *path, const char *expected)
{
    OWNED(arena) arena = arena_create();
    struct value value;

    assert_true(
        path_lookup(item_of(arena, item_text), path_of(arena, path), endless_work(), &value));

    assert_true(value.type == value_of(arena, expected).type);
    assert_true(slice_is_equal(value.payload, value_of(arena, expected).payload));
}

static void assert_finds_nothing(const char *path)
{
    OWNED(arena) arena = arena_create();
    struct value value = {.type = VALUE_NULL};

    assert_false(
        path_lookup(item_of(arena, item_text), path_of(arena, path), endless_work(), &value));

    assert_int_equal(value.type, VALUE_NULL);
}

static void test_attributes_entries_and_elements_are_found(void **state)
{
    (void)state;
    assert_finds("a", "1");
    assert_finds("b.k", "'v'");
    assert_finds("b.z", "null");
    assert_finds("l[0]", "10");
    assert_finds("l[1][1]", "21");
    assert_finds("l[2].m", "30");
    assert_finds("l[2]", "{m: 30}");
}

static void test_what_is_not_there_is_not_found(void **state)
{
    (void)state;
    assert_finds_nothing("aa");
    assert_finds_nothing("A");
    assert_finds_nothing("b.kk");
    assert_finds_nothing("b.zz");
    assert_finds_nothing("l[3]");
    assert_finds_nothing("l[2147483647]");
    assert_finds_nothing("l[2].m.x");
}

static void test_a_step_into_another_type_finds_nothing(void **state)
{
    (void)state;
    assert_finds_nothing("a.k");
    assert_finds_nothing("a[0]");
    assert_finds_nothing("b[0]");
    assert_finds_nothing("l.m");
    assert_finds_nothing("s[0]");
    assert_finds_nothing("s.x");
    assert_finds_nothing("t[0]");
}

static void test_an_item_that_does_not_exist_has_nothing(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct value value;

    assert_false(path_lookup((struct slice){0}, path_of(arena, "a"), endless_work(), &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attributes_entries_and_elements_are_found),
        cmocka_unit_test(test_what_is_not_there_is_not_found),
        cmocka_unit_test(test_a_step_into_another_type_finds_nothing),
        cmocka_unit_test(test_an_item_that_does_not_exist_has_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
