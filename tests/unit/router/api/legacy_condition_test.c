#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/expression/condition.h"
#include "core/json/json_request.h"
#include "core/model/item.h"
#include "router/api/legacy_condition.h"
#include "router/api/legacy_shapes.h"
#include "tests/unit/core/expression/endless_work.h"
#include "tests/unit/router/api/legacy_fixture.h"

#define FIVE "\"n\":{\"Value\":{\"N\":\"5\"}}"
#define SIX  "\"n\":{\"Value\":{\"N\":\"6\"}}"
#define TEXT "\"s\":{\"Value\":{\"S\":\"hello\"}}"

static void test_a_value_is_expected_to_be_there(void **state)
{
    (void)state;
    HOLDS(FIVE);
    HOLDS_NOT(SIX);
    HOLDS("\"n\":{\"Value\":{\"N\":\"5\"},\"Exists\":true}");
    HOLDS("\"none\":{\"Exists\":false}");
    HOLDS_NOT("\"n\":{\"Exists\":false}");
    HOLDS("\"n\":{\"ComparisonOperator\":\"LT\",\"Value\":{\"N\":\"6\"}}");
}

static void test_all_hold_or_with_the_operator_or_any(void **state)
{
    (void)state;
    HOLDS(FIVE "," TEXT);
    HOLDS_NOT(SIX "," TEXT);
    assert_answer(EXPECT(SIX "," TEXT, ",\"ConditionalOperator\":\"OR\""), 200, "{}");
    assert_exception(EXPECT(SIX "," TEXT, ",\"ConditionalOperator\":\"AND\""),
                     "ConditionalCheckFailedException", "The conditional request failed");
}

static void test_the_operator_needs_something_to_join(void **state)
{
    (void)state;
    assert_validation(EXPECT(FIVE, ",\"ConditionalOperator\":\"AND\""),
                      "ConditionalOperator can only be used when Filter or Expected has two or "
                      "more elements");
    assert_validation(EXPECT("", ",\"ConditionalOperator\":\"AND\""),
                      "ConditionalOperator cannot be used without Filter or Expected");
}

static void test_members_that_contradict_each_other_are_refused(void **state)
{
    (void)state;
    REFUSED("\"n\":{\"Exists\":true}",
            INVALID "Value must be provided when Exists is true for Attribute: n");
    REFUSED("\"n\":{}", INVALID "Value must be provided when Exists is null for Attribute: n");
    REFUSED("\"n\":null", INVALID "Value must be provided when Exists is null for Attribute: n");
    REFUSED("\"n\":{\"Exists\":false,\"Value\":{\"N\":\"5\"}}",
            INVALID "Value cannot be used when Exists is false for Attribute: n");
    REFUSED("\"n\":{\"Exists\":true,\"ComparisonOperator\":\"NULL\"}",
            INVALID "Exists and ComparisonOperator cannot be used together for Attribute: n");
    REFUSED("\"n\":{\"Exists\":true,\"AttributeValueList\":[]}",
            INVALID "AttributeValueList can only be used with a ComparisonOperator for Attribute: "
                    "n");
    REFUSED("\"n\":{\"ComparisonOperator\":\"EQ\",\"AttributeValueList\":[{\"N\":\"5\"}],"
            "\"Value\":{\"N\":\"5\"}}",
            INVALID "Value and AttributeValueList cannot be used together for Attribute: n");
}

static void test_an_unknown_operator_is_refused_with_those_that_are(void **state)
{
    (void)state;
    REFUSED("\"n\":{\"ComparisonOperator\":\"LIKE\"}",
            "1 validation error detected: Value 'LIKE' at 'expected.n.member.comparisonOperator' "
            "failed to satisfy constraint: Member must satisfy enum value set: [IN, NULL, BETWEEN, "
            "LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS]");
}

/* --- What Query and Scan ask for ------------------------------------------------------------- */

static const struct json_field fields[] = {LEGACY_CONDITIONS_FIELD("Filter")};

/* The map named "Filter" in a body. */
static const struct json_node *parse(const char *body, struct arena *arena)
{
    OWNED(json_request_parser) parser = json_request_parser_create();
    struct slice copy = arena_copy(arena, slice_of_text(body));
    return json_node_find(json_request_parse(parser, copy, fields, 1, arena).root, "Filter");
}

static bool holds(const struct condition *condition, const char *number)
{
    OWNED(item_builder) builder = item_builder_create();
    struct number parsed;
    struct slice item;
    assert_int_equal(number_parse(slice_of_text(number), &parsed), NUMBER_FAULT_NONE);
    item_builder_name(builder, slice_of_text("n"));
    item_builder_number(builder, parsed);
    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_NONE);
    return condition_holds(condition, item, endless_work());
}

static void test_a_filter_is_a_condition(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct api_call call = {.arena = arena};
    struct condition condition;
    bool has_condition;
    const struct json_node *filter =
        parse("{\"Filter\":{\"n\":{\"ComparisonOperator\":\"GT\",\"AttributeValueList\":[{\"N\":"
              "\"5\"}]},\"m\":{\"ComparisonOperator\":\"NULL\"}}}",
              arena);
    struct slice none = {0};

    assert_int_equal(legacy_filter_read(&call, filter, none, &has_condition, &condition),
                     STATUS_OK);
    assert_true(has_condition && holds(&condition, "6") && !holds(&condition, "5"));
    assert_int_equal(
        legacy_filter_read(&call, filter, slice_of_text("OR"), &has_condition, &condition),
        STATUS_OK);
    assert_true(has_condition && holds(&condition, "5"));
    assert_int_equal(legacy_filter_read(&call, NULL, none, &has_condition, &condition), STATUS_OK);
    assert_false(has_condition);
}

static void test_key_conditions_are_those_that_an_order_can_answer(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct api_call call = {.arena = arena};
    struct condition condition;
    const struct json_node *good = parse("{\"Filter\":{\"n\":{\"ComparisonOperator\":\"EQ\","
                                         "\"AttributeValueList\":[{\"N\":\"5\"}]}}}",
                                         arena);
    const struct json_node *bad = parse("{\"Filter\":{\"n\":{\"ComparisonOperator\":\"NE\","
                                        "\"AttributeValueList\":[{\"N\":\"5\"}]}}}",
                                        arena);
    const struct json_node *empty = parse("{\"Filter\":{}}", arena);

    assert_int_equal(legacy_key_conditions_read(&call, good, &condition), STATUS_OK);
    assert_int_equal(condition.kind, CONDITION_EQUAL);
    assert_true(holds(&condition, "5"));
    assert_int_equal(legacy_key_conditions_read(&call, bad, &condition), STATUS_INVALID);
    assert_int_equal(legacy_key_conditions_read(&call, empty, &condition), STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_value_is_expected_to_be_there),
        cmocka_unit_test(test_all_hold_or_with_the_operator_or_any),
        cmocka_unit_test(test_the_operator_needs_something_to_join),
        cmocka_unit_test(test_members_that_contradict_each_other_are_refused),
        cmocka_unit_test(test_an_unknown_operator_is_refused_with_those_that_are),
        cmocka_unit_test(test_a_filter_is_a_condition),
        cmocka_unit_test(test_key_conditions_are_those_that_an_order_can_answer),
    };
    return cmocka_run_group_tests(tests, legacy_fixture_set_up, item_fixture_tear_down);
}
