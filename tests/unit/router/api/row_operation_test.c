#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/world.h"
#include "tests/support/region_assert.h"

#define NOT_FOUND                                                                                  \
    "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException\",\"message\":"      \
    "\"Requested resource not found\"}"
#define GET_USER "{\"TableName\":\"users\",\"Key\":{\"pk\":{\"S\":\"a\"}}}"
#define PUT_USER "{\"TableName\":\"users\",\"Item\":{\"pk\":{\"S\":\"a\"}}}"

static struct region_request by_router(unsigned router, const char *target, const char *body)
{
    return (struct region_request){.router = router, .target = target, .body = slice_of_text(body)};
}

static void test_a_missing_table_is_not_found(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    assert_answer(region_call(region, "GetItem", GET_USER), 400, NOT_FOUND);
    assert_answer(region_call(region, "PutItem", PUT_USER), 400, NOT_FOUND);
}

static void test_what_is_wrong_with_a_request_comes_before_a_missing_table(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    assert_validation(region_call(region, "PutItem",
                                  "{\"TableName\":\"users\",\"Item\":{},\"ReturnValues\":"
                                  "\"ALL_NEW\"}"),
                      "Return values set to invalid value");
    assert_answer(region_call(region, "PutItem", "{\"TableName\":\"users\",\"Item\":{}}"), 400,
                  NOT_FOUND);
}

static void test_a_table_that_is_being_created_is_not_found(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    assert_int_equal(
        region_call(region, "CreateTable",
                    "{\"TableName\":\"users\",\"BillingMode\":\"PAY_PER_REQUEST\",\"KeySchema\":[{"
                    "\"AttributeName\":\"pk\",\"KeyType\":\"HASH\"}],\"AttributeDefinitions\":[{"
                    "\"AttributeName\":\"pk\",\"AttributeType\":\"S\"}]}")
            ->status_code,
        200);
    assert_answer(region_call(region, "PutItem", PUT_USER), 400, NOT_FOUND);
}

static void test_a_table_that_another_router_made_is_found_at_once(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "users", 0);

    struct region_request put = by_router(1, "DynamoDB_20120810.PutItem", PUT_USER);
    assert_answer(region_send(region, &put), 200, "{}");
    assert_answer(region_call(region, "GetItem", GET_USER), 200,
                  "{\"Item\":{\"pk\":{\"S\":\"a\"}}}");
}

/* The second router still believes in the old table when the tablets have forgotten it. */
static void test_a_table_that_another_router_made_anew_is_another_table(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "users", 0);
    struct region_request put = by_router(1, "DynamoDB_20120810.PutItem", PUT_USER);
    struct region_request get = by_router(1, "DynamoDB_20120810.GetItem", GET_USER);
    assert_answer(region_send(region, &put), 200, "{}");
    assert_int_equal(region_call(region, "DeleteTable", "{\"TableName\":\"users\"}")->status_code,
                     200);
    while (region_call(region, "DescribeTable", "{\"TableName\":\"users\"}")->status_code == 200)
        world_run_for(region_world(region), 1000);

    assert_answer(region_send(region, &put), 400, NOT_FOUND);

    region_make_table(region, "users", 0);
    assert_answer(region_send(region, &get), 200, "{}");
    assert_answer(region_send(region, &put), 200, "{}");
}

static void
test_a_write_of_which_nothing_is_known_is_an_internal_error_and_not_success(void **state)
{
    (void)state;
    OWNED(region) region = region_create(&(struct region_options){.request_timeout_us = 500000});
    region_make_table(region, "users", 0);
    assert_answer(region_call(region, "PutItem", PUT_USER), 200, "{}");
    region_isolate_node(region);

    const struct region_answer *answer = region_call(region, "PutItem", PUT_USER);

    assert_true(answer->status_code == 500 || answer->status_code == 503);
    assert_true(strstr(answer->body, "InternalServerError") != NULL ||
                strstr(answer->body, "ServiceUnavailable") != NULL);
}

static void test_many_requests_under_way_are_each_answered_with_their_own_item(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "users", 0);
    size_t exchanges[16];
    char body[16][96];
    for (size_t i = 0; i < 16; i++) {
        snprintf(
            body[i], sizeof body[i],
            "{\"TableName\":\"users\",\"Item\":{\"pk\":{\"S\":\"%zu\"},\"x\":{\"N\":\"%zu\"}}}", i,
            i);
        struct region_request put = by_router(i % 2, "DynamoDB_20120810.PutItem", body[i]);
        exchanges[i] = region_begin(region, &put);
    }
    for (size_t i = 0; i < 16; i++)
        assert_answer(region_finish(region, exchanges[i]), 200, "{}");
    for (size_t i = 0; i < 16; i++) {
        snprintf(body[i], sizeof body[i],
                 "{\"TableName\":\"users\",\"Key\":{\"pk\":{\"S\":\"%zu\"}}}", i);
        struct region_request get = by_router(i % 2, "DynamoDB_20120810.GetItem", body[i]);
        exchanges[i] = region_begin(region, &get);
    }
    for (size_t i = 0; i < 16; i++) {
        char item[64];
        snprintf(item, sizeof item, "{\"Item\":{\"pk\":{\"S\":\"%zu\"},\"x\":{\"N\":\"%zu\"}}}", i,
                 i);
        assert_answer(region_finish(region, exchanges[i]), 200, item);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_missing_table_is_not_found),
        cmocka_unit_test(test_what_is_wrong_with_a_request_comes_before_a_missing_table),
        cmocka_unit_test(test_a_table_that_is_being_created_is_not_found),
        cmocka_unit_test(test_a_table_that_another_router_made_is_found_at_once),
        cmocka_unit_test(test_a_table_that_another_router_made_anew_is_another_table),
        cmocka_unit_test(
            test_a_write_of_which_nothing_is_known_is_an_internal_error_and_not_success),
        cmocka_unit_test(test_many_requests_under_way_are_each_answered_with_their_own_item),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
