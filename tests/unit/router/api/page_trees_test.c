#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/api/item_fixture.h"

enum { BODY_SIZE = 1024 };

static const struct region_answer *ask(const char *operation, const char *members)
{
    char body[BODY_SIZE];
    snprintf(body, sizeof body, "{\"TableName\":\"plain\"%s}", members);
    return region_call(region, operation, body);
}

static void test_an_expression_that_is_empty_is_refused_by_its_name(void **state)
{
    (void)state;
    assert_validation(ask("Query", ",\"KeyConditionExpression\":\"\""),
                      "Invalid KeyConditionExpression: The expression can not be empty;");
    assert_validation(ask("Scan", ",\"FilterExpression\":\"\""),
                      "Invalid FilterExpression: The expression can not be empty;");
    assert_validation(ask("Scan", ",\"ProjectionExpression\":\"\""),
                      "Invalid ProjectionExpression: The expression can not be empty;");
}

static void test_placeholders_need_an_expression(void **state)
{
    (void)state;
    assert_validation(ask("Scan", ",\"ExpressionAttributeValues\":{\":v\":{\"N\":\"1\"}}"),
                      "ExpressionAttributeValues can only be specified when using expressions: "
                      "FilterExpression is null");
}

static void test_all_expressions_share_their_placeholders(void **state)
{
    (void)state;
    assert_answer(ask("Query", ",\"KeyConditionExpression\":\"pk = :p\",\"FilterExpression\":\"#n "
                               "= :p\",\"ProjectionExpression\":\"#n\","
                               "\"ExpressionAttributeNames\":{\"#n\":\"name\"},"
                               "\"ExpressionAttributeValues\":{\":p\":{\"S\":\"a\"}}"),
                  200, "{\"Count\":0,\"Items\":[],\"ScannedCount\":0}");
    assert_validation(ask("Query", ",\"KeyConditionExpression\":\"pk = :p\","
                                   "\"ExpressionAttributeNames\":{\"#n\":\"name\"},"
                                   "\"ExpressionAttributeValues\":{\":p\":{\"S\":\"a\"}}"),
                      "Value provided in ExpressionAttributeNames unused in expressions: keys: "
                      "{#n}");
}

static void test_a_query_needs_a_key_condition(void **state)
{
    (void)state;
    assert_validation(ask("Query", ",\"FilterExpression\":\"v = :v\","
                                   "\"ExpressionAttributeValues\":{\":v\":{\"N\":\"1\"}}"),
                      "Either the KeyConditions or KeyConditionExpression parameter must be "
                      "specified in the request.");
}

static void test_the_older_parameters_mean_the_same(void **state)
{
    (void)state;
    assert_answer(ask("Query", ",\"KeyConditions\":{\"pk\":{\"ComparisonOperator\":\"EQ\","
                               "\"AttributeValueList\":[{\"S\":\"a\"}]}},\"QueryFilter\":{"
                               "\"v\":{\"ComparisonOperator\":\"NOT_NULL\"}},"
                               "\"AttributesToGet\":[\"v\"]"),
                  200, "{\"Count\":0,\"Items\":[],\"ScannedCount\":0}");
    assert_answer(ask("Scan", ",\"ScanFilter\":{\"pk\":{\"ComparisonOperator\":\"NULL\"},\"v\":{"
                              "\"ComparisonOperator\":\"NULL\"}},\"ConditionalOperator\":\"OR\""),
                  200, "{\"Count\":0,\"Items\":[],\"ScannedCount\":0}");
}

static void test_key_conditions_are_one_or_two_and_a_filter_names_no_key(void **state)
{
    (void)state;
    assert_validation(ask("Query", ",\"KeyConditions\":{}"),
                      "Conditions can be of length 1 or 2 only");
    assert_validation(ask("Query", ",\"KeyConditions\":{\"pk\":{\"ComparisonOperator\":\"EQ\","
                                   "\"AttributeValueList\":[{\"S\":\"a\"}]}},\"QueryFilter\":{"
                                   "\"pk\":{\"ComparisonOperator\":\"NOT_NULL\"}}"),
                      "QueryFilter can only contain non-primary key attributes: Primary key "
                      "attribute: pk");
}

static void test_old_and_new_parameters_are_not_mixed(void **state)
{
    (void)state;
    assert_validation(ask("Scan", ",\"AttributesToGet\":[\"v\"],\"FilterExpression\":\"v = v\""),
                      "Can not use both expression and non-expression parameters in the same "
                      "request: Non-expression parameters: {AttributesToGet} Expression "
                      "parameters: {FilterExpression}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_expression_that_is_empty_is_refused_by_its_name),
        cmocka_unit_test(test_placeholders_need_an_expression),
        cmocka_unit_test(test_all_expressions_share_their_placeholders),
        cmocka_unit_test(test_a_query_needs_a_key_condition),
        cmocka_unit_test(test_the_older_parameters_mean_the_same),
        cmocka_unit_test(test_key_conditions_are_one_or_two_and_a_filter_names_no_key),
        cmocka_unit_test(test_old_and_new_parameters_are_not_mixed),
    };
    return cmocka_run_group_tests(tests, item_fixture_set_up, item_fixture_tear_down);
}
