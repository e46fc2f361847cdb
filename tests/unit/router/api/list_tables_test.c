#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/region_assert.h"

/* Three tables, which no test changes. */
static struct region *region;

static int set_up(void **state)
{
    (void)state;
    region = region_create(NULL);
    region_make_table(region, "bbb", 0);
    region_make_table(region, "aaa", 0);
    region_make_table(region, "ccc", 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    region_destroy(region);
    return 0;
}

static void test_names_are_sorted(void **state)
{
    (void)state;
    assert_answer(region_call(region, "ListTables", "{}"), 200,
                  "{\"TableNames\":[\"aaa\",\"bbb\",\"ccc\"]}");
}

static void test_a_page_ends_at_its_limit_and_says_where_unless_it_is_the_last(void **state)
{
    (void)state;
    assert_answer(region_call(region, "ListTables", "{\"Limit\":2}"), 200,
                  "{\"TableNames\":[\"aaa\",\"bbb\"],\"LastEvaluatedTableName\":\"bbb\"}");
    assert_answer(
        region_call(region, "ListTables", "{\"Limit\":2,\"ExclusiveStartTableName\":\"bbb\"}"), 200,
        "{\"TableNames\":[\"ccc\"]}");
    assert_answer(region_call(region, "ListTables", "{\"Limit\":3}"), 200,
                  "{\"TableNames\":[\"aaa\",\"bbb\",\"ccc\"]}");
}

static void test_a_page_may_start_after_a_name_that_is_no_table(void **state)
{
    (void)state;
    assert_answer(region_call(region, "ListTables", "{\"ExclusiveStartTableName\":\"aab\"}"), 200,
                  "{\"TableNames\":[\"bbb\",\"ccc\"]}");
    assert_answer(region_call(region, "ListTables", "{\"ExclusiveStartTableName\":\"zzz\"}"), 200,
                  "{\"TableNames\":[]}");
}

static void test_limits_and_names_out_of_bounds_are_refused(void **state)
{
    (void)state;
    assert_validation(region_call(region, "ListTables", "{\"Limit\":101}"),
                      "1 validation error detected: Value '101' at 'limit' failed to satisfy "
                      "constraint: Member must have value less than or equal to 100");
    assert_validation(region_call(region, "ListTables", "{\"ExclusiveStartTableName\":\"a\"}"),
                      "1 validation error detected: Value 'a' at 'exclusiveStartTableName' failed "
                      "to satisfy constraint: Member must have length greater than or equal to 3");
}

static void test_what_another_router_has_made_is_listed(void **state)
{
    (void)state;
    assert_answer(region_send(region,
                              &(struct region_request){
                                  .router = 1,
                                  .target = "DynamoDB_20120810.ListTables",
                                  .body = slice_of_text("{}"),
                              }),
                  200, "{\"TableNames\":[\"aaa\",\"bbb\",\"ccc\"]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_sorted),
        cmocka_unit_test(test_a_page_ends_at_its_limit_and_says_where_unless_it_is_the_last),
        cmocka_unit_test(test_a_page_may_start_after_a_name_that_is_no_table),
        cmocka_unit_test(test_limits_and_names_out_of_bounds_are_refused),
        cmocka_unit_test(test_what_another_router_has_made_is_listed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
