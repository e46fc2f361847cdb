#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "tests/unit/router/api/item_fixture.h"

#define UPDATE(key, more)                                                                          \
    region_call(region, "UpdateItem",                                                              \
                "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"" key "\"}}" more "}")
#define TO(text)       ",\"UpdateExpression\":\"" text "\""
#define VALUES(values) ",\"ExpressionAttributeValues\":{" values "}"
#define RETURN(values) ",\"ReturnValues\":\"" values "\""
#define GET(key)                                                                                   \
    region_call(region, "GetItem",                                                                 \
                "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"" key "\"}},"                   \
                "\"ConsistentRead\":true}")

static void test_an_update_makes_the_item_that_is_not_there(void **state)
{
    (void)state;
    assert_answer(UPDATE("a", TO("SET n = :n") VALUES("\":n\":{\"N\":\"1\"}")), 200, "{}");
    assert_answer(GET("a"), 200, "{\"Item\":{\"n\":{\"N\":\"1\"},\"pk\":{\"S\":\"a\"}}}");
    assert_answer(UPDATE("a2", TO("REMOVE n")), 200, "{}");
    assert_answer(GET("a2"), 200, "{\"Item\":{\"pk\":{\"S\":\"a2\"}}}");
    assert_answer(UPDATE("a3", ""), 200, "{}");
    assert_answer(GET("a3"), 200, "{\"Item\":{\"pk\":{\"S\":\"a3\"}}}");
}

static void test_an_update_changes_what_it_names_and_nothing_else(void **state)
{
    (void)state;
    UPDATE("b", TO("SET a = :a, b = :a, c = :c") VALUES("\":a\":{\"N\":\"1\"},\":c\":{\"SS\":["
                                                        "\"x\",\"y\"]}"));
    assert_answer(
        UPDATE("b", TO("SET a = a + :a REMOVE b DELETE c :c ADD d :a")
                        VALUES("\":a\":{\"N\":\"1\"},\":c\":{\"SS\":[\"x\"]}") RETURN("ALL_NEW")),
        200,
        "{\"Attributes\":{\"a\":{\"N\":\"2\"},\"c\":{\"SS\":[\"y\"]},\"d\":{\"N\":\"1\"},\"pk\":{"
        "\"S\":\"b\"}}}");
}

static void test_all_five_values_can_be_returned(void **state)
{
    (void)state;
    UPDATE("c", TO("SET a = :v, b = :v") VALUES("\":v\":{\"N\":\"1\"}"));
#define CHANGE(number, values)                                                                     \
    UPDATE("c", TO("SET a = :v") VALUES("\":v\":{\"N\":\"" number "\"}") RETURN(values))
    assert_answer(CHANGE("2", "NONE"), 200, "{}");
    assert_answer(
        CHANGE("3", "ALL_OLD"), 200,
        "{\"Attributes\":{\"a\":{\"N\":\"2\"},\"b\":{\"N\":\"1\"},\"pk\":{\"S\":\"c\"}}}");
    assert_answer(
        CHANGE("4", "ALL_NEW"), 200,
        "{\"Attributes\":{\"a\":{\"N\":\"4\"},\"b\":{\"N\":\"1\"},\"pk\":{\"S\":\"c\"}}}");
    assert_answer(CHANGE("5", "UPDATED_OLD"), 200, "{\"Attributes\":{\"a\":{\"N\":\"4\"}}}");
    assert_answer(CHANGE("6", "UPDATED_NEW"), 200, "{\"Attributes\":{\"a\":{\"N\":\"6\"}}}");
    assert_answer(UPDATE("c", TO("REMOVE a") RETURN("UPDATED_NEW")), 200, "{}");
    assert_answer(UPDATE("c2", TO("SET a = :v") VALUES("\":v\":{\"N\":\"1\"}") RETURN("ALL_OLD")),
                  200, "{}");
    assert_answer(
        UPDATE("c3", TO("SET a = :v") VALUES("\":v\":{\"N\":\"1\"}") RETURN("UPDATED_OLD")), 200,
        "{}");
}

static void test_an_update_that_changes_nothing_is_answered_like_any_other(void **state)
{
    (void)state;
    UPDATE("d", TO("SET a = :v") VALUES("\":v\":{\"N\":\"1\"}"));
    assert_answer(
        UPDATE("d", TO("SET a = :v") VALUES("\":v\":{\"N\":\"1.0\"}") RETURN("UPDATED_NEW")), 200,
        "{\"Attributes\":{\"a\":{\"N\":\"1\"}}}");
}

static void test_attributes_of_the_key_cannot_be_updated(void **state)
{
    (void)state;
    assert_validation(UPDATE("e", TO("SET pk = :v") VALUES("\":v\":{\"S\":\"e\"}")),
                      INVALID "Cannot update attribute pk. This attribute is part of the key");
    assert_validation(UPDATE("e", ",\"AttributeUpdates\":{\"pk\":{\"Value\":{\"S\":\"e\"}}}"),
                      INVALID "Cannot update attribute pk. This attribute is part of the key");
    assert_validation(
        region_call(region, "UpdateItem",
                    "{\"TableName\":\"sorted\",\"Key\":{\"pk\":{\"S\":\"e\"},\"sk\":{\"N\":\"1\"}},"
                    "\"UpdateExpression\":\"REMOVE sk\"}"),
        INVALID "Cannot update attribute sk. This attribute is part of the key");
    assert_answer(GET("e"), 200, "{}");
}

static void test_what_does_not_fit_the_item_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    UPDATE("f", TO("SET a = :v") VALUES("\":v\":{\"S\":\"x\"}"));
    assert_validation(UPDATE("f", TO("SET a = a + :v") VALUES("\":v\":{\"N\":\"1\"}")),
                      "An operand in the update expression has an incorrect data type");
    assert_validation(
        UPDATE("f", TO("SET b = c")),
        "The provided expression refers to an attribute that does not exist in the item");
    assert_validation(UPDATE("f", TO("SET b.c = :v") VALUES("\":v\":{\"N\":\"1\"}")),
                      "The document path provided in the update expression is invalid for update");
    assert_answer(GET("f"), 200, "{\"Item\":{\"a\":{\"S\":\"x\"},\"pk\":{\"S\":\"f\"}}}");
}

static void test_an_item_must_not_grow_beyond_its_limit(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    char *filler = memset(arena_alloc(arena, 200001), 'x', 200000);
    filler[200000] = '\0';
    const char *format = "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"g\"}},"
                         "\"UpdateExpression\":\"SET %s = :v\",\"ExpressionAttributeValues\":{"
                         "\":v\":{\"S\":\"%s\"}}}";
    const char *first = arena_format(arena, format, "a", filler);
    const char *second = arena_format(arena, format, "b", filler);
    const char *third = arena_format(arena, format, "c", filler);
    assert_answer(region_call(region, "UpdateItem", first), 200, "{}");
    assert_answer(region_call(region, "UpdateItem", second), 200, "{}");
    assert_validation(region_call(region, "UpdateItem", third),
                      "Item size to update has exceeded the maximum allowed size");
}

static void test_conditions_guard_updates(void **state)
{
    (void)state;
    assert_exception(UPDATE("h", TO("SET a = :v")
                                     VALUES("\":v\":{\"N\":\"1\"}") ",\"ConditionExpression\":"
                                                                    "\"attribute_exists(pk)\""),
                     "ConditionalCheckFailedException", "The conditional request failed");
    assert_answer(GET("h"), 200, "{}");
}

static void test_the_larger_of_the_two_items_is_charged(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    char *filler = memset(arena_alloc(arena, 2001), 'x', 2000);
    filler[2000] = '\0';
    const char *body = arena_format(
        arena,
        "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"i\"}},\"UpdateExpression\":\"SET a = "
        ":v\",\"ExpressionAttributeValues\":{\":v\":{\"S\":\"%s\"}},\"ReturnConsumedCapacity\":"
        "\"TOTAL\"}",
        filler);
    const char *two = "{\"ConsumedCapacity\":{\"CapacityUnits\":2.0,\"TableName\":\"plain\"}}";
    assert_answer(region_call(region, "UpdateItem", body), 200, two);
    assert_answer(UPDATE("i", TO("REMOVE a") ",\"ReturnConsumedCapacity\":\"TOTAL\""), 200, two);
    assert_answer(UPDATE("i", TO("REMOVE a") ",\"ReturnConsumedCapacity\":\"INDEXES\""), 200,
                  "{\"ConsumedCapacity\":{\"CapacityUnits\":1.0,\"Table\":{\"CapacityUnits\":1.0},"
                  "\"TableName\":\"plain\"}}");
}

static void test_counters_count_every_update_of_a_turn(void **state)
{
    (void)state;
    enum { COUNT = 12 };
    size_t exchanges[COUNT];
    const char *body = "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"j\"}},"
                       "\"UpdateExpression\":\"ADD n :one\",\"ExpressionAttributeValues\":{"
                       "\":one\":{\"N\":\"1\"}}}";
    struct region_request request = {.target = "DynamoDB_20120810.UpdateItem",
                                     .body = slice_of_text(body)};
    for (size_t i = 0; i < COUNT; i++)
        exchanges[i] = region_begin(region, &request);
    for (size_t i = 0; i < COUNT; i++)
        assert_answer(region_finish(region, exchanges[i]), 200, "{}");
    assert_answer(GET("j"), 200, "{\"Item\":{\"n\":{\"N\":\"12\"},\"pk\":{\"S\":\"j\"}}}");
}

static void test_old_and_new_parameters_are_not_mixed(void **state)
{
    (void)state;
    assert_validation(
        UPDATE("k", TO("REMOVE a") ",\"AttributeUpdates\":{\"a\":{\"Action\":\"DELETE\"}},"
                                   "\"Expected\":{\"a\":{\"Exists\":false}}"),
        "Can not use both expression and non-expression parameters in the same request: "
        "Non-expression parameters: {AttributeUpdates, Expected} Expression parameters: "
        "{UpdateExpression}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_update_makes_the_item_that_is_not_there),
        cmocka_unit_test(test_an_update_changes_what_it_names_and_nothing_else),
        cmocka_unit_test(test_all_five_values_can_be_returned),
        cmocka_unit_test(test_an_update_that_changes_nothing_is_answered_like_any_other),
        cmocka_unit_test(test_attributes_of_the_key_cannot_be_updated),
        cmocka_unit_test(test_what_does_not_fit_the_item_is_refused_and_changes_nothing),
        cmocka_unit_test(test_an_item_must_not_grow_beyond_its_limit),
        cmocka_unit_test(test_conditions_guard_updates),
        cmocka_unit_test(test_the_larger_of_the_two_items_is_charged),
        cmocka_unit_test(test_counters_count_every_update_of_a_turn),
        cmocka_unit_test(test_old_and_new_parameters_are_not_mixed),
    };
    return cmocka_run_group_tests(tests, item_fixture_set_up, item_fixture_tear_down);
}
