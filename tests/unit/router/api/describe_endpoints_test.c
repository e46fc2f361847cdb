#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/region_assert.h"

static void test_the_endpoint_is_the_router_itself(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    assert_answer(
        region_call(region, "DescribeEndpoints", "{}"), 200,
        "{\"Endpoints\":[{\"Address\":\"localhost:8000\",\"CachePeriodInMinutes\":1440}]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_endpoint_is_the_router_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
