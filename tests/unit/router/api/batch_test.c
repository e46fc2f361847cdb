#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/world.h"
#include "tests/support/region_assert.h"

#define PUT_USER                                                                                   \
    "{\"RequestItems\":{\"users\":[{\"PutRequest\":{\"Item\":{\"pk\":{\"S\":\"a\"}}}}]}}"
#define GET_USER "{\"RequestItems\":{\"users\":{\"Keys\":[{\"pk\":{\"S\":\"a\"}}]}}}"
#define FOUND    "{\"Responses\":{\"users\":[{\"pk\":{\"S\":\"a\"}}]},\"UnprocessedKeys\":{}}"
#define DONE     "{\"UnprocessedItems\":{}}"

static struct region_request by_router(unsigned router, const char *target, const char *body)
{
    return (struct region_request){.router = router, .target = target, .body = slice_of_text(body)};
}

static void test_a_table_that_another_router_made_is_found_at_once(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "users", 0);
    struct region_request put = by_router(1, "DynamoDB_20120810.BatchWriteItem", PUT_USER);
    struct region_request get = by_router(0, "DynamoDB_20120810.BatchGetItem", GET_USER);
    assert_answer(region_send(region, &put), 200, DONE);
    assert_answer(region_send(region, &get), 200, FOUND);
}

static void test_a_table_that_was_made_anew_is_not_the_one_of_before(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "users", 0);
    struct region_request put = by_router(1, "DynamoDB_20120810.BatchWriteItem", PUT_USER);
    assert_answer(region_send(region, &put), 200, DONE);
    region_call(region, "DeleteTable", "{\"TableName\":\"users\"}");
    for (int i = 0; i < 100; i++) {
        world_run_for(region_world(region), 20 * 1000);
        if (region_call(region, "DescribeTable", "{\"TableName\":\"users\"}")->status_code != 200)
            break;
    }
    region_make_table(region, "users", 0);
    struct region_request get = by_router(1, "DynamoDB_20120810.BatchGetItem", GET_USER);
    assert_answer(region_send(region, &get), 200,
                  "{\"Responses\":{\"users\":[]},\"UnprocessedKeys\":{}}");
}

static void test_reads_of_a_lost_node_are_refused_and_come_back_with_it(void **state)
{
    (void)state;
    struct region_options options = {.request_timeout_us = 1000 * 1000};
    OWNED(region) region = region_create(&options);
    region_make_table(region, "users", 0);
    assert_answer(region_call(region, "BatchWriteItem", PUT_USER), 200, DONE);
    region_isolate_node(region);
    assert_int_equal(region_call(region, "BatchGetItem", GET_USER)->status_code, 503);
    region_heal(region);
    world_run_for(region_world(region), 5 * 1000 * 1000);
    assert_answer(region_call(region, "BatchGetItem", GET_USER), 200, FOUND);
}

static void test_a_batch_under_way_is_forgotten_with_its_router(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "users", 0);
    struct region_request get = by_router(0, "DynamoDB_20120810.BatchGetItem", GET_USER);
    size_t exchange = region_begin(region, &get);
    region_destroy_routers(region);
    world_run_for(region_world(region), 1000 * 1000);
    assert_null(region_answer_of(region, exchange));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_table_that_another_router_made_is_found_at_once),
        cmocka_unit_test(test_a_table_that_was_made_anew_is_not_the_one_of_before),
        cmocka_unit_test(test_reads_of_a_lost_node_are_refused_and_come_back_with_it),
        cmocka_unit_test(test_a_batch_under_way_is_forgotten_with_its_router),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
