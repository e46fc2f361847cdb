#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "tests/unit/router/api/item_fixture.h"

#define KEY(key) "{\"pk\":{\"S\":\"" key "\"}}"
#define PUT(key)                                                                                   \
    region_call(region, "PutItem",                                                                 \
                "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"S\":\"" key                          \
                "\"},\"a\":{\"S\":\"x\"},\"b\":{\"M\":{\"c\":{\"N\":\"1\"}}}}}")
#define BATCH(tables, more)                                                                        \
    region_call(region, "BatchGetItem", "{\"RequestItems\":{" tables "}" more "}")
#define FOUND(key)                                                                                 \
    "{\"a\":{\"S\":\"x\"},\"b\":{\"M\":{\"c\":{\"N\":\"1\"}}},\"pk\":{\"S\":\"" key "\"}}"
#define NOTHING_LEFT ",\"UnprocessedKeys\":{}}"

static void test_items_of_several_tables_come_in_the_order_of_their_keys(void **state)
{
    (void)state;
    PUT("a");
    PUT("b");
    region_call(region, "PutItem",
                "{\"TableName\":\"sorted\",\"Item\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"}}}");
    assert_answer(
        BATCH("\"plain\":{\"Keys\":[" KEY("b") "," KEY("none") "," KEY(
                  "a") "]},"
                       "\"sorted\":{\"Keys\":[{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"}}]}",
              ""),
        200,
        "{\"Responses\":{\"plain\":[" FOUND("b") "," FOUND(
            "a") "],\"sorted\":[{\"pk\":{\"S\":\"a\""
                 "},\"sk\":{\"N\":\"1\"}}]}" NOTHING_LEFT);
}

static void test_each_table_has_its_projection(void **state)
{
    (void)state;
    PUT("c");
    assert_answer(
        BATCH("\"plain\":{\"Keys\":[" KEY(
                  "c") "],\"ProjectionExpression\":\"#p, b.c\","
                       "\"ExpressionAttributeNames\":{\"#p\":\"pk\"},\"ConsistentRead\":true}",
              ""),
        200,
        "{\"Responses\":{\"plain\":[{\"b\":{\"M\":{\"c\":{\"N\":\"1\"}}},\"pk\":{\"S\":"
        "\"c\"}}]}" NOTHING_LEFT);
    assert_answer(BATCH("\"plain\":{\"Keys\":[" KEY("c") "],\"AttributesToGet\":[\"a\"]}", ""), 200,
                  "{\"Responses\":{\"plain\":[{\"a\":{\"S\":\"x\"}}]}" NOTHING_LEFT);
    assert_validation(
        BATCH("\"plain\":{\"Keys\":[" KEY("c") "],\"AttributesToGet\":[\"a\"],"
                                               "\"ProjectionExpression\":\"a\"}",
              ""),
        "Can not use both expression and non-expression parameters in the same request: "
        "Non-expression parameters: {AttributesToGet} Expression parameters: "
        "{ProjectionExpression}");
}

static void test_each_item_is_charged_found_or_not(void **state)
{
    (void)state;
    PUT("d");
    assert_answer(BATCH("\"plain\":{\"Keys\":[" KEY("d") "," KEY("none") "]}",
                        ",\"ReturnConsumedCapacity\":\"TOTAL\""),
                  200,
                  "{\"ConsumedCapacity\":[{\"CapacityUnits\":1.0,\"TableName\":\"plain\"}],"
                  "\"Responses\":{\"plain\":[" FOUND("d") "]}" NOTHING_LEFT);
    assert_answer(BATCH("\"plain\":{\"Keys\":[" KEY("none") "],\"ConsistentRead\":true}",
                        ",\"ReturnConsumedCapacity\":\"INDEXES\""),
                  200,
                  "{\"ConsumedCapacity\":[{\"CapacityUnits\":1.0,\"Table\":{\"CapacityUnits\":1.0},"
                  "\"TableName\":\"plain\"}],\"Responses\":{\"plain\":[]}" NOTHING_LEFT);
}

static void test_a_key_must_not_stand_twice(void **state)
{
    (void)state;
    assert_validation(BATCH("\"plain\":{\"Keys\":[" KEY("e") "," KEY("e") "]}", ""),
                      "Provided list of item keys contains duplicates");
}

static void test_every_key_must_match_its_table(void **state)
{
    (void)state;
    assert_validation(BATCH("\"plain\":{\"Keys\":[" KEY("e") ",{\"pk\":{\"N\":\"1\"}}]}", ""),
                      "The provided key element does not match the schema");
    assert_validation(BATCH("\"plain\":{\"Keys\":[null]}", ""),
                      "The provided key element does not match the schema");
    assert_exception(
        BATCH("\"plain\":{\"Keys\":[" KEY("e") "]},\"none\":{\"Keys\":[" KEY("e") "]}", ""),
        "ResourceNotFoundException", "Requested resource not found");
}

static void test_there_is_at_least_one_key_and_at_most_a_hundred(void **state)
{
    (void)state;
    assert_told(BATCH("", ""), "at 'requestItems' failed to satisfy constraint: Member must have "
                               "length greater than or equal to 1");
    assert_validation(BATCH("\"plain\":{\"Keys\":[]}", ""),
                      "1 validation error detected: Value '[]' at 'requestItems.plain.member.keys' "
                      "failed to satisfy constraint: Member must have length greater than or equal "
                      "to 1");
    assert_validation(BATCH("\"plain\":{}", ""),
                      "1 validation error detected: Value null at 'requestItems.plain.member.keys' "
                      "failed to satisfy constraint: Member must not be null");
    assert_validation(BATCH("\"plain\":null", ""),
                      "1 validation error detected: Value null at 'requestItems.plain.member' "
                      "failed to satisfy constraint: Member must not be null");
    SCOPED(buffer) body;
    buffer_init(&body);
    buffer_append_text(&body, "{\"RequestItems\":{\"plain\":{\"Keys\":[");
    for (int i = 0; i < 60; i++)
        buffer_append_format(&body, "%s{\"pk\":{\"S\":\"%d\"}}", i == 0 ? "" : ",", i);
    buffer_append_text(&body, "]},\"sorted\":{\"Keys\":[");
    for (int i = 0; i < 41; i++)
        buffer_append_format(&body, "%s{\"pk\":{\"S\":\"%d\"},\"sk\":{\"N\":\"1\"}}",
                             i == 0 ? "" : ",", i);
    buffer_append_text(&body, "]}}}");
    buffer_append_u8(&body, 0);
    assert_validation(region_call(region, "BatchGetItem", (const char *)body.bytes),
                      "Too many items requested for the BatchGetItem call");
}

/* 48 items of 380,000 bytes are more than 16 MB. */
static void test_keys_beyond_16_megabytes_are_left_for_another_call(void **state)
{
    (void)state;
    enum { COUNT = 48, FITTING = 44, SIZE = 380000 };
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) keys;
    buffer_init(&keys);
    char *filler = memset(arena_alloc(arena, SIZE + 1), 'x', SIZE);
    filler[SIZE] = '\0';
    for (int i = 0; i < COUNT; i++) {
        const char *body = arena_format(
            arena,
            "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"S\":\"big%d\"},\"f\":{\"S\":\"%s\"}}}", i,
            filler);
        assert_int_equal(region_call(region, "PutItem", body)->status_code, 200);
        buffer_append_format(&keys, "%s{\"pk\":{\"S\":\"big%d\"}}", i == 0 ? "" : ",", i);
    }
    const char *body = arena_format(arena,
                                    "{\"RequestItems\":{\"plain\":{\"ConsistentRead\":true,"
                                    "\"ProjectionExpression\":\"pk\",\"Keys\":[%.*s]}}}",
                                    (int)keys.size, (const char *)keys.bytes);
    const char *answer = region_call(region, "BatchGetItem", body)->body;

    const char *left = strstr(answer, "\"UnprocessedKeys\":{\"plain\":{\"Keys\":[");
    assert_non_null(left);
    assert_non_null(strstr(left, "],\"ProjectionExpression\":\"pk\",\"ConsistentRead\":true}}}"));
    size_t count = 0, left_count = 0;
    for (const char *at = answer; (at = strstr(at, "\"big")) != NULL; at++) {
        count++;
        left_count += at > left;
    }
    assert_int_equal(count, COUNT);
    assert_int_equal(left_count, COUNT - FITTING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_items_of_several_tables_come_in_the_order_of_their_keys),
        cmocka_unit_test(test_each_table_has_its_projection),
        cmocka_unit_test(test_each_item_is_charged_found_or_not),
        cmocka_unit_test(test_a_key_must_not_stand_twice),
        cmocka_unit_test(test_every_key_must_match_its_table),
        cmocka_unit_test(test_there_is_at_least_one_key_and_at_most_a_hundred),
        cmocka_unit_test(test_keys_beyond_16_megabytes_are_left_for_another_call),
    };
    return cmocka_run_group_tests(tests, item_fixture_set_up, item_fixture_tear_down);
}
