#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/api/item_fixture.h"

#define UPDATE(key, updates)                                                                       \
    region_call(region, "UpdateItem",                                                              \
                "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"" key "\"}},"                   \
                "\"AttributeUpdates\":{" updates "},\"ReturnValues\":\"ALL_NEW\"}")
#define ITEM(key, attributes) "{\"Attributes\":{" attributes "\"pk\":{\"S\":\"" key "\"}}}"

static void test_attributes_are_put_added_and_deleted(void **state)
{
    (void)state;
    assert_answer(UPDATE("a",
                         "\"n\":{\"Value\":{\"N\":\"1\"}},\"l\":{\"Action\":\"PUT\",\"Value\":{"
                         "\"L\":[{\"S\":\"x\"}]}},\"c\":{\"Action\":\"ADD\",\"Value\":{\"SS\":["
                         "\"x\",\"y\"]}}"),
                  200,
                  ITEM("a", "\"c\":{\"SS\":[\"x\",\"y\"]},\"l\":{\"L\":[{\"S\":\"x\"}]},\"n\":{"
                            "\"N\":\"1\"},"));
    assert_answer(
        UPDATE("a", "\"n\":{\"Action\":\"ADD\",\"Value\":{\"N\":\"2\"}},\"l\":{\"Action\":\"ADD\","
                    "\"Value\":{\"L\":[{\"S\":\"y\"}]}},\"c\":{\"Action\":\"DELETE\",\"Value\":{"
                    "\"SS\":[\"x\"]}}"),
        200,
        ITEM("a", "\"c\":{\"SS\":[\"y\"]},\"l\":{\"L\":[{\"S\":\"x\"},{\"S\":\"y\"}]},\"n\":{"
                  "\"N\":\"3\"},"));
    assert_answer(UPDATE("a", "\"n\":{\"Action\":\"DELETE\"},\"l\":{\"Action\":\"DELETE\"},"
                              "\"c\":{\"Action\":\"DELETE\"},\"none\":{\"Action\":\"DELETE\"}"),
                  200, ITEM("a", ""));
}

static void test_names_with_dots_are_names_and_no_paths(void **state)
{
    (void)state;
    assert_answer(UPDATE("b", "\"a.b[1]\":{\"Value\":{\"N\":\"1\"}}"), 200,
                  ITEM("b", "\"a.b[1]\":{\"N\":\"1\"},"));
}

static void test_actions_take_the_types_that_they_can_work_with(void **state)
{
    (void)state;
    assert_validation(UPDATE("c", "\"a\":{\"Action\":\"ADD\",\"Value\":{\"S\":\"x\"}}"),
                      INVALID "ADD action is not supported for the type S");
    assert_validation(UPDATE("c", "\"a\":{\"Action\":\"DELETE\",\"Value\":{\"N\":\"1\"}}"),
                      INVALID "DELETE action with value is not supported for the type N");
    assert_validation(UPDATE("c", "\"a\":{\"Action\":\"PUT\"}"),
                      INVALID "Only DELETE action is allowed when no attribute value is specified");
    assert_validation(UPDATE("c", "\"a\":null"),
                      INVALID "Only DELETE action is allowed when no attribute value is specified");
    assert_told(UPDATE("c", "\"a\":{\"Action\":\"SET\"}"),
                "Value 'SET' at 'attributeUpdates.a.member.action' failed to satisfy constraint: "
                "Member must satisfy enum value set: [ADD, DELETE, PUT]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attributes_are_put_added_and_deleted),
        cmocka_unit_test(test_names_with_dots_are_names_and_no_paths),
        cmocka_unit_test(test_actions_take_the_types_that_they_can_work_with),
    };
    return cmocka_run_group_tests(tests, item_fixture_set_up, item_fixture_tear_down);
}
