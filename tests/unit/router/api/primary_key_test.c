#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "tests/unit/router/api/item_fixture.h"

#define PUT(item) region_call(region, "PutItem", "{\"TableName\":\"sorted\",\"Item\":{" item "}}")
#define GET(key)  region_call(region, "GetItem", "{\"TableName\":\"sorted\",\"Key\":{" key "}}")
#define PK        "\"pk\":{\"S\":\"a\"}"
#define SK        "\"sk\":{\"N\":\"1\"}"
#define NO_MATCH  "The provided key element does not match the schema"

static void test_an_item_must_have_its_key(void **state)
{
    (void)state;
    assert_validation(PUT(SK), INVALID "Missing the key pk in the item");
    assert_validation(PUT(PK), INVALID "Missing the key sk in the item");
    assert_validation(PUT("\"other\":{\"S\":\"a\"}"), INVALID "Missing the key pk in the item");
}

static void test_the_key_of_an_item_must_be_of_its_type(void **state)
{
    (void)state;
    assert_validation(PUT("\"pk\":{\"N\":\"1\"}," SK),
                      INVALID "Type mismatch for key pk expected: S actual: N");
    assert_validation(PUT(PK ",\"sk\":{\"BOOL\":true}"),
                      INVALID "Type mismatch for key sk expected: N actual: BOOL");
    assert_validation(PUT(PK ",\"sk\":{\"NS\":[\"1\"]}"),
                      INVALID "Type mismatch for key sk expected: N actual: NS");
}

static void test_a_key_alone_is_the_key_and_nothing_else(void **state)
{
    (void)state;
    assert_validation(GET(PK), NO_MATCH);
    assert_validation(GET(SK), NO_MATCH);
    assert_validation(GET(""), NO_MATCH);
    assert_validation(GET(PK "," SK ",\"x\":{\"S\":\"a\"}"), NO_MATCH);
    assert_validation(GET(PK ",\"x\":{\"N\":\"1\"}"), NO_MATCH);
    assert_validation(GET(PK ",\"sk\":{\"S\":\"1\"}"), NO_MATCH);
    assert_answer(GET(PK "," SK), 200, "{}");
}

static void test_a_key_may_not_be_empty(void **state)
{
    (void)state;
#define EMPTY                                                                                      \
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "   \
    "contain an empty string value. Key: "
    assert_validation(PUT("\"pk\":{\"S\":\"\"}," SK), EMPTY "pk");
    assert_validation(GET("\"pk\":{\"S\":\"\"}," SK), EMPTY "pk");
    assert_validation(region_call(region, "DeleteItem",
                                  "{\"TableName\":\"texts\",\"Key\":{\"pk\":{\"S\":\"a\"},\"sk\":"
                                  "{\"S\":\"\"}}}"),
                      EMPTY "sk");
}

static const struct region_answer *get_of_sizes(int partition_size, int sort_size)
{
    OWNED(arena) arena = arena_create();
    return region_call(region, "GetItem",
                       arena_format(arena,
                                    "{\"TableName\":\"texts\",\"Key\":{\"pk\":{\"S\":\"%0*d\"},"
                                    "\"sk\":{\"S\":\"%0*d\"}}}",
                                    partition_size, 1, sort_size, 1));
}

static void test_keys_have_their_sizes_and_not_a_byte_more(void **state)
{
    (void)state;
    assert_answer(get_of_sizes(2048, 1024), 200, "{}");
    assert_validation(get_of_sizes(2049, 1024),
                      INVALID "Size of hashkey has exceeded the maximum size limit of2048 bytes");
    assert_validation(
        get_of_sizes(2048, 1025),
        INVALID "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
}

static void test_equal_numbers_are_one_key(void **state)
{
    (void)state;
    assert_answer(PUT(PK ",\"sk\":{\"N\":\"100\"},\"x\":{\"S\":\"first\"}"), 200, "{}");
    assert_answer(PUT(PK ",\"sk\":{\"N\":\"1e2\"},\"x\":{\"S\":\"second\"}"), 200, "{}");
    assert_told(GET(PK ",\"sk\":{\"N\":\"100.0\"}"), "second");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_item_must_have_its_key),
        cmocka_unit_test(test_the_key_of_an_item_must_be_of_its_type),
        cmocka_unit_test(test_a_key_alone_is_the_key_and_nothing_else),
        cmocka_unit_test(test_a_key_may_not_be_empty),
        cmocka_unit_test(test_keys_have_their_sizes_and_not_a_byte_more),
        cmocka_unit_test(test_equal_numbers_are_one_key),
    };
    return cmocka_run_group_tests(tests, item_fixture_set_up, item_fixture_tear_down);
}
