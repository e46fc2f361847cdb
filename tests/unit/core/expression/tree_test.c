#include "core/expression/tree.h"

#include "tests/unit/core/expression/expression_fixture.h"

static const char *printed(struct arena *arena, struct condition condition)
{
    SCOPED(buffer) text = {0};
    print_condition(&text, &condition);
    return arena_copy_text(arena, buffer_slice(&text));
}

static struct condition exists(struct arena *arena, const char *name)
{
    struct operand operand = operand_of_attribute(arena, slice_of_text(name));
    return condition_of_operands(arena, CONDITION_ATTRIBUTE_EXISTS, &operand, 1);
}

static void test_conditions_are_put_together(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct operand size = operand_of_attribute(arena, slice_of_text("s"));
    struct operand operands[] = {
        operand_of_function(arena, OPERAND_SIZE, &size),
        operand_of_value(value_of(arena, "3")),
    };
    struct condition children[] = {
        condition_of_operands(arena, CONDITION_LESS, operands, 2),
        condition_not(arena, exists(arena, "b")),
    };

    struct condition whole = condition_join(arena, CONDITION_OR, children, 2);

    memset(operands, 0, sizeof operands);
    memset(children, 0, sizeof children);
    assert_string_equal(printed(arena, whole), "(OR (< (size s) 3) (NOT (attribute_exists b)))");
}

static void test_one_condition_joined_is_that_condition(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct condition child = exists(arena, "a");
    assert_string_equal(printed(arena, condition_join(arena, CONDITION_AND, &child, 1)),
                        "(attribute_exists a)");
}

static void test_an_attribute_is_found_wherever_a_condition_uses_it(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct expression_context *context = context_of(arena, NULL, ":n=1");
    struct condition condition;
    assert_true(expression_fault_is_none(expression_parse_condition(
        context, EXPRESSION_FILTER,
        slice_of_text("a = :n AND (NOT size(b.c) < :n OR d IN (:n, e[0]))"), &condition)));

    const char *const used[] = {"a", "b", "d", "e"};
    for (size_t i = 0; i < sizeof used / sizeof used[0]; i++)
        assert_true(condition_uses(&condition, slice_of_text(used[i])));
    assert_false(condition_uses(&condition, slice_of_text("c")));
    assert_false(condition_uses(&condition, slice_of_text("b.c")));
}

static void test_an_update_changes_what_its_paths_begin_with(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct update update;
    assert_true(expression_fault_is_none(expression_parse_update(
        context_of(arena, NULL, NULL), slice_of_text("SET a.b = c REMOVE d[0]"), &update)));

    assert_true(update_changes(&update, slice_of_text("a")));
    assert_true(update_changes(&update, slice_of_text("d")));
    assert_false(update_changes(&update, slice_of_text("b")));
    assert_false(update_changes(&update, slice_of_text("c")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conditions_are_put_together),
        cmocka_unit_test(test_one_condition_joined_is_that_condition),
        cmocka_unit_test(test_an_attribute_is_found_wherever_a_condition_uses_it),
        cmocka_unit_test(test_an_update_changes_what_its_paths_begin_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
