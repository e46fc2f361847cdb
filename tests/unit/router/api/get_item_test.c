#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/api/item_fixture.h"

static void test_an_item_that_was_put_is_read_back_whatever_its_types(void **state)
{
    (void)state;
    assert_answer(
        region_call(region, "PutItem",
                    "{\"TableName\":\"sorted\",\"Item\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":"
                    "\"1.50\"},\"b\":{\"B\":\"AAE=\"},\"l\":{\"L\":[{\"NULL\":true},{\"BOOL\":"
                    "false}]},\"m\":{\"M\":{\"x\":{\"S\":\"\"}}},\"n\":{\"NS\":[\"2\",\"1.0\"]}}}"),
        200, "{}");

    assert_answer(
        region_call(region, "GetItem",
                    "{\"TableName\":\"sorted\",\"Key\":{\"sk\":{\"N\":\"15e-1\"},\"pk\":{\"S\":"
                    "\"a\"}},\"ConsistentRead\":true}"),
        200,
        "{\"Item\":{\"b\":{\"B\":\"AAE=\"},\"l\":{\"L\":[{\"NULL\":true},{\"BOOL\":false}]},"
        "\"m\":{\"M\":{\"x\":{\"S\":\"\"}}},\"n\":{\"NS\":[\"1\",\"2\"]},\"pk\":{\"S\":\"a\"},"
        "\"sk\":{\"N\":\"1.5\"}}}");
}

static void test_a_missing_item_is_no_error(void **state)
{
    (void)state;
    assert_answer(region_call(region, "GetItem",
                              "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"none\"}},"
                              "\"ReturnConsumedCapacity\":\"TOTAL\"}"),
                  200, "{\"ConsumedCapacity\":{\"CapacityUnits\":0.5,\"TableName\":\"plain\"}}");
}

static void test_capacity_is_told_of_the_item_read(void **state)
{
    (void)state;
    region_call(region, "PutItem",
                "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"S\":\"capacity\"}}}");
    assert_answer(region_call(region, "GetItem",
                              "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"capacity\"}},"
                              "\"ConsistentRead\":true,\"ReturnConsumedCapacity\":\"INDEXES\"}"),
                  200,
                  "{\"ConsumedCapacity\":{\"CapacityUnits\":1.0,\"Table\":{\"CapacityUnits\":1.0},"
                  "\"TableName\":\"plain\"},\"Item\":{\"pk\":{\"S\":\"capacity\"}}}");
}

static void test_a_projection_answers_parts_and_is_charged_for_the_whole(void **state)
{
    (void)state;
    region_call(region, "PutItem",
                "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"S\":\"parts\"},\"a\":{\"L\":[{\"N\":"
                "\"1\"},{\"N\":\"2\"}]},\"b\":{\"S\":\"x\"}}}");
    assert_answer(region_call(region, "GetItem",
                              "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"parts\"}},"
                              "\"ProjectionExpression\":\"#a[1], zz\","
                              "\"ExpressionAttributeNames\":{\"#a\":\"a\"},"
                              "\"ReturnConsumedCapacity\":\"TOTAL\"}"),
                  200,
                  "{\"ConsumedCapacity\":{\"CapacityUnits\":0.5,\"TableName\":\"plain\"},\"Item\":{"
                  "\"a\":{\"L\":[{\"N\":\"2\"}]}}}");
    assert_answer(region_call(region, "GetItem",
                              "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"parts\"}},"
                              "\"AttributesToGet\":[\"b\",\"none\"]}"),
                  200, "{\"Item\":{\"b\":{\"S\":\"x\"}}}");
    assert_answer(region_call(region, "GetItem",
                              "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"parts\"}},"
                              "\"ProjectionExpression\":\"zz\"}"),
                  200, "{\"Item\":{}}");
}

static void test_a_projection_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
#define GET(more)                                                                                  \
    region_call(region, "GetItem",                                                                 \
                "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"a\"}}," more "}")
    assert_validation(GET("\"AttributesToGet\":[\"a\",\"b\",\"a\"]"),
                      INVALID "Duplicate value in attribute name: a");
    assert_validation(GET("\"AttributesToGet\":[]"),
                      "1 validation error detected: Value '[]' at 'attributesToGet' failed to "
                      "satisfy constraint: Member must have length greater than or equal to 1");
    assert_validation(GET("\"AttributesToGet\":[\"a\"],\"ProjectionExpression\":\"a\""),
                      "Can not use both expression and non-expression parameters in the same "
                      "request: Non-expression parameters: {AttributesToGet} Expression "
                      "parameters: {ProjectionExpression}");
    assert_validation(GET("\"ExpressionAttributeNames\":{\"#a\":\"a\"}"),
                      "ExpressionAttributeNames can only be specified when using expressions");
    assert_told(GET("\"ProjectionExpression\":\"a,\""),
                "Invalid ProjectionExpression: Syntax error");
}

static void test_table_and_key_are_required(void **state)
{
    (void)state;
    assert_validation(region_call(region, "GetItem", "{}"),
                      "2 validation errors detected: Value null at 'tableName' failed to satisfy "
                      "constraint: Member must not be null; Value null at 'key' failed to satisfy "
                      "constraint: Member must not be null");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_item_that_was_put_is_read_back_whatever_its_types),
        cmocka_unit_test(test_a_missing_item_is_no_error),
        cmocka_unit_test(test_capacity_is_told_of_the_item_read),
        cmocka_unit_test(test_a_projection_answers_parts_and_is_charged_for_the_whole),
        cmocka_unit_test(test_a_projection_that_makes_no_sense_is_refused),
        cmocka_unit_test(test_table_and_key_are_required),
    };
    return cmocka_run_group_tests(tests, item_fixture_set_up, item_fixture_tear_down);
}
