#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/route/range_fixture.h"

struct caller {
    struct range_fixture fixture;
    struct tablet_route route;
    struct tablet_call call;
    size_t answer_count;
    struct rpc_result result; /* without a body */
};

static void take_result(void *context, const struct rpc_result *result)
{
    struct caller *caller = context;
    caller->answer_count++;
    caller->result = *result;
}

static int set_up(void **state)
{
    struct caller *caller = memory_alloc_zeroed(sizeof *caller);
    struct range_fixture *fixture = &caller->fixture;
    range_fixture_init(fixture);
    caller->route = (struct tablet_route){
        .env = fixture->env, .watch = fixture->watch, .peers = fixture->peers};
    caller->call = (struct tablet_call){
        .route = &caller->route,
        .method = RPC_READ_PAGE,
        .tablet = 3,
        .deadline_us = env_boot_us(fixture->env) + RANGE_TIMEOUT_US,
        .fn = take_result,
        .context = caller,
    };
    Graticule__Wire__PageRequest request = GRATICULE__WIRE__PAGE_REQUEST__INIT;
    request.table_uid = RANGE_TABLE_UID;
    frame_pack(&request.base, &caller->call.body);
    *state = caller;
    return 0;
}

static int tear_down(void **state)
{
    struct caller *caller = *state;
    tablet_call_deinit(&caller->call);
    range_fixture_deinit(&caller->fixture);
    memory_free(caller);
    return 0;
}

static void run(struct caller *caller)
{
    tablet_call_start(&caller->call);
    assert_int_equal(caller->answer_count, 0);
    world_run_for(caller->fixture.world, 2 * RANGE_TIMEOUT_US);
}

static void test_a_call_is_repeated_while_it_is_refused(void **state)
{
    struct caller *caller = *state;
    caller->fixture.refusal_count = 4;
    caller->fixture.refusal = RPC_REASON_BUSY;
    run(caller);
    assert_int_equal(caller->answer_count, 1);
    assert_int_equal(caller->result.outcome, RPC_EXECUTED);
    assert_int_equal(caller->fixture.call_count, 5);
}

static void test_a_call_ends_when_its_time_is_up(void **state)
{
    struct caller *caller = *state;
    caller->fixture.refusal_count = SIZE_MAX;
    caller->fixture.refusal = RPC_REASON_NOT_LEADER;
    run(caller);
    assert_int_equal(caller->answer_count, 1);
    assert_int_equal(caller->result.outcome, RPC_NOT_EXECUTED);
    assert_int_equal(caller->result.reason, RPC_REASON_NOT_LEADER);
}

static void test_what_will_not_change_is_not_repeated(void **state)
{
    struct caller *caller = *state;
    caller->fixture.refusal_count = SIZE_MAX;
    caller->fixture.refusal = RPC_REASON_MALFORMED;
    run(caller);
    assert_int_equal(caller->answer_count, 1);
    assert_int_equal(caller->fixture.call_count, 1);
}

static void test_a_tablet_that_nobody_knows_is_waited_for_in_vain(void **state)
{
    struct caller *caller = *state;
    caller->call.tablet = RANGE_TABLETS;
    run(caller);
    assert_int_equal(caller->answer_count, 1);
    assert_int_equal(caller->result.reason, RPC_REASON_NOT_LEADER);
    assert_int_equal(caller->fixture.call_count, 0);
}

static void test_an_abandoned_call_that_waits_is_at_rest(void **state)
{
    struct caller *caller = *state;
    caller->call.tablet = RANGE_TABLETS;
    tablet_call_start(&caller->call);
    assert_true(tablet_call_abandon(&caller->call));
    world_run_for(caller->fixture.world, 2 * RANGE_TIMEOUT_US);
    assert_int_equal(caller->answer_count, 0);
}

static void test_an_abandoned_call_under_way_is_answered_and_not_repeated(void **state)
{
    struct caller *caller = *state;
    caller->fixture.refusal_count = SIZE_MAX;
    caller->fixture.refusal = RPC_REASON_BUSY;
    tablet_call_start(&caller->call);
    assert_false(tablet_call_abandon(&caller->call));
    world_run_for(caller->fixture.world, 2 * RANGE_TIMEOUT_US);
    assert_int_equal(caller->answer_count, 1);
    assert_int_equal(caller->fixture.call_count, 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_a_call_is_repeated_while_it_is_refused),
        CASE(test_a_call_ends_when_its_time_is_up),
        CASE(test_what_will_not_change_is_not_repeated),
        CASE(test_a_tablet_that_nobody_knows_is_waited_for_in_vain),
        CASE(test_an_abandoned_call_that_waits_is_at_rest),
        CASE(test_an_abandoned_call_under_way_is_answered_and_not_repeated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
