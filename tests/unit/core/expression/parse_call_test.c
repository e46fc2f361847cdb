#include "tests/unit/core/expression/expression_fixture.h"

#define ASSERT_TREE(text, expected) assert_outcome(EXPRESSION_CONDITION, text, expected)
#define ASSERT_REFUSED(text, expected)                                                             \
    assert_outcome(EXPRESSION_CONDITION, text, "Invalid ConditionExpression: " expected)

static void test_functions_test(void **state)
{
    (void)state;
    ASSERT_TREE("attribute_exists(a)", "(attribute_exists a)");
    ASSERT_TREE("attribute_not_exists(a.b[0])", "(attribute_not_exists a.b[0])");
    ASSERT_TREE("attribute_type(a, :S)", "(attribute_type a 'S')");
    ASSERT_TREE("begins_with(a, :s)", "(begins_with a 's')");
    ASSERT_TREE("begins_with(:b, a)", "(begins_with b'b' a)");
    ASSERT_TREE("contains(a, :n)", "(contains a 1)");
    ASSERT_TREE("contains(:ss, a)", "(contains <'a'> a)");
    ASSERT_TREE("contains(a, size(b))", "(contains a (size b))");
    ASSERT_TREE("NOT contains(a, :n)", "(NOT (contains a 1))");
}

static void test_functions_that_there_are_not_are_refused(void **state)
{
    (void)state;
    ASSERT_REFUSED("foo(a)", "Invalid function name; function: foo");
    ASSERT_REFUSED("a = foo(a)", "Invalid function name; function: foo");
    ASSERT_REFUSED("Begins_With(a, :s)", "Invalid function name; function: Begins_With");
}

static void test_functions_in_the_wrong_place_are_refused(void **state)
{
    (void)state;
#define THIS_WAY "The function is not allowed to be used this way in an expression; function: "
    ASSERT_REFUSED("size(a)", THIS_WAY "size");
    ASSERT_REFUSED("NOT size(a)", THIS_WAY "size");
    ASSERT_REFUSED("a = b AND size(a)", THIS_WAY "size");
    ASSERT_REFUSED("attribute_exists(a) = :bool", THIS_WAY "attribute_exists");
    ASSERT_REFUSED("a = begins_with(a, :s)", THIS_WAY "begins_with");
    ASSERT_REFUSED("contains(a, attribute_exists(b))", THIS_WAY "attribute_exists");
    ASSERT_REFUSED("a = if_not_exists(a, :n)",
                   "The function is not allowed in a condition expression; function: "
                   "if_not_exists");
    ASSERT_REFUSED("list_append(a, :l)",
                   "The function is not allowed in a condition expression; function: list_append");
}

static void test_the_number_of_arguments_counts(void **state)
{
    (void)state;
#define COUNT_FAULT "Incorrect number of operands for operator or function; operator or function: "
    ASSERT_REFUSED("size(a, b) = :n", COUNT_FAULT "size, number of operands: 2");
    ASSERT_REFUSED("begins_with(a)", COUNT_FAULT "begins_with, number of operands: 1");
    ASSERT_REFUSED("contains(a, :n, :m)", COUNT_FAULT "contains, number of operands: 3");
}

static void test_existence_is_of_a_document_path(void **state)
{
    (void)state;
#define PATH_FAULT "Operator or function requires a document path; operator or function: "
    ASSERT_REFUSED("attribute_exists(:s)", PATH_FAULT "attribute_exists");
    ASSERT_REFUSED("attribute_not_exists(size(a))", PATH_FAULT "attribute_not_exists");
}

static void test_a_type_is_one_of_ten(void **state)
{
    (void)state;
#define VALID_TYPES "valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"
    ASSERT_REFUSED("attribute_type(a, :Z)",
                   "Invalid attribute type name found; type: Z, " VALID_TYPES);
    ASSERT_REFUSED("attribute_type(a, b)",
                   "Invalid attribute type name found; type: [b], " VALID_TYPES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_functions_test),
        cmocka_unit_test(test_functions_that_there_are_not_are_refused),
        cmocka_unit_test(test_functions_in_the_wrong_place_are_refused),
        cmocka_unit_test(test_the_number_of_arguments_counts),
        cmocka_unit_test(test_existence_is_of_a_document_path),
        cmocka_unit_test(test_a_type_is_one_of_ten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
