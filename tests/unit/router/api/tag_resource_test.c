#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/api/tag_fixture.h"

#define INVALID "One or more parameter values were invalid: "

static void test_tags_are_put_and_replaced_and_the_answer_is_empty(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "abc", 0);

    assert_answer(tag(region, TAG("b", "2") "," TAG("a", "")), 200, "");
    assert_answer(tag(region, TAG("b", "3")), 200, "");

    assert_answer(tag_list(region), 200, "{\"Tags\":[" TAG("a", "") "," TAG("b", "3") "]}");
}

static void test_a_table_takes_at_most_fifty(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "abc", 0);
    tag_many(region, 50);

    assert_validation(tag(region, TAG("more", "")),
                      INVALID "The number of tags of a resource cannot exceed 50");
    assert_answer(tag(region, TAG("k000", "again")), 200, "");
}

static void test_reserved_and_repeated_keys_are_refused(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "abc", 0);

    assert_validation(tag(region, TAG("AWS:x", "")),
                      INVALID "Tag keys that begin with aws: are reserved: AWS:x");
    assert_validation(tag(region, TAG("a", "1") "," TAG("a", "2")),
                      INVALID "Tag keys must be unique, but this one is repeated: a");
    assert_validation(tag(region, TAG("", "")),
                      "1 validation error detected: Value '' at 'tags.1.member.key' failed to "
                      "satisfy constraint: Member must have length greater than or equal to 1");
    assert_answer(tag_list(region), 200, "{\"Tags\":[]}");
}

static void test_what_is_no_arn_or_of_no_table_is_refused(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);

    assert_exception(tag(region, TAG("a", "")), "ResourceNotFoundException",
                     "Requested resource not found: ResourcArn: " TAG_ARN " not found");
    assert_validation(region_call(region, "TagResource", "{\"ResourceArn\":\"abc\",\"Tags\":[]}"),
                      "Invalid TableArn: Invalid ResourceArn provided as input abc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tags_are_put_and_replaced_and_the_answer_is_empty),
        cmocka_unit_test(test_a_table_takes_at_most_fifty),
        cmocka_unit_test(test_reserved_and_repeated_keys_are_refused),
        cmocka_unit_test(test_what_is_no_arn_or_of_no_table_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
