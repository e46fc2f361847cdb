#include "tests/unit/core/expression/expression_fixture.h"

#define ASSERT_TREE(text, expected) assert_outcome(EXPRESSION_CONDITION, text, expected)
#define ASSERT_REFUSED(text, expected)                                                             \
    assert_outcome(EXPRESSION_CONDITION, text, "Invalid ConditionExpression: " expected)

static void test_reserved_words_are_refused(void **state)
{
    (void)state;
    ASSERT_REFUSED("a = Status", "Attribute name is a reserved keyword; reserved keyword: Status");
    ASSERT_REFUSED("a.name = :n", "Attribute name is a reserved keyword; reserved keyword: name");
    ASSERT_REFUSED("size = :n", "Attribute name is a reserved keyword; reserved keyword: size");
}

static void test_a_path_goes_into_maps_by_name_and_into_lists_by_index(void **state)
{
    (void)state;
    ASSERT_TREE("a.b.c = :n", "(= a.b.c 1)");
    ASSERT_TREE("a[0][12].b[3] = :n", "(= a[0][12].b[3] 1)");
    ASSERT_TREE("a . b [ 3 ] = :n", "(= a.b[3] 1)");
    ASSERT_TREE("#a.#b[1].c = :n", "(= A.B[1].c 1)");
    ASSERT_TREE("#key = :n", "(= key 1)");
}

static void test_a_point_within_a_name_parts_no_path(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct condition condition;
    struct expression_fault fault =
        expression_parse_condition(context_of(arena, "#dot=x.y", ":n=1"), EXPRESSION_CONDITION,
                                   slice_of_text("#dot = :n"), &condition);
    assert_true(expression_fault_is_none(fault));
    assert_int_equal(condition.operands[0].path.count, 1);
    assert_true(slice_is_text(path_attribute(condition.operands[0].path), "x.y"));
}

static void test_undefined_names_and_values_are_refused(void **state)
{
    (void)state;
    ASSERT_REFUSED("#x = :n",
                   "An expression attribute name used in the document path is not defined; "
                   "attribute name: #x");
    ASSERT_REFUSED("a.#x = :n",
                   "An expression attribute name used in the document path is not defined; "
                   "attribute name: #x");
    ASSERT_REFUSED("a = :x",
                   "An expression attribute value used in expression is not defined; attribute "
                   "value: :x");
    ASSERT_REFUSED("a = :N",
                   "An expression attribute value used in expression is not defined; attribute "
                   "value: :N");
}

static void test_an_index_has_a_bound(void **state)
{
    (void)state;
    ASSERT_TREE("a[4294967294] = :n", "(= a[4294967294] 1)");
    ASSERT_REFUSED("a[4294967295] = :n",
                   "List index is not within the allowable range; index: [4294967295]");
    ASSERT_REFUSED("a[99999999999999999999999999] = :n",
                   "List index is not within the allowable range; index: "
                   "[99999999999999999999999999]");
    ASSERT_REFUSED("a[-1] = :n", "Syntax error; token: \"-\", near: \"[-1\"");
    ASSERT_REFUSED("a[] = :n", "Syntax error; token: \"]\", near: \"[] =\"");
}

static void test_a_path_has_32_steps_at_most(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) text = {0};
    buffer_append_text(&text, ":n = a");
    for (unsigned i = 1; i < 32; i++)
        buffer_append_text(&text, "[1]");
    struct expression_context *context = context_of(arena, NULL, ":n=1");
    struct condition condition;
    assert_true(expression_fault_is_none(expression_parse_condition(
        context, EXPRESSION_CONDITION, buffer_slice(&text), &condition)));
    assert_int_equal(condition.operands[1].path.count, 32);

    buffer_append_text(&text, ".b");
    struct expression_fault fault =
        expression_parse_condition(context, EXPRESSION_CONDITION, buffer_slice(&text), &condition);
    assert_true(slice_is_text(fault.message,
                              "Invalid ConditionExpression: The document path has too many nesting "
                              "elements; nesting elements: 33"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reserved_words_are_refused),
        cmocka_unit_test(test_a_path_goes_into_maps_by_name_and_into_lists_by_index),
        cmocka_unit_test(test_a_point_within_a_name_parts_no_path),
        cmocka_unit_test(test_undefined_names_and_values_are_refused),
        cmocka_unit_test(test_an_index_has_a_bound),
        cmocka_unit_test(test_a_path_has_32_steps_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
