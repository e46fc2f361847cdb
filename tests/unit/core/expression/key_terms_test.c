#include "core/expression/key_condition.h"

#include "tests/unit/core/expression/expression_fixture.h"

static void print_term(struct buffer *text, const struct key_term *term)
{
    static const char *const names[] = {
        [KEY_ANY] = "any",         [KEY_EQUAL] = "=",
        [KEY_LESS] = "<",          [KEY_LESS_OR_EQUAL] = "<=",
        [KEY_GREATER] = ">",       [KEY_GREATER_OR_EQUAL] = ">=",
        [KEY_BETWEEN] = "between", [KEY_BEGINS_WITH] = "begins_with",
    };
    buffer_append_text(text, "(");
    buffer_append(text, term->attribute);
    buffer_append_format(text, " %s ", names[term->relation]);
    print_value(text, term->values[0]);
    if (term->relation == KEY_BETWEEN) {
        buffer_append_text(text, " ");
        print_value(text, term->values[1]);
    }
    buffer_append_text(text, ")");
}

/* The terms of a key condition, or why it is refused. */
static void assert_terms(const char *text, const char *expected)
{
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) printed = {0};
    struct condition condition;
    struct key_terms terms;
    struct expression_context *context = context_of(arena, "#pk=pk", ":n=1;:m=2;:s='s'");
    struct expression_fault fault = expression_parse_condition(context, EXPRESSION_KEY_CONDITION,
                                                               slice_of_text(text), &condition);
    assert_true(expression_fault_is_none(fault));

    fault = key_terms_read(arena, &condition, &terms);

    for (uint32_t i = 0; expression_fault_is_none(fault) && i < terms.count; i++)
        print_term(&printed, &terms.terms[i]);
    buffer_append(&printed, fault.message);
    assert_string_equal(arena_copy_text(arena, buffer_slice(&printed)), expected);
}

static void test_a_key_condition_is_of_one_or_two_terms(void **state)
{
    (void)state;
    assert_terms("#pk = :n", "(pk = 1)");
    assert_terms("pk = :n AND sk < :m", "(pk = 1)(sk < 2)");
    assert_terms("sk BETWEEN :n AND :m AND pk = :s", "(sk between 1 2)(pk = 's')");
    assert_terms("(pk = :n) AND (begins_with(sk, :s))", "(pk = 1)(sk begins_with 's')");
    assert_terms("pk = :n AND sk >= :m", "(pk = 1)(sk >= 2)");
}

static void test_a_value_may_stand_first(void **state)
{
    (void)state;
    assert_terms(":n = pk AND :m < sk", "(pk = 1)(sk > 2)");
    assert_terms(":n <= pk", "(pk >= 1)");
    assert_terms(":n > pk", "(pk < 1)");
    assert_terms(":n >= pk", "(pk <= 1)");
}

static void test_operators_that_keys_do_not_take_are_refused(void **state)
{
    (void)state;
#define OPERATOR_FAULT "Invalid operator used in KeyConditionExpression: "
    assert_terms("pk = :n OR sk = :m", OPERATOR_FAULT "OR");
    assert_terms("NOT pk = :n", OPERATOR_FAULT "NOT");
    assert_terms("pk <> :n", OPERATOR_FAULT "<>");
    assert_terms("pk = :n AND sk IN (:n)", OPERATOR_FAULT "IN");
    assert_terms("pk = :n AND contains(sk, :n)", OPERATOR_FAULT "contains");
    assert_terms("pk = :n AND attribute_exists(sk)", OPERATOR_FAULT "attribute_exists");
    assert_terms("attribute_not_exists(sk)", OPERATOR_FAULT "attribute_not_exists");
}

static void test_operands_are_one_attribute_and_values(void **state)
{
    (void)state;
#define OPERAND_FAULT "Invalid condition in KeyConditionExpression: "
    assert_terms("pk = sk", OPERAND_FAULT "Multiple attribute names used in one condition");
    assert_terms(":n = :m", OPERAND_FAULT "No key attribute specified");
    assert_terms(":n BETWEEN pk AND :m",
                 OPERAND_FAULT "BETWEEN operator must have the key attribute as its first operand");
    assert_terms("begins_with(:s, pk)", OPERAND_FAULT
                 "begins_with operator must have the key attribute as its first operand");
    assert_terms("pk.a = :n", "KeyConditionExpressions cannot have "
                              "conditions on nested attributes");
    assert_terms("size(pk) = :n", "KeyConditionExpressions cannot contain nested operations");
}

static void test_a_key_attribute_has_one_term(void **state)
{
    (void)state;
    const char *once = "KeyConditionExpressions must only contain "
                       "one condition per key";
    assert_terms("pk = :n AND pk = :m", once);
    assert_terms("pk = :n AND sk > :n AND sk < :m", once);
    assert_terms("pk = :n AND (sk > :n AND sk < :m)", once);
}

static void test_more_than_two_terms_are_refused(void **state)
{
    (void)state;
    assert_terms("pk = :n AND sk > :n AND x < :m", "Conditions can be of length 1 or 2 only");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_key_condition_is_of_one_or_two_terms),
        cmocka_unit_test(test_a_value_may_stand_first),
        cmocka_unit_test(test_operators_that_keys_do_not_take_are_refused),
        cmocka_unit_test(test_operands_are_one_attribute_and_values),
        cmocka_unit_test(test_a_key_attribute_has_one_term),
        cmocka_unit_test(test_more_than_two_terms_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
