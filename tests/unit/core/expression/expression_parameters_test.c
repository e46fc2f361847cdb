#include "core/expression/expression_parameters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A Query's; of `present`, the parameters that its text names. */
static void assert_outcome(const char *present, const char *expected)
{
    OWNED(arena) arena = arena_create();
    struct expression_parameter entries[] = {
        {.name = "ProjectionExpression"},
        {.name = "FilterExpression", .takes_values = true},
        {.name = "KeyConditionExpression", .takes_values = true},
        {.name = "KeyConditions", .is_legacy = true},
        {.name = "QueryFilter", .is_legacy = true},
    };
    struct expression_parameters parameters = {
        .entries = entries,
        .count = sizeof entries / sizeof entries[0],
        .has_names = strstr(present, "#names") != NULL,
        .has_values = strstr(present, ":values") != NULL,
    };
    for (size_t i = 0; i < parameters.count; i++)
        entries[i].is_present = strstr(present, entries[i].name) != NULL;

    struct expression_fault fault = expression_parameters_check(arena, &parameters);

    assert_true(slice_is_text(fault.message, expected));
}

static void test_expressions_have_placeholders_or_none(void **state)
{
    (void)state;
    assert_outcome("", "");
    assert_outcome("KeyConditionExpression", "");
    assert_outcome("KeyConditionExpression #names :values", "");
    assert_outcome("ProjectionExpression #names", "");
    assert_outcome("KeyConditions QueryFilter", "");
}

static void test_old_and_new_parameters_exclude_each_other(void **state)
{
    (void)state;
    assert_outcome("KeyConditions FilterExpression",
                   "Can not use both expression and non-expression parameters in the same request: "
                   "Non-expression parameters: {KeyConditions} Expression parameters: "
                   "{FilterExpression}");
    assert_outcome("KeyConditions QueryFilter ProjectionExpression KeyConditionExpression #names",
                   "Can not use both expression and non-expression parameters in the same request: "
                   "Non-expression parameters: {KeyConditions, QueryFilter} Expression parameters: "
                   "{ProjectionExpression, KeyConditionExpression}");
}

static void test_placeholders_need_an_expression(void **state)
{
    (void)state;
    assert_outcome("KeyConditions #names :values",
                   "ExpressionAttributeNames can only be specified when using expressions");
    assert_outcome("KeyConditions :values",
                   "ExpressionAttributeValues can only be specified when using expressions: "
                   "FilterExpression and KeyConditionExpression are null");
    assert_outcome("ProjectionExpression :values",
                   "ExpressionAttributeValues can only be specified when using expressions: "
                   "FilterExpression and KeyConditionExpression are null");
}

static void test_of_one_expression_it_is_said_in_the_singular(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct expression_parameter entry = {.name = "ConditionExpression", .takes_values = true};
    struct expression_parameters parameters = {.entries = &entry, .count = 1, .has_values = true};
    struct expression_fault fault = expression_parameters_check(arena, &parameters);
    assert_true(slice_is_text(fault.message,
                              "ExpressionAttributeValues can only be specified when using "
                              "expressions: ConditionExpression is null"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expressions_have_placeholders_or_none),
        cmocka_unit_test(test_old_and_new_parameters_exclude_each_other),
        cmocka_unit_test(test_placeholders_need_an_expression),
        cmocka_unit_test(test_of_one_expression_it_is_said_in_the_singular),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
