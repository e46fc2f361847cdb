#include "core/expression/action_outcome.h"

#include "tests/unit/core/expression/endless_work.h"
#include "tests/unit/core/expression/update_notation.h"

static const char item_text[] = "{n: 5, f: 0.1, big: 9E125, s: 'text', ss: <'a', 'b'>, ns: <1, 2>,"
                                " l: [1, 2], e: [], m: {k: 7}, bs: <b'x'>, b: true}";

/* What an action leaves at its path; "nothing" when that is empty. */
static enum update_fault decide(struct arena *arena, const char *text, const char **out_text)
{
    OWNED(item_builder) builder = item_builder_create();
    struct slice item = item_of(arena, item_text);
    const struct update update = update_of(arena, text);
    struct outcome outcome;
    struct value old;
    bool has_old = item_find(item, path_attribute(update.actions[0].path), &old);
    enum update_fault fault =
        outcome_decide(&update.actions[0], has_old ? &old : NULL, endless_reader(item), &outcome);
    if (fault != UPDATE_FAULT_NONE)
        return fault;
    *out_text = "nothing";
    if (outcome.kind == OUTCOME_NOTHING)
        return fault;
    item_builder_name(builder, slice_of_text("v"));
    outcome_write(&outcome, endless_reader(item), builder);
    struct slice written;
    assert_int_equal(item_builder_finish(builder, &written), ITEM_FAULT_NONE);
    *out_text = text_of(arena, written);
    return fault;
}

static void assert_leaves(const char *action, const char *expected)
{
    OWNED(arena) arena = arena_create();
    const char *text = NULL;
    assert_int_equal(decide(arena, action, &text), UPDATE_FAULT_NONE);
    assert_string_equal(text, arena_format(arena, "{v: %s}", expected));
}

static void assert_leaves_nothing(const char *action)
{
    OWNED(arena) arena = arena_create();
    const char *text = NULL;
    assert_int_equal(decide(arena, action, &text), UPDATE_FAULT_NONE);
    assert_string_equal(text, "nothing");
}

static void assert_faults(const char *action, enum update_fault expected)
{
    OWNED(arena) arena = arena_create();
    const char *text = NULL;
    assert_int_equal(decide(arena, action, &text), expected);
    assert_null(text);
}

static void test_set_takes_values_and_what_stands_at_paths(void **state)
{
    (void)state;
    assert_leaves("set n = {a: [1, <2>]}", "{a: [1, <2>]}");
    assert_leaves("set n = $m.k", "7");
    assert_leaves("set x = $l[1]", "2");
    assert_leaves("set x = $b", "true");
}

static void test_numbers_are_added_and_subtracted_exactly(void **state)
{
    (void)state;
    assert_leaves("set n = plus($n, 1)", "6");
    assert_leaves("set n = minus($n, 8)", "-3");
    assert_leaves("set n = minus($n, 5)", "0");
    assert_leaves("set n = plus($f, 0.2)", "0.3");
    assert_leaves("set x = minus($m.k, $n)", "2");
    assert_leaves("set x = plus(plus(1, 2), minus($n, 1))", "7");
}

static void test_numbers_out_of_range_or_too_long_are_faults(void **state)
{
    (void)state;
    assert_faults("set big = plus($big, $big)", UPDATE_FAULT_NUMBER_OVERFLOW);
    assert_faults("set x = minus(-9E125, $big)", UPDATE_FAULT_NUMBER_OVERFLOW);
    assert_faults("set x = minus(1.1E-130, 1E-130)", UPDATE_FAULT_NUMBER_UNDERFLOW);
    assert_faults("set x = plus(1E38, $f)", UPDATE_FAULT_NUMBER_DIGITS);
    assert_faults("add big 9E125", UPDATE_FAULT_NUMBER_OVERFLOW);
    assert_faults("add big 1", UPDATE_FAULT_NUMBER_DIGITS);
}

static void test_arithmetic_of_anything_but_numbers_is_a_fault(void **state)
{
    (void)state;
    assert_faults("set x = plus($s, 1)", UPDATE_FAULT_TYPE);
    assert_faults("set x = plus(1, $ns)", UPDATE_FAULT_TYPE);
    assert_faults("set x = minus($n, $b)", UPDATE_FAULT_TYPE);
    assert_faults("set x = minus($n, append($l, $l))", UPDATE_FAULT_TYPE);
}

static void test_if_not_exists_takes_what_is_there_or_else_the_other(void **state)
{
    (void)state;
    assert_leaves("set n = default($n, 0)", "5");
    assert_leaves("set x = default($x, 0)", "0");
    assert_leaves("set x = default($x, $m.k)", "7");
    assert_leaves("set x = default($x, default($y, default($l[1], 9)))", "2");
    assert_leaves("set x = plus(default($x, 0), 1)", "1");
    assert_leaves("set x = default($n, $missing)", "5");
}

static void test_list_append_puts_lists_together(void **state)
{
    (void)state;
    assert_leaves("set l = append($l, [3])", "[1, 2, 3]");
    assert_leaves("set l = append([0], $l)", "[0, 1, 2]");
    assert_leaves("set x = append(default($x, []), [1])", "[1]");
    assert_leaves("set x = append($e, $e)", "[]");
    assert_leaves("set x = append(append($l, ['a']), append($e, default($l, [])))",
                  "[1, 2, 'a', 1, 2]");
    assert_leaves("set x = default($x, append($l, [3]))", "[1, 2, 3]");
}

static void test_list_append_of_anything_but_lists_is_a_fault(void **state)
{
    (void)state;
    assert_faults("set l = append($l, 3)", UPDATE_FAULT_TYPE);
    assert_faults("set l = append($n, [3])", UPDATE_FAULT_TYPE);
    assert_faults("set l = append($l, append($l, $ss))", UPDATE_FAULT_TYPE);
    assert_faults("set l = append($l, plus(1, 2))", UPDATE_FAULT_TYPE);
    assert_faults("set l = append($l, default($x, {}))", UPDATE_FAULT_TYPE);
}

static void test_add_adds_to_numbers_and_sets_or_begins_them(void **state)
{
    (void)state;
    assert_leaves("add n 2.5", "7.5");
    assert_leaves("add n -5", "0");
    assert_leaves("add x 3", "3");
    assert_leaves("add ss <'c', 'a'>", "<'a', 'b', 'c'>");
    assert_leaves("add ns <1.5>", "<1, 1.5, 2>");
    assert_leaves("add bs <b'w'>", "<b'w', b'x'>");
    assert_leaves("add x <'c'>", "<'c'>");
}

static void test_add_to_another_type_is_a_fault(void **state)
{
    (void)state;
    assert_faults("add s 1", UPDATE_FAULT_TYPE);
    assert_faults("add ss 1", UPDATE_FAULT_TYPE);
    assert_faults("add n <1>", UPDATE_FAULT_TYPE);
    assert_faults("add ss <1>", UPDATE_FAULT_TYPE);
    assert_faults("add l <1>", UPDATE_FAULT_TYPE);
    assert_faults("append s 1", UPDATE_FAULT_TYPE);
    assert_faults("append m {x: 1}", UPDATE_FAULT_TYPE);
}

static void test_only_the_older_add_appends_to_lists(void **state)
{
    (void)state;
    assert_leaves("append l [3, 4]", "[1, 2, 3, 4]");
    assert_leaves("append x [3]", "[3]");
    assert_leaves("append n 1", "6");
    assert_leaves("append ns <3>", "<1, 2, 3>");
    assert_faults("append ns [3]", UPDATE_FAULT_TYPE);
    assert_faults("append l <3>", UPDATE_FAULT_TYPE);
    assert_faults("add l [3]", UPDATE_FAULT_TYPE);
}

static void test_delete_takes_elements_of_a_set_and_the_set_with_the_last(void **state)
{
    (void)state;
    assert_leaves("delete ss <'a', 'z'>", "<'b'>");
    assert_leaves("delete ns <7>", "<1, 2>");
    assert_leaves_nothing("delete ss <'a', 'b'>");
    assert_leaves_nothing("delete x <'a'>");
}

static void test_delete_from_another_type_is_a_fault(void **state)
{
    (void)state;
    assert_faults("delete ss <1>", UPDATE_FAULT_TYPE);
    assert_faults("delete l <1>", UPDATE_FAULT_TYPE);
    assert_faults("delete n 5", UPDATE_FAULT_TYPE);
    assert_faults("delete s <'text'>", UPDATE_FAULT_TYPE);
}

static void test_remove_leaves_nothing(void **state)
{
    (void)state;
    assert_leaves_nothing("remove n");
    assert_leaves_nothing("remove x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_takes_values_and_what_stands_at_paths),
        cmocka_unit_test(test_numbers_are_added_and_subtracted_exactly),
        cmocka_unit_test(test_numbers_out_of_range_or_too_long_are_faults),
        cmocka_unit_test(test_arithmetic_of_anything_but_numbers_is_a_fault),
        cmocka_unit_test(test_if_not_exists_takes_what_is_there_or_else_the_other),
        cmocka_unit_test(test_list_append_puts_lists_together),
        cmocka_unit_test(test_list_append_of_anything_but_lists_is_a_fault),
        cmocka_unit_test(test_add_adds_to_numbers_and_sets_or_begins_them),
        cmocka_unit_test(test_add_to_another_type_is_a_fault),
        cmocka_unit_test(test_only_the_older_add_appends_to_lists),
        cmocka_unit_test(test_delete_takes_elements_of_a_set_and_the_set_with_the_last),
        cmocka_unit_test(test_delete_from_another_type_is_a_fault),
        cmocka_unit_test(test_remove_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
