#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "tests/support/region_assert.h"

static struct region *region;

static int set_up(void **state)
{
    (void)state;
    region = region_create(NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    region_destroy(region);
    return 0;
}

static const struct region_answer *describe(const char *name)
{
    OWNED(arena) arena = arena_create();
    return region_call(region, "DescribeTable",
                       arena_format(arena, "{\"TableName\":\"%s\"}", name));
}

#define INVALID_NAME                                                                               \
    "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and " \
    "may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'"

static void test_an_arn_names_a_table_of_this_region_and_account(void **state)
{
    (void)state;
    assert_exception(describe("arn:aws:dynamodb:us-east-1:000000000000:table/abc"),
                     "ResourceNotFoundException",
                     "Requested resource not found: Table: abc not found");
}

static void test_an_arn_that_is_none_of_a_table_is_refused(void **state)
{
    (void)state;
    assert_validation(describe("arn:"), INVALID_NAME);
    assert_validation(describe("arn:aws:dynamodb:us-east-1:000000000000"), INVALID_NAME);
    assert_validation(describe("arn:aws:dynamodb:us-east-1:000000000000:table/"), INVALID_NAME);
    assert_validation(describe("arn:aws:dynamodb:us-east-1:000000000000:table/ab"), INVALID_NAME);
    assert_validation(describe("arn:aws:dynamodb:us-east-1:000000000000:table/abc/index/x"),
                      INVALID_NAME);
    assert_validation(describe("arn:aws:s3:us-east-1:000000000000:table/abc"), INVALID_NAME);
}

static void test_an_arn_of_another_region_or_account_is_refused(void **state)
{
    (void)state;
    assert_told(describe("arn:aws:dynamodb:eu-west-1:000000000000:table/abc"),
                "ValidationException");
    assert_told(describe("arn:aws:dynamodb:us-east-1:123456789012:table/abc"),
                "AccessDeniedException");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_arn_names_a_table_of_this_region_and_account),
        cmocka_unit_test(test_an_arn_that_is_none_of_a_table_is_refused),
        cmocka_unit_test(test_an_arn_of_another_region_or_account_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
