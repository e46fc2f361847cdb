#include "tests/unit/core/expression/expression_fixture.h"

#define ASSERT_TREE(text, expected) assert_outcome(EXPRESSION_CONDITION, text, expected)
#define ASSERT_REFUSED(text, expected)                                                             \
    assert_outcome(EXPRESSION_CONDITION, text, "Invalid ConditionExpression: " expected)

#define TYPE_FAULT(name, type)                                                                     \
    "Incorrect operand type for operator or function; operator or function: " name                 \
    ", operand type: " type

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

static void test_an_empty_text_is_refused(void **state)
{
    (void)state;
    ASSERT_REFUSED("", "The expression can not be empty;");
    assert_outcome(EXPRESSION_FILTER, "",
                   "Invalid FilterExpression: The expression can not be empty;");
    assert_outcome(EXPRESSION_KEY_CONDITION, "",
                   "Invalid KeyConditionExpression: The expression can not be empty;");
    ASSERT_REFUSED(" ", "Syntax error; token: \"<EOF>\", near: \"\"");
}

static void test_the_token_that_does_not_fit_is_named_with_its_neighbours(void **state)
{
    (void)state;
    ASSERT_REFUSED("a-b", "Syntax error; token: \"-\", near: \"a-b\"");
    ASSERT_REFUSED("a = ", "Syntax error; token: \"<EOF>\", near: \"=\"");
    ASSERT_REFUSED("a", "Syntax error; token: \"<EOF>\", near: \"a\"");
    ASSERT_REFUSED("= a", "Syntax error; token: \"=\", near: \"= a\"");
    ASSERT_REFUSED("a = :n AND __x = :n", "Syntax error; token: \"_\", near: \"AND __\"");
    ASSERT_REFUSED("attribute_exists([1])", "Syntax error; token: \"[\", near: \"([1\"");
    ASSERT_REFUSED("ADD #v :n", "Syntax error; token: \"ADD\", near: \"ADD #v\"");
    ASSERT_REFUSED("a = :n  b", "Syntax error; token: \"b\", near: \":n  b\"");
    ASSERT_REFUSED("a != :n", "Syntax error; token: \"!\", near: \"a !=\"");
    ASSERT_REFUSED("a = 1", "Syntax error; token: \"1\", near: \"= 1\"");
    ASSERT_REFUSED("a = b = c", "Syntax error; token: \"=\", near: \"b = c\"");
    ASSERT_REFUSED("(a = b", "Syntax error; token: \"<EOF>\", near: \"b\"");
    ASSERT_REFUSED("a = b)", "Syntax error; token: \")\", near: \"b)\"");
    ASSERT_REFUSED("a AND b = c", "Syntax error; token: \"AND\", near: \"a AND b\"");
    ASSERT_REFUSED("a = (b = c)", "Syntax error; token: \"=\", near: \"b = c\"");
    ASSERT_REFUSED("(a = b) = c", "Syntax error; token: \"=\", near: \") = c\"");
    ASSERT_REFUSED("attribute_exists()", "Syntax error; token: \")\", near: \"()\"");
    ASSERT_REFUSED("a IN ()", "Syntax error; token: \")\", near: \"()\"");
    ASSERT_REFUSED("a IN :n", "Syntax error; token: \":n\", near: \"IN :n\"");
    ASSERT_REFUSED("a BETWEEN :n", "Syntax error; token: \"<EOF>\", near: \":n\"");
    ASSERT_REFUSED("NOT", "Syntax error; token: \"<EOF>\", near: \"NOT\"");
    ASSERT_REFUSED("a.b[c] = :n", "Syntax error; token: \"c\", near: \"[c]\"");
    ASSERT_REFUSED("a. = :n", "Syntax error; token: \"=\", near: \". = :n\"");
    ASSERT_REFUSED("\xc3\xa9 = :n", "Syntax error; token: \"\xc3\xa9\", near: \"\xc3\xa9 =\"");
}

static void test_redundant_parentheses_are_refused(void **state)
{
    (void)state;
    ASSERT_REFUSED("((a = b))", "The expression has redundant parentheses;");
    ASSERT_REFUSED("a = ((b))", "The expression has redundant parentheses;");
    ASSERT_REFUSED("a = b AND ((c = d) )", "The expression has redundant parentheses;");
    ASSERT_TREE("((a = b) AND (c = d))", "(AND (= a b) (= c d))");
}

static void test_parentheses_without_end_are_refused(void **state)
{
    (void)state;
    char text[4000];
    memset(text, '(', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ASSERT_REFUSED(text, "The expression has redundant parentheses;");
}

static void test_reserved_words_are_refused(void **state)
{
    (void)state;
    ASSERT_REFUSED("a = Status", "Attribute name is a reserved keyword; reserved keyword: Status");
    ASSERT_REFUSED("a.name = :n", "Attribute name is a reserved keyword; reserved keyword: name");
    ASSERT_REFUSED("size = :n", "Attribute name is a reserved keyword; reserved keyword: size");
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

static void test_300_operators_are_the_most(void **state)
{
    (void)state;
    SCOPED(buffer) text = {0};
    buffer_append_text(&text, "NOT a=b");
    for (unsigned i = 0; i < 149; i++)
        buffer_append_text(&text, " AND a=b");
    OWNED(arena) arena = arena_create();
    struct expression_context *context = context_of(arena, NULL, NULL);
    struct condition condition;
    assert_true(expression_fault_is_none(expression_parse_condition(
        context, EXPRESSION_CONDITION, buffer_slice(&text), &condition)));
    assert_int_equal(condition.count, 150);

    buffer_append_text(&text, " AND NOT a=b");
    struct expression_fault fault =
        expression_parse_condition(context, EXPRESSION_CONDITION, buffer_slice(&text), &condition);
    assert_true(slice_is_text(fault.message, "Invalid ConditionExpression: The expression contains "
                                             "too many operators; operator count: 301"));
}

static void test_what_a_text_says_matters_once_its_grammar_holds(void **state)
{
    (void)state;
    ASSERT_REFUSED("name = foo(:undefined) AND", "Syntax error; token: \"<EOF>\", near: \"AND\"");
    ASSERT_REFUSED("foo(a) AND name = :undefined AND a = a",
                   "Attribute name is a reserved keyword; reserved keyword: name");
    ASSERT_REFUSED("a < :bool AND b = :undefined",
                   "An expression attribute value used in expression is not defined; attribute "
                   "value: :undefined");
    ASSERT_REFUSED("a = a AND b < :bool", TYPE_FAULT("<", "BOOL"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comparators_compare_operands),
        cmocka_unit_test(test_and_binds_closer_than_or_and_not_closer_than_and),
        cmocka_unit_test(test_parentheses_group),
        cmocka_unit_test(test_between_takes_its_own_and),
        cmocka_unit_test(test_in_takes_up_to_100_candidates),
        cmocka_unit_test(test_functions_test),
        cmocka_unit_test(test_an_empty_text_is_refused),
        cmocka_unit_test(test_the_token_that_does_not_fit_is_named_with_its_neighbours),
        cmocka_unit_test(test_redundant_parentheses_are_refused),
        cmocka_unit_test(test_parentheses_without_end_are_refused),
        cmocka_unit_test(test_reserved_words_are_refused),
        cmocka_unit_test(test_functions_that_there_are_not_are_refused),
        cmocka_unit_test(test_functions_in_the_wrong_place_are_refused),
        cmocka_unit_test(test_the_number_of_arguments_counts),
        cmocka_unit_test(test_values_have_the_types_that_operators_take),
        cmocka_unit_test(test_existence_is_of_a_document_path),
        cmocka_unit_test(test_a_type_is_one_of_ten),
        cmocka_unit_test(test_operands_are_distinct),
        cmocka_unit_test(test_bounds_are_of_one_type_and_in_order),
        cmocka_unit_test(test_300_operators_are_the_most),
        cmocka_unit_test(test_what_a_text_says_matters_once_its_grammar_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
