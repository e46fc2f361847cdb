#include "core/expression/set_change.h"

#include "tests/unit/core/expression/endless_work.h"
#include "tests/unit/core/expression/notation.h"

/* `left OPERATION right`, printed. */
static const char *changed(struct arena *arena, char operation, const char *left, const char *right)
{
    OWNED(item_builder) builder = item_builder_create();
    struct value set = value_of(arena, left);
    struct value other = value_of(arena, right);
    struct slice item;
    item_builder_name(builder, slice_of_text("v"));
    if (operation == '+')
        set_write_union(builder, set, other, endless_work());
    else if (set_has_more(set, other, endless_work()))
        set_write_difference(builder, set, other, endless_work());
    else
        item_builder_null(builder);
    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_NONE);
    return text_of(arena, item);
}

static void assert_changes(char operation, const char *left, const char *right,
                           const char *expected)
{
    OWNED(arena) arena = arena_create();
    assert_string_equal(changed(arena, operation, left, right),
                        arena_format(arena, "{v: %s}", expected));
}

static void test_a_union_has_the_elements_of_both_once(void **state)
{
    (void)state;
    assert_changes('+', "<1, 3>", "<2>", "<1, 2, 3>");
    assert_changes('+', "<1, 3>", "<3, 1.0>", "<1, 3>");
    assert_changes('+', "<1>", "<-5, 2, 100>", "<-5, 1, 2, 100>");
    assert_changes('+', "<'b', 'aa'>", "<'a', 'b', 'c'>", "<'a', 'aa', 'b', 'c'>");
    assert_changes('+', "<'', 'long'>", "<'z'>", "<'', 'long', 'z'>");
    assert_changes('+', "<b'x'>", "<b'w', b'x'>", "<b'w', b'x'>");
}

static void test_a_difference_has_those_that_are_not_taken(void **state)
{
    (void)state;
    assert_changes('-', "<1, 2, 3>", "<2>", "<1, 3>");
    assert_changes('-', "<1, 2, 3>", "<0, 1, 2.5, 4>", "<2, 3>");
    assert_changes('-', "<'aa', 'b'>", "<'a', 'b'>", "<'aa'>");
    assert_changes('-', "<'a'>", "<'b'>", "<'a'>");
    assert_changes('-', "<b'x', b'y'>", "<b'x'>", "<b'y'>");
}

static void test_nothing_is_left_when_all_are_taken(void **state)
{
    (void)state;
    assert_changes('-', "<1, 2>", "<1, 2>", "null");
    assert_changes('-', "<1, 2>", "<0, 1, 2, 3>", "null");
    assert_changes('-', "<'a'>", "<'', 'a'>", "null");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_union_has_the_elements_of_both_once),
        cmocka_unit_test(test_a_difference_has_those_that_are_not_taken),
        cmocka_unit_test(test_nothing_is_left_when_all_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
