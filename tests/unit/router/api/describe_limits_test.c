#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/region_assert.h"

static void test_limits_are_those_that_are_held(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    assert_answer(region_call(region, "DescribeLimits", "{}"), 200,
                  "{\"AccountMaxReadCapacityUnits\":1000000000000,"
                  "\"AccountMaxWriteCapacityUnits\":1000000000000,"
                  "\"TableMaxReadCapacityUnits\":1000000000000,"
                  "\"TableMaxWriteCapacityUnits\":1000000000000}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits_are_those_that_are_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
