#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "router/router.h"
#include "tests/sim/world.h"
#include "tests/support/region_assert.h"

static void test_a_router_is_ready_once_its_region_serves(void **state)
{
    (void)state;
    OWNED(region) region = region_create(&(struct region_options){.is_left_starting = true});
    assert_false(router_is_ready(region_router(region, 0)));

    world_run_for(region_world(region), 10000000);

    assert_true(router_is_ready(region_router(region, 0)));
    assert_true(router_is_ready(region_router(region, 1)));
}

static void test_requests_under_way_are_not_answered_any_more_once_it_is_destroyed(void **state)
{
    (void)state;
    OWNED(region) region = region_create(NULL);
    region_make_table(region, "users", 0);
    const struct region_request requests[] = {
        {.target = "DynamoDB_20120810.ListTables", .body = slice_of_text("{}")},
        {.target = "DynamoDB_20120810.GetItem",
         .body = slice_of_text("{\"TableName\":\"users\",\"Key\":{\"pk\":{\"S\":\"a\"}}}")},
        {.target = "DynamoDB_20120810.DeleteTable",
         .body = slice_of_text("{\"TableName\":\"users\"}")},
    };
    size_t exchanges[3];
    for (size_t i = 0; i < 3; i++)
        exchanges[i] = region_begin(region, &requests[i]);

    region_destroy_routers(region);
    world_run_for(region_world(region), 20000000);

    for (size_t i = 0; i < 3; i++)
        assert_null(region_answer_of(region, exchanges[i]));
}

static void test_a_large_body_under_way_is_let_go_of_once_the_router_is_destroyed(void **state)
{
    (void)state;
    enum { BODY_SIZE = 100000 };
    static char body[BODY_SIZE];
    memset(body, ' ', sizeof body);
    OWNED(region) region = region_create(NULL);
    const struct region_request request = {.target = "DynamoDB_20120810.ListTables",
                                           .body = slice_of(body, BODY_SIZE)};
    /* More than are under way at a time. */
    size_t exchanges[5];
    for (size_t i = 0; i < 5; i++)
        exchanges[i] = region_begin(region, &request);

    region_destroy_routers(region);
    world_run_for(region_world(region), 20000000);

    for (size_t i = 0; i < 5; i++)
        assert_null(region_answer_of(region, exchanges[i]));
}

static void test_destroying_none_is_fine(void **state)
{
    (void)state;
    router_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_router_is_ready_once_its_region_serves),
        cmocka_unit_test(test_requests_under_way_are_not_answered_any_more_once_it_is_destroyed),
        cmocka_unit_test(test_a_large_body_under_way_is_let_go_of_once_the_router_is_destroyed),
        cmocka_unit_test(test_destroying_none_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
