#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/api/item_fixture.h"

#define PUT(key, more)                                                                             \
    region_call(region, "PutItem",                                                                 \
                "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"S\":\"" key "\"},\"n\":{\"N\":\"1\"" \
                "}}" more "}")
#define DELETE(key, more)                                                                          \
    region_call(region, "DeleteItem",                                                              \
                "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"" key "\"}}" more "}")
#define GET(key)                                                                                   \
    region_call(region, "GetItem",                                                                 \
                "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"" key "\"}},"                   \
                "\"ConsistentRead\":true}")
#define IF(text) ",\"ConditionExpression\":\"" text "\""
#define assert_failed(answer)                                                                      \
    assert_exception(answer, "ConditionalCheckFailedException", "The conditional request failed")

static void test_a_put_is_done_only_if_its_condition_holds(void **state)
{
    (void)state;
    assert_answer(PUT("a", IF("attribute_not_exists(pk)")), 200, "{}");
    assert_failed(PUT("a", IF("attribute_not_exists(pk)")));
    assert_answer(PUT("a",
                      IF("#n < :two") ",\"ExpressionAttributeNames\":{\"#n\":\"n\"},"
                                      "\"ExpressionAttributeValues\":{\":two\":{\"N\":\"2\"}}"),
                  200, "{}");
}

static void test_a_delete_is_done_only_if_its_condition_holds(void **state)
{
    (void)state;
    PUT("b", "");
    assert_failed(
        DELETE("b", IF("n > :v") ",\"ExpressionAttributeValues\":{\":v\":{\"N\":\"1\"}}"));
    assert_told(GET("b"), "\"Item\"");
    assert_answer(DELETE("b", IF("n = :v") ",\"ExpressionAttributeValues\":{\":v\":{\"N\":\"1\"}}"),
                  200, "{}");
    assert_answer(GET("b"), 200, "{}");
}

static void test_the_item_that_failed_a_condition_is_told_if_asked(void **state)
{
    (void)state;
    PUT("c", "");
    assert_answer(PUT("c", IF("attribute_not_exists(pk)") ",\"ReturnValuesOnConditionCheckFailure\""
                                                          ":\"ALL_OLD\""),
                  400,
                  "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException\""
                  ",\"message\":\"The conditional request failed\",\"Item\":{\"n\":{\"N\":\"1\"},"
                  "\"pk\":{\"S\":\"c\"}}}");
    assert_failed(DELETE("missing", IF("attribute_exists(pk)") ",\"ReturnValuesOnCondition"
                                                               "CheckFailure\":\"ALL_OLD\""));
}

static void test_expected_is_a_condition_too(void **state)
{
    (void)state;
    assert_answer(PUT("d", ",\"Expected\":{\"pk\":{\"Exists\":false}}"), 200, "{}");
    assert_failed(PUT("d", ",\"Expected\":{\"pk\":{\"Exists\":false}}"));
    assert_answer(PUT("d", ",\"Expected\":{\"n\":{\"Value\":{\"N\":\"1\"}}}"), 200, "{}");
    assert_failed(
        PUT("d", ",\"Expected\":{\"n\":{\"ComparisonOperator\":\"GT\",\"AttributeValueList\":[{"
                 "\"N\":\"1\"}]},\"pk\":{\"ComparisonOperator\":\"NOT_NULL\"}}"));
    assert_answer(
        PUT("d", ",\"Expected\":{\"n\":{\"ComparisonOperator\":\"GT\",\"AttributeValueList\":[{"
                 "\"N\":\"1\"}]},\"pk\":{\"ComparisonOperator\":\"NOT_NULL\"}},"
                 "\"ConditionalOperator\":\"OR\""),
        200, "{}");
}

static void test_old_and_new_parameters_are_not_mixed(void **state)
{
    (void)state;
    assert_validation(
        PUT("e", IF("attribute_exists(pk)") ",\"Expected\":{\"pk\":{\"Exists\":false}}"),
        "Can not use both expression and non-expression parameters in the same request: "
        "Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}");
    assert_answer(GET("e"), 200, "{}");
}

static void test_placeholders_need_an_expression_that_uses_them(void **state)
{
    (void)state;
    assert_validation(PUT("f", ",\"ExpressionAttributeNames\":{\"#a\":\"b\"}"),
                      "ExpressionAttributeNames can only be specified when using expressions");
    assert_validation(PUT("f", ",\"ExpressionAttributeValues\":{\":a\":{\"S\":\"b\"}}"),
                      "ExpressionAttributeValues can only be specified when using expressions: "
                      "ConditionExpression is null");
    assert_validation(PUT("f", IF("attribute_exists(pk)") ",\"ExpressionAttributeNames\":{\"#a\":"
                                                          "\"b\"}"),
                      "Value provided in ExpressionAttributeNames unused in expressions: keys: "
                      "{#a}");
    assert_answer(GET("f"), 200, "{}");
}

static void test_a_malformed_condition_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    assert_told(PUT("g", IF("attribute_exists(")), "Invalid ConditionExpression: Syntax error");
    assert_validation(PUT("g", IF("")),
                      "Invalid ConditionExpression: The expression can not be empty;");
    assert_answer(GET("g"), 200, "{}");
}

static void test_a_value_that_breaks_a_rule_is_told_by_its_placeholder(void **state)
{
    (void)state;
    assert_validation(
        PUT("i", IF("n = :v") ",\"ExpressionAttributeValues\":{\":u\":{\"N\":\"1\"},\":v\":{"
                              "\"SS\":[]}}"),
        "ExpressionAttributeValues contains invalid value: One or more parameter values were "
        "invalid: An string set  may not be empty for key :v");
    assert_validation(region_call(region, "PutItem",
                                  "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"SS\":[]}},"
                                  "\"ConditionExpression\":\"n = :v\","
                                  "\"ExpressionAttributeValues\":{\":v\":{\"N\":\"1\"}}}"),
                      INVALID "An string set  may not be empty");
}

static void test_conditions_see_what_was_written_before_them_and_is_not_committed(void **state)
{
    (void)state;
    const char *body = "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"S\":\"h\"}},"
                       "\"ConditionExpression\":\"attribute_not_exists(pk)\"}";
    struct region_request request = {.target = "DynamoDB_20120810.PutItem",
                                     .body = slice_of_text(body)};
    size_t first = region_begin(region, &request);
    size_t second = region_begin(region, &request);
    assert_answer(region_finish(region, first), 200, "{}");
    assert_failed(region_finish(region, second));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_put_is_done_only_if_its_condition_holds),
        cmocka_unit_test(test_a_delete_is_done_only_if_its_condition_holds),
        cmocka_unit_test(test_the_item_that_failed_a_condition_is_told_if_asked),
        cmocka_unit_test(test_expected_is_a_condition_too),
        cmocka_unit_test(test_old_and_new_parameters_are_not_mixed),
        cmocka_unit_test(test_placeholders_need_an_expression_that_uses_them),
        cmocka_unit_test(test_a_malformed_condition_is_refused_and_changes_nothing),
        cmocka_unit_test(test_a_value_that_breaks_a_rule_is_told_by_its_placeholder),
        cmocka_unit_test(test_conditions_see_what_was_written_before_them_and_is_not_committed),
    };
    return cmocka_run_group_tests(tests, item_fixture_set_up, item_fixture_tear_down);
}
