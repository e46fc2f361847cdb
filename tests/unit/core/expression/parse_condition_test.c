#include "tests/unit/core/expression/expression_fixture.h"

#define ASSERT_TREE(text, expected) assert_outcome(EXPRESSION_CONDITION, text, expected)
static void test_comparators_compare_operands(void **state)
{
    (void)state;
    ASSERT_TREE("a = :n", "(= a 1)");
    ASSERT_TREE("a <> :n", "(<> a 1)");
    ASSERT_TREE("a<:n", "(< a 1)");
    ASSERT_TREE("a <= :s", "(<= a 's')");
    ASSERT_TREE("a > b", "(> a b)");
    ASSERT_TREE(":n >= a", "(>= 1 a)");
    ASSERT_TREE("size(a) > size(b)", "(> (size a) (size b))");
    ASSERT_TREE(":n = :n", "(= 1 1)");
}

static void test_and_binds_closer_than_or_and_not_closer_than_and(void **state)
{
    (void)state;
    ASSERT_TREE("a=b OR c=d AND e=f", "(OR (= a b) (AND (= c d) (= e f)))");
    ASSERT_TREE("a=b AND c=d or e=f", "(OR (AND (= a b) (= c d)) (= e f))");
    ASSERT_TREE("NOT a=b AND c=d", "(AND (NOT (= a b)) (= c d))");
    ASSERT_TREE("NOT NOT a=b", "(NOT (NOT (= a b)))");
    ASSERT_TREE("a=b AND c=d AND e=f", "(AND (= a b) (= c d) (= e f))");
}

static void test_parentheses_group(void **state)
{
    (void)state;
    ASSERT_TREE("(a=b OR c=d) AND e=f", "(AND (OR (= a b) (= c d)) (= e f))");
    ASSERT_TREE("NOT (a=b AND c=d)", "(NOT (AND (= a b) (= c d)))");
    ASSERT_TREE("(a=b)", "(= a b)");
    ASSERT_TREE("(a) = (:n)", "(= a 1)");
}

static void test_between_takes_its_own_and(void **state)
{
    (void)state;
    ASSERT_TREE("a BETWEEN :n AND :m AND b = :s", "(AND (BETWEEN a 1 2) (= b 's'))");
    ASSERT_TREE("a between b and c", "(BETWEEN a b c)");
    ASSERT_TREE("size(a) BETWEEN :n AND :m", "(BETWEEN (size a) 1 2)");
}

static void test_in_takes_up_to_100_candidates(void **state)
{
    (void)state;
    ASSERT_TREE("a IN (:n)", "(IN a 1)");
    ASSERT_TREE("a IN (:n, b, :s)", "(IN a 1 b 's')");

    OWNED(arena) arena = arena_create();
    SCOPED(buffer) text = {0};
    buffer_append_text(&text, "a IN (:n");
    for (unsigned i = 1; i < 100; i++)
        buffer_append_text(&text, ",:n");
    struct expression_context *context = context_of(arena, NULL, ":n=1");
    struct condition condition;
    buffer_append_text(&text, ")");
    assert_true(expression_fault_is_none(expression_parse_condition(
        context, EXPRESSION_CONDITION, buffer_slice(&text), &condition)));
    assert_int_equal(condition.count, 101);
    text.size--;
    buffer_append_text(&text, ",:n)");
    struct expression_fault fault =
        expression_parse_condition(context, EXPRESSION_FILTER, buffer_slice(&text), &condition);
    assert_true(slice_is_text(fault.message,
                              "Invalid FilterExpression: The IN operator is provided with too many "
                              "operands; number of operands: 101"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comparators_compare_operands),
        cmocka_unit_test(test_and_binds_closer_than_or_and_not_closer_than_and),
        cmocka_unit_test(test_parentheses_group),
        cmocka_unit_test(test_between_takes_its_own_and),
        cmocka_unit_test(test_in_takes_up_to_100_candidates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
