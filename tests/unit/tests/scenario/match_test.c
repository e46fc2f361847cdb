#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/scenario/match.h"

static struct tree *tree_of(struct arena *arena, const char *json)
{
    struct tree *tree = NULL;
    assert_int_equal(tree_parse(arena, slice_of_text(json), &tree), STATUS_OK);
    return tree;
}

static bool is_match(const char *expected, const char *got, enum match_rule rule)
{
    OWNED(arena) arena = arena_create();
    return match_tree(tree_of(arena, expected), tree_of(arena, got), rule);
}

static void test_equal_documents_match_whatever_the_order_of_members(void **state)
{
    (void)state;
    assert_true(
        is_match("{\"a\":1,\"b\":[true,null]}", "{\"b\":[true,null],\"a\":1}", MATCH_EXACT));
    assert_false(is_match("{\"a\":1}", "{\"a\":2}", MATCH_EXACT));
    assert_false(is_match("{\"a\":\"1\"}", "{\"a\":1}", MATCH_EXACT));
    assert_false(is_match("[1,2]", "[2,1]", MATCH_EXACT));
    assert_false(is_match("[1,2]", "[1]", MATCH_EXACT));
    assert_false(is_match("[1]", "[1,2]", MATCH_EXACT));
}

static void test_numbers_match_by_value_and_texts_do_not(void **state)
{
    (void)state;
    assert_true(is_match("1", "1.0", MATCH_EXACT));
    assert_false(is_match("\"1\"", "\"1.0\"", MATCH_EXACT));
}

static void test_only_a_subset_lets_members_be_left_out(void **state)
{
    (void)state;
    assert_true(is_match("{\"a\":{\"b\":1}}", "{\"a\":{\"b\":1,\"d\":3},\"c\":2}", MATCH_SUBSET));
    assert_true(is_match("{\"a\":{}}", "{\"a\":{},\"c\":2}", MATCH_SUBSET));
    assert_false(is_match("{\"a\":{}}", "{\"a\":{\"b\":1}}", MATCH_SUBSET));
    assert_false(is_match("{\"a\":{}}", "{\"a\":{\"b\":1}}", MATCH_EXACT));
    assert_false(is_match("{\"a\":1,\"d\":1}", "{\"a\":1}", MATCH_SUBSET));
}

static void test_sets_match_in_any_order_and_lists_do_not(void **state)
{
    (void)state;
    assert_true(
        is_match("{\"v\":{\"SS\":[\"a\",\"b\"]}}", "{\"v\":{\"SS\":[\"b\",\"a\"]}}", MATCH_EXACT));
    assert_false(
        is_match("{\"v\":{\"SS\":[\"a\",\"a\"]}}", "{\"v\":{\"SS\":[\"a\",\"b\"]}}", MATCH_EXACT));
    assert_false(
        is_match("{\"v\":{\"L\":[\"a\",\"b\"]}}", "{\"v\":{\"L\":[\"b\",\"a\"]}}", MATCH_EXACT));
}

static void test_any_is_something_and_absent_is_nothing(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct tree *any = tree_create(arena, TREE_ANY), *absent = tree_create(arena, TREE_ABSENT);
    struct tree *null = tree_create(arena, TREE_NULL);

    assert_true(match_tree(any, null, MATCH_EXACT));
    assert_false(match_tree(any, NULL, MATCH_EXACT));
    assert_true(match_tree(absent, NULL, MATCH_EXACT));
    assert_false(match_tree(absent, null, MATCH_EXACT));
    struct tree *object = tree_create(arena, TREE_OBJECT);
    tree_set(object, "a", absent);
    assert_true(match_tree(object, tree_of(arena, "{}"), MATCH_EXACT));
    assert_false(match_tree(object, tree_of(arena, "{\"a\":1}"), MATCH_SUBSET));
}

static void test_unordered_lists_match_element_by_element_once(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct tree *expected = tree_of(arena, "[1,1,2]");

    assert_true(match_unordered(expected, tree_of(arena, "[2,1,1]"), MATCH_EXACT));
    assert_false(match_unordered(expected, tree_of(arena, "[2,2,1]"), MATCH_EXACT));
    assert_false(match_unordered(expected, tree_of(arena, "[1,2]"), MATCH_EXACT));
    assert_false(match_unordered(expected, NULL, MATCH_EXACT));
}

static bool is_text_match(const char *pattern, const char *text)
{
    return match_text(slice_of_text(pattern), slice_of_text(text));
}

static void test_stars_stand_for_any_text(void **state)
{
    (void)state;
    assert_true(is_text_match("a*c", "abc"));
    assert_true(is_text_match("a*c*", "acac"));
    assert_true(is_text_match("*", ""));
    assert_true(is_text_match("a[1]*", "a[1]"));
    assert_false(is_text_match("a*c", "abd"));
    assert_false(is_text_match("abc", "abcd"));
    assert_false(is_text_match("*b", "abc"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_documents_match_whatever_the_order_of_members),
        cmocka_unit_test(test_numbers_match_by_value_and_texts_do_not),
        cmocka_unit_test(test_only_a_subset_lets_members_be_left_out),
        cmocka_unit_test(test_sets_match_in_any_order_and_lists_do_not),
        cmocka_unit_test(test_any_is_something_and_absent_is_nothing),
        cmocka_unit_test(test_unordered_lists_match_element_by_element_once),
        cmocka_unit_test(test_stars_stand_for_any_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
