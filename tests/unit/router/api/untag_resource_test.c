#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/api/tag_fixture.h"

static const struct region_answer *untag(struct region *region, const char *keys)
{
    char body[1024];
    snprintf(body, sizeof body, "{" TAG_RESOURCE ",\"TagKeys\":%s}", keys);
    return region_call(region, "UntagResource", body);
}

static void test_tags_are_removed_and_missing_ones_not_missed(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "abc", 0);
    tag(region, TAG("a", "1") "," TAG("b", "2"));

    assert_answer(untag(region, "[\"a\",\"z\"]"), 200, "");

    assert_answer(tag_list(region), 200, "{\"Tags\":[" TAG("b", "2") "]}");
    assert_answer(untag(region, "[]"), 200, "");
}

static void test_what_is_no_key_is_refused(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "abc", 0);

    assert_validation(untag(region, "[\"\"]"),
                      "1 validation error detected: Value '' at 'tagKeys.1.member' failed to "
                      "satisfy constraint: Member must have length greater than or equal to 1");
    assert_exception(region_call(region, "UntagResource",
                                 "{\"ResourceArn\":\"" TAG_ARN "x\",\"TagKeys\":[\"a\"]}"),
                     "ResourceNotFoundException",
                     "Requested resource not found: ResourcArn: " TAG_ARN "x not found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tags_are_removed_and_missing_ones_not_missed),
        cmocka_unit_test(test_what_is_no_key_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
