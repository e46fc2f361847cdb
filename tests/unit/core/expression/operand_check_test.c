#include "tests/unit/core/expression/expression_fixture.h"

#define ASSERT_TREE(text, expected) assert_outcome(EXPRESSION_CONDITION, text, expected)
#define ASSERT_REFUSED(text, expected)                                                             \
    assert_outcome(EXPRESSION_CONDITION, text, "Invalid ConditionExpression: " expected)

#define TYPE_FAULT(name, type)                                                                     \
    "Incorrect operand type for operator or function; operator or function: " name                 \
    ", operand type: " type

static void test_values_have_the_types_that_operators_take(void **state)
{
    (void)state;
    ASSERT_REFUSED("a < :bool", TYPE_FAULT("<", "BOOL"));
    ASSERT_REFUSED(":null <= a", TYPE_FAULT("<=", "NULL"));
    ASSERT_REFUSED("a > :l", TYPE_FAULT(">", "L"));
    ASSERT_REFUSED("a >= :map", TYPE_FAULT(">=", "M"));
    ASSERT_REFUSED("a BETWEEN :ss AND b", TYPE_FAULT("BETWEEN", "SS"));
    ASSERT_TREE("a = :bool", "(= a true)");
    ASSERT_TREE("a <> :ss", "(<> a <'a'>)");
    ASSERT_REFUSED("begins_with(a, :n)", TYPE_FAULT("begins_with", "N"));
    ASSERT_REFUSED("begins_with(:l, a)", TYPE_FAULT("begins_with", "L"));
    ASSERT_REFUSED("begins_with(a, size(b))", TYPE_FAULT("begins_with", "N"));
    ASSERT_REFUSED("contains(:n, a)", TYPE_FAULT("contains", "N"));
    ASSERT_REFUSED("size(:n) = :n", TYPE_FAULT("size", "N"));
    ASSERT_REFUSED("size(:bool) = :n", TYPE_FAULT("size", "BOOL"));
    ASSERT_REFUSED("size(size(a)) = :n", TYPE_FAULT("size", "N"));
    ASSERT_REFUSED("attribute_type(a, :n)", TYPE_FAULT("attribute_type", "N"));
}

static void test_operands_are_distinct(void **state)
{
    (void)state;
#define DISTINCT                                                                                   \
    "The first operand must be distinct from the remaining operands for this operator or "         \
    "function; operator: "
    ASSERT_REFUSED("a = a", DISTINCT "=, first operand: [a]");
    ASSERT_REFUSED("#a.b[1] <> #a.b[1]", DISTINCT "<>, first operand: [A, b, [1]]");
    ASSERT_REFUSED("#a = A", DISTINCT "=, first operand: [A]");
    ASSERT_REFUSED("contains(a, a)", DISTINCT "contains, first operand: [a]");
    ASSERT_REFUSED("begins_with(a, a)", DISTINCT "begins_with, first operand: [a]");
    ASSERT_REFUSED("a IN (b, a)", DISTINCT "IN, first operand: [a]");
    ASSERT_REFUSED("a BETWEEN b AND a", DISTINCT "BETWEEN, first operand: [a]");
    ASSERT_TREE("a.b = a", "(= a.b a)");
    ASSERT_TREE("size(a) = a", "(= (size a) a)");
}

static void test_bounds_are_of_one_type_and_in_order(void **state)
{
    (void)state;
    ASSERT_REFUSED("a BETWEEN :m AND :n",
                   "The BETWEEN operator requires upper bound to be greater than or equal to lower "
                   "bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: "
                   "AttributeValue: {N:1}");
    ASSERT_REFUSED("a BETWEEN :t AND :s",
                   "The BETWEEN operator requires upper bound to be greater than or equal to lower "
                   "bound; lower bound operand: AttributeValue: {S:t}, upper bound operand: "
                   "AttributeValue: {S:s}");
    ASSERT_REFUSED("a BETWEEN :n AND :s",
                   "The BETWEEN operator requires same data type for lower and upper bounds; lower "
                   "bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: "
                   "{S:s}");
    ASSERT_TREE("a BETWEEN :n AND :n", "(BETWEEN a 1 1)");
    ASSERT_TREE("a BETWEEN :m AND b", "(BETWEEN a 2 b)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_have_the_types_that_operators_take),
        cmocka_unit_test(test_operands_are_distinct),
        cmocka_unit_test(test_bounds_are_of_one_type_and_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
