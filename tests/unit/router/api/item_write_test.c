#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "tests/unit/router/api/item_fixture.h"

#define PUT(key, more)                                                                             \
    region_call(region, "PutItem",                                                                 \
                "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"S\":\"" key "\"}}" more "}")
#define DELETE(key, more)                                                                          \
    region_call(region, "DeleteItem",                                                              \
                "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"" key "\"}}" more "}")
#define GET(key)                                                                                   \
    region_call(region, "GetItem", "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"" key "\"}}}")
#define ALL_OLD ",\"ReturnValues\":\"ALL_OLD\""

static void test_a_put_replaces_the_item_and_returns_the_old_one_if_asked(void **state)
{
    (void)state;
    assert_answer(PUT("a", ALL_OLD), 200, "{}");
    assert_answer(region_call(region, "PutItem",
                              "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"S\":\"a\"},\"x\":{"
                              "\"N\":\"1\"}},\"ReturnValues\":\"ALL_OLD\"}"),
                  200, "{\"Attributes\":{\"pk\":{\"S\":\"a\"}}}");
    assert_answer(PUT("a", ",\"ReturnValues\":\"NONE\""), 200, "{}");
    assert_answer(GET("a"), 200, "{\"Item\":{\"pk\":{\"S\":\"a\"}}}");
}

static void test_a_delete_removes_the_item_and_returns_it_if_asked(void **state)
{
    (void)state;
    PUT("b", "");
    assert_answer(DELETE("b", ALL_OLD), 200, "{\"Attributes\":{\"pk\":{\"S\":\"b\"}}}");
    assert_answer(GET("b"), 200, "{}");
    assert_answer(DELETE("b", ALL_OLD), 200, "{}");
    assert_answer(DELETE("b", ""), 200, "{}");
}

static void test_no_other_values_can_be_returned(void **state)
{
    (void)state;
    assert_validation(PUT("c", ",\"ReturnValues\":\"ALL_NEW\""),
                      "Return values set to invalid value");
    assert_validation(DELETE("c", ",\"ReturnValues\":\"UPDATED_OLD\""),
                      "Return values set to invalid value");
    assert_validation(PUT("c", ",\"ReturnValues\":\"x\""),
                      "1 validation error detected: Value 'x' at 'returnValues' failed to satisfy "
                      "constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, "
                      "ALL_OLD, NONE, UPDATED_NEW]");
    assert_answer(GET("c"), 200, "{}");
}

static void test_the_larger_of_the_two_items_is_charged(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    char *filler = memset(arena_alloc(arena, 3001), 'x', 3000);
    filler[3000] = '\0';
    const char *body = arena_format(arena,
                                    "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"S\":\"d\"},\"f\":"
                                    "{\"S\":\"%s\"}},\"ReturnConsumedCapacity\":\"TOTAL\"}",
                                    filler);
    const char *three = "{\"ConsumedCapacity\":{\"CapacityUnits\":3.0,\"TableName\":\"plain\"}}";
    const char *one = "{\"ConsumedCapacity\":{\"CapacityUnits\":1.0,\"TableName\":\"plain\"}}";

    assert_answer(region_call(region, "PutItem", body), 200, three);
    assert_answer(PUT("d", ",\"ReturnConsumedCapacity\":\"TOTAL\""), 200, three);
    assert_answer(DELETE("d", ",\"ReturnConsumedCapacity\":\"TOTAL\""), 200, one);
    assert_answer(DELETE("d", ",\"ReturnConsumedCapacity\":\"TOTAL\""), 200, one);
}

static void
test_metrics_of_collections_that_a_table_without_indexes_lacks_are_left_out(void **state)
{
    (void)state;
    assert_answer(PUT("h", ",\"ReturnItemCollectionMetrics\":\"SIZE\""), 200, "{}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_put_replaces_the_item_and_returns_the_old_one_if_asked),
        cmocka_unit_test(test_a_delete_removes_the_item_and_returns_it_if_asked),
        cmocka_unit_test(test_no_other_values_can_be_returned),
        cmocka_unit_test(test_the_larger_of_the_two_items_is_charged),
        cmocka_unit_test(
            test_metrics_of_collections_that_a_table_without_indexes_lacks_are_left_out),
    };
    return cmocka_run_group_tests(tests, item_fixture_set_up, item_fixture_tear_down);
}
