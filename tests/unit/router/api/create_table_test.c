#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/world.h"
#include "tests/support/region_assert.h"

#define KEYS                                                                                       \
    "\"KeySchema\":[{\"AttributeName\":\"a\",\"KeyType\":\"HASH\"}],"                              \
    "\"AttributeDefinitions\":[{\"AttributeName\":\"a\",\"AttributeType\":\"N\"}]"
#define ON_DEMAND  ",\"BillingMode\":\"PAY_PER_REQUEST\""
#define CREATE_ABC "{\"TableName\":\"abc\"," KEYS ON_DEMAND "}"

static void test_a_table_is_created_and_then_becomes_active(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    const struct region_answer *answer = region_call(region, "CreateTable", CREATE_ABC);
    assert_int_equal(answer->status_code, 200);
    assert_told(answer, "{\"TableDescription\":{\"AttributeDefinitions\":[");
    assert_told(answer, "\"TableStatus\":\"CREATING\"");

    world_run_for(region_world(region), 1000000);

    answer = region_call(region, "DescribeTable", "{\"TableName\":\"abc\"}");
    assert_told(answer, "\"TableStatus\":\"ACTIVE\"");
}

static void test_a_name_is_given_once(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    assert_int_equal(region_call(region, "CreateTable", CREATE_ABC)->status_code, 200);

    assert_exception(region_call(region, "CreateTable", CREATE_ABC), "ResourceInUseException",
                     "Table already exists: abc");
}

static void test_settings_that_say_what_is_so_anyway_are_taken(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    const struct region_answer *answer = region_call(
        region, "CreateTable",
        "{\"TableName\":\"abc\"," KEYS ",\"BillingMode\":\"PROVISIONED\",\"ProvisionedThroughput\":"
        "{\"ReadCapacityUnits\":5,\"WriteCapacityUnits\":6},\"Tags\":[],\"StreamSpecification\":"
        "{\"StreamEnabled\":false},\"SSESpecification\":{\"Enabled\":false},"
        "\"DeletionProtectionEnabled\":false,\"TableClass\":\"STANDARD\","
        "\"LocalSecondaryIndexes\":null}");

    assert_int_equal(answer->status_code, 200);
    assert_told(answer, "\"ReadCapacityUnits\":5,\"WriteCapacityUnits\":6");
    assert_told(answer, "\"TableClassSummary\":{\"TableClass\":\"STANDARD\"}");
}

static void test_a_table_is_made_with_its_settings(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    const struct region_answer *answer =
        region_call(region, "CreateTable",
                    "{\"TableName\":\"abc\"," KEYS ON_DEMAND ",\"DeletionProtectionEnabled\":true,"
                    "\"OnDemandThroughput\":{\"MaxReadRequestUnits\":7},"
                    "\"Tags\":[{\"Key\":\"b\",\"Value\":\"2\"},{\"Key\":\"a\",\"Value\":\"1\"}]}");

    assert_int_equal(answer->status_code, 200);
    assert_told(answer, "\"OnDemandThroughput\":{\"MaxReadRequestUnits\":7}");
    assert_told(answer, "\"DeletionProtectionEnabled\":true");
    assert_answer(region_call(region, "ListTagsOfResource",
                              "{\"ResourceArn\":"
                              "\"arn:aws:dynamodb:us-east-1:000000000000:table/abc\"}"),
                  200,
                  "{\"Tags\":[{\"Key\":\"a\",\"Value\":\"1\"},"
                  "{\"Key\":\"b\",\"Value\":\"2\"}]}");
}

static void test_a_region_that_is_being_set_up_is_waited_for(void **state)
{
    (void)state;
    OWNED(region) region = region_create(&(struct region_options){.is_left_starting = true});

    assert_int_equal(region_call(region, "CreateTable", CREATE_ABC)->status_code, 200);
}

static void test_when_the_catalog_is_not_reached_nothing_is_said_to_have_been_done(void **state)
{
    (void)state;
    OWNED(region) region = region_create(&(struct region_options){.request_timeout_us = 500000});
    region_isolate_node(region);

    const struct region_answer *answer = region_call(region, "CreateTable", CREATE_ABC);
    assert_true(answer->status_code >= 500);

    region_heal(region);
    world_run_for(region_world(region), 20000000);
    int status_code = (int)region_call(region, "CreateTable", CREATE_ABC)->status_code;
    assert_true(status_code == 200 || status_code == 400);
}

static void test_a_router_that_goes_forgets_who_waits(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    size_t exchange =
        region_begin(region, &(struct region_request){.target = "DynamoDB_20120810.CreateTable",
                                                      .body = slice_of_text(CREATE_ABC)});
    world_run_for(region_world(region), 100);

    region_destroy_routers(region);
    world_run_for(region_world(region), 20000000);

    assert_null(region_answer_of(region, exchange));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_table_is_created_and_then_becomes_active),
        cmocka_unit_test(test_a_name_is_given_once),
        cmocka_unit_test(test_settings_that_say_what_is_so_anyway_are_taken),
        cmocka_unit_test(test_a_table_is_made_with_its_settings),
        cmocka_unit_test(test_a_region_that_is_being_set_up_is_waited_for),
        cmocka_unit_test(test_when_the_catalog_is_not_reached_nothing_is_said_to_have_been_done),
        cmocka_unit_test(test_a_router_that_goes_forgets_who_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
