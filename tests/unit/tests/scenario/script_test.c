#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/scenario/script.h"

static void test_a_comment_behind_a_blank_line_begins_a_scenario(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct script script;
    const char *mistake = NULL;
    static const char text[] = "table t pk:S\n\n# First\n# rule.\nput t {}\n# No rule.\nget t {}\n"
                               "   -> ok\n\nscan t\n\n# Second.\nquery t";
    assert_int_equal(script_parse(arena, slice_of_text(text), &script, &mistake), STATUS_OK);

    assert_string_equal(script.preamble->text, "table t pk:S");
    assert_null(script.preamble->next);
    const struct script_scenario *first = script.scenarios, *second = first->next;
    assert_string_equal(first->rule, "First rule.");
    assert_int_equal(first->number, 3);
    assert_string_equal(first->lines->text, "put t {}");
    assert_string_equal(first->lines->next->text, "get t {}\n   -> ok");
    assert_int_equal(first->lines->next->number, 7);
    assert_string_equal(first->lines->next->next->text, "scan t");
    assert_string_equal(second->rule, "Second.");
    assert_string_equal(second->lines->text, "query t");
    assert_null(second->next);
}

static void check_refused(const char *text, const char *expected)
{
    OWNED(arena) arena = arena_create();
    struct script script;
    const char *mistake = NULL;
    assert_int_equal(script_parse(arena, slice_of_text(text), &script, &mistake), STATUS_INVALID);
    assert_string_equal(mistake, expected);
}

static void test_a_file_without_scenarios_is_refused(void **state)
{
    (void)state;
    check_refused("", "no scenario: each begins with a comment");
    check_refused("put t {}\n", "no scenario: each begins with a comment");
}

static void test_a_rule_that_nothing_shows_is_refused(void **state)
{
    (void)state;
    check_refused("# One.\nscan t\n\n# Two.\n", "line 4: a rule without statements");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_comment_behind_a_blank_line_begins_a_scenario),
        cmocka_unit_test(test_a_file_without_scenarios_is_refused),
        cmocka_unit_test(test_a_rule_that_nothing_shows_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
