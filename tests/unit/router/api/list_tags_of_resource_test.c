#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/api/tag_fixture.h"

static void test_tags_come_in_pages(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "abc", 0);
    tag_many(region, 20);

    const struct region_answer *answer = tag_list(region);
    assert_told(answer, "{\"Tags\":[" TAG("k000", "v"));
    assert_told(answer, TAG("k009", "v") "],\"NextToken\":\"azAwOQ==\"}");

    answer =
        region_call(region, "ListTagsOfResource", "{" TAG_RESOURCE ",\"NextToken\":\"azAwOQ==\"}");
    assert_told(answer, "{\"Tags\":[" TAG("k010", "v"));
    assert_told(answer, TAG("k019", "v") "]}");
}

static void test_a_token_that_is_none_is_refused(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "abc", 0);

    assert_validation(
        region_call(region, "ListTagsOfResource", "{" TAG_RESOURCE ",\"NextToken\":\"?\"}"),
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
        cmocka_unit_test(test_tags_come_in_pages),
        cmocka_unit_test(test_a_token_that_is_none_is_refused),
        cmocka_unit_test(test_a_table_that_is_not_there_has_no_tags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
