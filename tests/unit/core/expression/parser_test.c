#include "tests/unit/core/expression/expression_fixture.h"

#define ASSERT_TREE(text, expected) assert_outcome(EXPRESSION_CONDITION, text, expected)
#define ASSERT_REFUSED(text, expected)                                                             \
    assert_outcome(EXPRESSION_CONDITION, text, "Invalid ConditionExpression: " expected)

#define TYPE_FAULT(name, type)                                                                     \
    "Incorrect operand type for operator or function; operator or function: " name                 \
    ", operand type: " type

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

static void test_4096_bytes_are_the_most(void **state)
{
    (void)state;
    char text[4098];
    OWNED(arena) arena = arena_create();
    struct expression_context *context = context_of(arena, NULL, NULL);
    struct condition condition;
    memset(text, ' ', sizeof text);
    memcpy(text, "a = b", 5);
    assert_true(expression_fault_is_none(
        expression_parse_condition(context, EXPRESSION_FILTER, slice_of(text, 4096), &condition)));

    text[4097] = '\0';
    assert_string_equal(outcome(arena, context, EXPRESSION_FILTER, text),
                        "Invalid FilterExpression: Expression size has exceeded the maximum "
                        "allowed size; expression size: 4097");
    assert_string_equal(outcome(arena, context, EXPRESSION_UPDATE, text),
                        "Invalid UpdateExpression: Expression size has exceeded the maximum "
                        "allowed size;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_text_is_refused),
        cmocka_unit_test(test_the_token_that_does_not_fit_is_named_with_its_neighbours),
        cmocka_unit_test(test_redundant_parentheses_are_refused),
        cmocka_unit_test(test_parentheses_without_end_are_refused),
        cmocka_unit_test(test_300_operators_are_the_most),
        cmocka_unit_test(test_what_a_text_says_matters_once_its_grammar_holds),
        cmocka_unit_test(test_4096_bytes_are_the_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
