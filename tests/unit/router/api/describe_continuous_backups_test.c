#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/region_assert.h"

static const struct region_answer *described(struct region *region)
{
    return region_call(region, "DescribeContinuousBackups", "{\"TableName\":\"abc\"}");
}

static void test_there_is_no_recovery_to_a_point_in_time(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "abc", 0);
    assert_answer(described(region), 200,
                  "{\"ContinuousBackupsDescription\":{\"ContinuousBackupsStatus\":\"ENABLED\","
                  "\"PointInTimeRecoveryDescription\":{\"PointInTimeRecoveryStatus\":\"DISABLED\"}}"
                  "}");
}

static void test_the_table_must_be_there(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    assert_exception(described(region), "TableNotFoundException", "Table not found: abc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_is_no_recovery_to_a_point_in_time),
        cmocka_unit_test(test_the_table_must_be_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
