#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/world.h"
#include "tests/support/region_assert.h"

#define USERS "{\"TableName\":\"users\"}"

static void test_a_table_is_deleting_and_then_gone(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "users", 0);

    const struct region_answer *answer = region_call(region, "DeleteTable", USERS);
    assert_int_equal(answer->status_code, 200);
    assert_told(answer, "{\"TableDescription\":{");
    assert_told(answer, "\"TableStatus\":\"DELETING\"");

    world_run_for(region_world(region), 2000000);
    assert_exception(region_call(region, "DescribeTable", USERS), "ResourceNotFoundException",
                     "Requested resource not found: Table: users not found");
    assert_answer(region_call(region, "ListTables", "{}"), 200, "{\"TableNames\":[]}");
}

static void test_a_missing_table_is_not_found(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    assert_exception(region_call(region, "DeleteTable", USERS), "ResourceNotFoundException",
                     "Requested resource not found: Table: users not found");
}

static void test_a_table_on_its_way_is_in_use(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    const struct region_request create = {
        .target = "DynamoDB_20120810.CreateTable",
        .body = slice_of_text(
            "{\"TableName\":\"users\",\"BillingMode\":\"PAY_PER_REQUEST\",\"KeySchema\":[{"
            "\"AttributeName\":\"a\",\"KeyType\":\"HASH\"}],\"AttributeDefinitions\":[{"
            "\"AttributeName\":\"a\",\"AttributeType\":\"B\"}]}")};
    const struct region_request drop = {.target = "DynamoDB_20120810.DeleteTable",
                                        .body = slice_of_text(USERS)};
    assert_int_equal(region_send(region, &create)->status_code, 200);
    assert_exception(region_send(region, &drop), "ResourceInUseException",
                     "Attempt to change a resource which is still in use: Table is being created: "
                     "users");

    world_run_for(region_world(region), 2000000);
    size_t first = region_begin(region, &drop);
    size_t second = region_begin(region, &drop);
    assert_int_equal(region_finish(region, first)->status_code, 200);
    assert_exception(region_finish(region, second), "ResourceInUseException",
                     "Attempt to change a resource which is still in use: Table is being deleted: "
                     "users");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_table_is_deleting_and_then_gone),
        cmocka_unit_test(test_a_missing_table_is_not_found),
        cmocka_unit_test(test_a_table_on_its_way_is_in_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
