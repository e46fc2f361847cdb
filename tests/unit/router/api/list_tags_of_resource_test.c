#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/api/tag_fixture.h"

static void test_all_tags_come_at_once(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "abc", 0);
    tag_many(region, 50);

    const struct region_answer *answer = tag_list(region);

    assert_told(answer, "{\"Tags\":[" TAG("k000", "v"));
    assert_told(answer, TAG("k049", "v") "]}");
}

static void test_there_is_no_second_page(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "abc", 0);

    assert_validation(
        region_call(region, "ListTagsOfResource", "{" TAG_RESOURCE ",\"NextToken\":\"azAwOQ==\"}"),
        "Invalid NextToken");
    assert_validation(
        region_call(region, "ListTagsOfResource", "{" TAG_RESOURCE ",\"NextToken\":\"\"}"),
        "Invalid NextToken");
}

static void test_a_table_that_is_not_there_has_no_tags(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    assert_exception(tag_list(region), "ResourceNotFoundException",
                     "Requested resource not found: ResourcArn: " TAG_ARN " not found");
    assert_validation(region_call(region, "ListTagsOfResource", "{\"ResourceArn\":\"abc\"}"),
                      "Invalid TableArn: Invalid ResourceArn provided as input abc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_tags_come_at_once),
        cmocka_unit_test(test_there_is_no_second_page),
        cmocka_unit_test(test_a_table_that_is_not_there_has_no_tags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
