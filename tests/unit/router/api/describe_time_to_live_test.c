#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/region_assert.h"

static const struct region_answer *described(struct region *region)
{
    return region_call(region, "DescribeTimeToLive", "{\"TableName\":\"abc\"}");
}

static void test_a_new_table_has_none(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "abc", 0);
    assert_answer(described(region), 200,
                  "{\"TimeToLiveDescription\":{\"TimeToLiveStatus\":\"DISABLED\"}}");
}

static void test_a_table_must_be_there_and_made(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    assert_exception(described(region), "ResourceNotFoundException",
                     "Requested resource not found: Table: abc not found");
    region_call(region, "CreateTable",
                "{\"TableName\":\"abc\",\"BillingMode\":\"PAY_PER_REQUEST\",\"KeySchema\":[{"
                "\"AttributeName\":\"a\",\"KeyType\":\"HASH\"}],\"AttributeDefinitions\":[{"
                "\"AttributeName\":\"a\",\"AttributeType\":\"N\"}]}");
    assert_validation(described(region),
                      "Cannot describe time to live while table is in CREATING state");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_table_has_none),
        cmocka_unit_test(test_a_table_must_be_there_and_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
