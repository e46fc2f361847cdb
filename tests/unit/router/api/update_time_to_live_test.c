#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/region_assert.h"

static const struct region_answer *set(struct region *region, const char *enabled,
                                       const char *attribute)
{
    char body[256];
    snprintf(body, sizeof body,
             "{\"TableName\":\"abc\",\"TimeToLiveSpecification\":{\"Enabled\":%s,"
             "\"AttributeName\":\"%s\"}}",
             enabled, attribute);
    return region_call(region, "UpdateTimeToLive", body);
}

static const struct region_answer *described(struct region *region)
{
    return region_call(region, "DescribeTimeToLive", "{\"TableName\":\"abc\"}");
}

static void test_time_to_live_is_enabled_and_disabled(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "abc", 0);

    assert_answer(set(region, "true", "ends"), 200,
                  "{\"TimeToLiveSpecification\":{\"AttributeName\":\"ends\",\"Enabled\":true}}");
    assert_answer(described(region), 200,
                  "{\"TimeToLiveDescription\":{\"AttributeName\":\"ends\","
                  "\"TimeToLiveStatus\":\"ENABLED\"}}");

    assert_answer(set(region, "false", "ends"), 200,
                  "{\"TimeToLiveSpecification\":{\"AttributeName\":\"ends\",\"Enabled\":false}}");
    assert_answer(described(region), 200,
                  "{\"TimeToLiveDescription\":{\"TimeToLiveStatus\":\"DISABLED\"}}");
}

static void test_what_is_so_already_is_refused(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "abc", 0);

    assert_validation(set(region, "false", "ends"), "TimeToLive is already disabled");
    set(region, "true", "ends");
    assert_validation(set(region, "true", "ends"), "TimeToLive is already enabled");
    assert_validation(set(region, "true", "other"),
                      "TimeToLive is active on a different AttributeName: current AttributeName is "
                      "ends");
}

static void test_a_specification_is_whole_and_its_table_there(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);

    assert_exception(set(region, "true", "ends"), "ResourceNotFoundException",
                     "Requested resource not found: Table: abc not found");
    assert_validation(
        region_call(region, "UpdateTimeToLive",
                    "{\"TableName\":\"abc\",\"TimeToLiveSpecification\":{}}"),
        "2 validation errors detected: Value null at 'timeToLiveSpecification.enabled' failed to "
        "satisfy constraint: Member must not be null; Value null at "
        "'timeToLiveSpecification.attributeName' failed to satisfy constraint: Member must not be "
        "null");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_to_live_is_enabled_and_disabled),
        cmocka_unit_test(test_what_is_so_already_is_refused),
        cmocka_unit_test(test_a_specification_is_whole_and_its_table_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
