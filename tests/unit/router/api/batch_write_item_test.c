#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "tests/unit/router/api/item_fixture.h"

#define PUT(key)    "{\"PutRequest\":{\"Item\":{\"pk\":{\"S\":\"" key "\"},\"a\":{\"N\":\"1\"}}}}"
#define DELETE(key) "{\"DeleteRequest\":{\"Key\":{\"pk\":{\"S\":\"" key "\"}}}}"
#define BATCH(tables, more)                                                                        \
    region_call(region, "BatchWriteItem", "{\"RequestItems\":{" tables "}" more "}")
#define GET(key)                                                                                   \
    region_call(region, "GetItem",                                                                 \
                "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"" key "\"}},"                   \
                "\"ConsistentRead\":true}")
#define DONE "{\"UnprocessedItems\":{}}"

static void test_puts_and_deletes_in_several_tables_are_done(void **state)
{
    (void)state;
    assert_answer(BATCH("\"plain\":[" PUT("a") "," PUT("b") "]", ""), 200, DONE);
    assert_answer(BATCH("\"plain\":[" DELETE("a") "," PUT(
                            "c") "],\"sorted\":[{\"PutRequest\":{"
                                 "\"Item\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"}}}}]",
                        ""),
                  200, DONE);
    assert_answer(GET("a"), 200, "{}");
    assert_told(GET("b"), "\"Item\"");
    assert_told(GET("c"), "\"Item\"");
    assert_told(region_call(region, "GetItem",
                            "{\"TableName\":\"sorted\",\"Key\":{\"pk\":{\"S\":\"a\"},\"sk\":{"
                            "\"N\":\"1\"}}}"),
                "\"Item\"");
}

static void test_nothing_is_done_when_one_request_is_refused(void **state)
{
    (void)state;
    assert_validation(BATCH("\"plain\":[" PUT("d") "," DELETE("d") "]", ""),
                      "Provided list of item keys contains duplicates");
    assert_validation(
        BATCH("\"plain\":[" PUT("d") ",{\"PutRequest\":{\"Item\":{\"a\":{\"S\":\"x\"}}}}]", ""),
        INVALID "Missing the key pk in the item");
    assert_validation(
        BATCH("\"plain\":[" PUT("d") ",{\"DeleteRequest\":{\"Key\":{\"pk\":{\"N\":\"1\"}}}}]", ""),
        "The provided key element does not match the schema");
    assert_exception(BATCH("\"plain\":[" PUT("d") "],\"none\":[" PUT("d") "]", ""),
                     "ResourceNotFoundException", "Requested resource not found");
    assert_int_equal(BATCH("\"plain\":[" PUT("d") ",{}]", "")->status_code, 400);
    assert_int_equal(BATCH("\"plain\":[" PUT("d") ",null]", "")->status_code, 400);
    assert_answer(GET("d"), 200, "{}");
}

static void test_each_write_is_charged(void **state)
{
    (void)state;
    assert_answer(BATCH("\"plain\":[" PUT("e") "," DELETE("none") "]",
                        ",\"ReturnConsumedCapacity\":\"TOTAL\",\"ReturnItemCollectionMetrics\":"
                        "\"SIZE\""),
                  200,
                  "{\"ConsumedCapacity\":[{\"CapacityUnits\":2.0,\"TableName\":\"plain\"}],"
                  "\"UnprocessedItems\":{}}");
}

static void test_there_is_at_least_one_request_and_at_most_25(void **state)
{
    (void)state;
    assert_validation(
        BATCH("\"plain\":[]", ""),
        "1 validation error detected: Value '{plain=[]}' at 'requestItems' failed to satisfy "
        "constraint: Map value must satisfy constraint: [Member must have length less than or "
        "equal to 25, Member must have length greater than or equal to 1]");
    SCOPED(buffer) body;
    buffer_init(&body);
    buffer_append_text(&body, "{\"RequestItems\":{\"plain\":[");
    for (int i = 0; i < 13; i++)
        buffer_append_format(&body, "%s{\"DeleteRequest\":{\"Key\":{\"pk\":{\"S\":\"%d\"}}}}",
                             i == 0 ? "" : ",", i);
    buffer_append_text(&body, "],\"sorted\":[");
    for (int i = 0; i < 13; i++)
        buffer_append_format(
            &body, "%s{\"DeleteRequest\":{\"Key\":{\"pk\":{\"S\":\"%d\"},\"sk\":{\"N\":\"1\"}}}}",
            i == 0 ? "" : ",", i);
    buffer_append_text(&body, "]}}");
    buffer_append_u8(&body, 0);
    assert_validation(region_call(region, "BatchWriteItem", (const char *)body.bytes),
                      "Too many items requested for the BatchWriteItem call");
}

static void test_a_table_that_has_no_such_name_is_refused_by_its_key(void **state)
{
    (void)state;
    assert_told(BATCH("\"a;\":[" PUT("f") "]", ""),
                "at 'requestItems' failed to satisfy constraint: Map keys must satisfy "
                "constraint: [Member must have length less than or equal to 255, Member must have "
                "length greater than or equal to 3, Member must satisfy regular expression "
                "pattern: [a-zA-Z0-9_.-]+]");
}

static void test_a_batch_of_a_lost_node_is_refused_and_not_called_unprocessed(void **state)
{
    (void)state;
    struct region_options options = {.request_timeout_us = 1000 * 1000};
    OWNED(region) lost = region_create(&options);
    region_make_table(lost, "plain", 0);
    region_isolate_node(lost);
    unsigned status_code =
        region_call(lost, "BatchWriteItem", "{\"RequestItems\":{\"plain\":[" PUT("g") "]}}")
            ->status_code;
    assert_in_range(status_code, 500, 503);
}

/* A node whose disk is full goes on to delete. */
static void test_what_a_node_refuses_is_left_for_another_call(void **state)
{
    (void)state;
    struct region_options options = {.request_timeout_us = 1000 * 1000};
    OWNED(region) full = region_create(&options);
    OWNED(arena) arena = arena_create();
    char *filler = memset(arena_alloc(arena, 8001), 'x', 8000);
    filler[8000] = '\0';
    const char *big = arena_format(
        arena, "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"S\":\"big\"},\"f\":{\"S\":\"%s\"}}}",
        filler);
    region_make_table(full, "plain", 0);
    region_fill_disk(full);
    unsigned status_code = 200;
    for (int i = 0; i < 2000 && status_code == 200; i++)
        status_code = region_call(full, "PutItem", big)->status_code;
    assert_int_equal(status_code, 400);
#define REQUESTS(requests)                                                                         \
    region_call(full, "BatchWriteItem",                                                            \
                "{\"RequestItems\":{\"plain\":[" requests                                          \
                "]},\"ReturnConsumedCapacity\":\"TOTAL\"}")

    assert_answer(REQUESTS(PUT("h") "," DELETE("none")), 200,
                  "{\"ConsumedCapacity\":[{\"CapacityUnits\":1.0,\"TableName\":\"plain\"}],"
                  "\"UnprocessedItems\":{\"plain\":[{\"PutRequest\":{\"Item\":{\"a\":{\"N\":\"1\"},"
                  "\"pk\":{\"S\":\"h\"}}}}]}}");
    assert_told(REQUESTS(PUT("h")), "ThrottlingException");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_puts_and_deletes_in_several_tables_are_done),
        cmocka_unit_test(test_nothing_is_done_when_one_request_is_refused),
        cmocka_unit_test(test_each_write_is_charged),
        cmocka_unit_test(test_there_is_at_least_one_request_and_at_most_25),
        cmocka_unit_test(test_a_table_that_has_no_such_name_is_refused_by_its_key),
        cmocka_unit_test(test_a_batch_of_a_lost_node_is_refused_and_not_called_unprocessed),
        cmocka_unit_test(test_what_a_node_refuses_is_left_for_another_call),
    };
    return cmocka_run_group_tests(tests, item_fixture_set_up, item_fixture_tear_down);
}
