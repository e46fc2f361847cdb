#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/world.h"
#include "tests/support/region_assert.h"

static void test_a_table_is_found_by_its_name_and_by_its_arn(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "users", 'N');

    assert_told(region_call(region, "DescribeTable", "{\"TableName\":\"users\"}"),
                "{\"Table\":{\"AttributeDefinitions\":[{\"AttributeName\":\"pk\",\"AttributeType\":"
                "\"S\"},{\"AttributeName\":\"sk\",\"AttributeType\":\"N\"}],\"KeySchema\":[{"
                "\"AttributeName\":\"pk\",\"KeyType\":\"HASH\"},{\"AttributeName\":\"sk\","
                "\"KeyType\":\"RANGE\"}],");
    assert_told(region_call(region, "DescribeTable",
                            "{\"TableName\":\"arn:aws:dynamodb:us-east-1:000000000000:table/"
                            "users\"}"),
                "\"TableName\":\"users\"");
}

static void test_a_missing_table_is_not_found_by_name(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    assert_exception(region_call(region, "DescribeTable", "{\"TableName\":\"users\"}"),
                     "ResourceNotFoundException",
                     "Requested resource not found: Table: users not found");
}

static void test_what_another_router_has_done_is_seen_at_once(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "users", 0);
    const struct region_request describe = {.router = 1,
                                            .target = "DynamoDB_20120810.DescribeTable",
                                            .body = slice_of_text("{\"TableName\":\"users\"}")};

    assert_told(region_send(region, &describe), "\"TableStatus\":\"ACTIVE\"");

    assert_int_equal(region_call(region, "DeleteTable", "{\"TableName\":\"users\"}")->status_code,
                     200);
    const char *body = region_send(region, &describe)->body;
    assert_null(strstr(body, "ACTIVE"));
}

#define UNAVAILABLE                                                                                \
    "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ServiceUnavailable\","                         \
    "\"message\":\"The service is not available; try again shortly\"}"

/* Clients of DynamoDB try again after a 503, as long as it comes before they lose patience. */
static void test_a_catalog_that_is_not_reached_is_told_soon_and_is_no_missing_table(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "users", 0);
    region_isolate_node(region);
    static const char *const operations[] = {"DescribeTable", "DeleteTable"};
    for (size_t i = 0; i < 2; i++) {
        uint64_t start_us = world_now_us(region_world(region));
        assert_answer(region_call(region, operations[i], "{\"TableName\":\"users\"}"), 503,
                      UNAVAILABLE);
        assert_in_range(world_now_us(region_world(region)) - start_us, 0, 2500000);
    }

    region_heal(region);
    world_run_for(region_world(region), 20000000);
    assert_told(region_call(region, "DescribeTable", "{\"TableName\":\"users\"}"), "ACTIVE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_table_is_found_by_its_name_and_by_its_arn),
        cmocka_unit_test(test_a_missing_table_is_not_found_by_name),
        cmocka_unit_test(test_what_another_router_has_done_is_seen_at_once),
        cmocka_unit_test(test_a_catalog_that_is_not_reached_is_told_soon_and_is_no_missing_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
