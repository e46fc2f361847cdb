#include "tests/unit/proto/rpc_client_fixture.h"

#include "core/env/env_uv.h"

/* --- Calls and answers --- */

static void test_a_call_leaves_with_its_method_body_and_time_and_gets_its_answer(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome;
    connect(fixture);

    call(fixture, "hello", &outcome);
    assert_int_equal(outcome.count, 0);
    run(fixture);

    const Graticule__Wire__Request *request = last_request(fixture);
    assert_int_equal(fixture->server.frames[0]->session, fixture->session);
    assert_int_equal(request->method, RPC_WRITE);
    assert_int_equal(request->time_left_ms, 30000);
    assert_true(slice_is_text(frame_slice(request->body), "hello"));
    answer_last(fixture);
    assert_outcome(&outcome, RPC_EXECUTED, RPC_REASON_NONE);
    assert_string_equal(outcome.body, "hello");
    assert_int_equal(rpc_client_call_count(fixture->client), 0);
}

static void test_a_call_made_before_the_connection_leaves_with_it(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome;
    call(fixture, "early", &outcome);
    run(fixture);
    assert_int_equal(fixture->server.frame_count, 0);
    assert_false(rpc_client_is_connected(fixture->client));

    connect(fixture);

    assert_true(slice_is_text(frame_slice(last_request(fixture)->body), "early"));
}

static void test_calls_of_one_turn_travel_in_one_frame(void **state)
{
    struct fixture *fixture = *state;
    static struct outcome outcomes[500];
    connect(fixture);

    for (size_t i = 0; i < 500; i++)
        call(fixture, "many", &outcomes[i]);
    run(fixture);

    assert_int_equal(fixture->server.frame_count, 1);
    assert_int_equal(fixture->server.frames[0]->n_requests, 500);
}

static void test_each_answer_finds_its_own_call_in_any_order(void **state)
{
    struct fixture *fixture = *state;
    struct outcome first, second;
    connect(fixture);
    call(fixture, "first", &first);
    call(fixture, "second", &second);
    run(fixture);
    const Graticule__Wire__Frame *frame = fixture->server.frames[0];

    say_response(fixture, fixture->session, answer_of(frame->requests[1]));
    assert_int_equal(first.count, 0);
    assert_string_equal(second.body, "second");
    say_response(fixture, fixture->session, answer_of(frame->requests[0]));
    assert_string_equal(first.body, "first");
    assert_int_equal(second.count, 1);
}

static void test_large_bodies_are_spread_over_frames_that_fit(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcomes[8] = {0};
    uint8_t *body = memory_alloc_zeroed(RPC_BODY_SIZE_MAX);
    connect(fixture);

    for (size_t i = 0; i < 8; i++)
        rpc_client_call(fixture->client, RPC_WRITE,
                        slice_of(body, i % 2 == 0 ? RPC_BODY_SIZE_MAX : LIMIT_FRAME_TARGET - 100),
                        60 * FIXTURE_SECOND_US, take, &outcomes[i]);
    run(fixture);

    assert_int_equal(bare_request_count(&fixture->server), 8);
    assert_in_range(fixture->server.frame_count, 4, 8);
    memory_free(body);
}

static void test_many_small_calls_leave_room_for_a_large_one(void **state)
{
    struct fixture *fixture = *state;
    enum { SMALL = RPC_FRAME_COUNT_MAX - 1, SMALL_SIZE = LIMIT_FRAME_TARGET / RPC_FRAME_COUNT_MAX };
    struct outcome unsent = {0}, outcome = {0};
    uint8_t *body = memory_alloc_zeroed(RPC_BODY_SIZE_MAX);
    /* Calls that never leave: the ids of those that use their slots again are long. */
    for (size_t i = 0; i <= SMALL; i++)
        rpc_client_call(fixture->client, RPC_WRITE, (struct slice){0}, 1000, take, &unsent);
    connect(fixture);
    assert_int_equal(unsent.count, SMALL + 1);

    for (size_t i = 0; i < SMALL; i++)
        rpc_client_call(fixture->client, RPC_WRITE, slice_of(body, SMALL_SIZE),
                        60 * FIXTURE_SECOND_US, take, &outcome);
    rpc_client_call(fixture->client, RPC_WRITE, slice_of(body, RPC_BODY_SIZE_MAX),
                    60 * FIXTURE_SECOND_US, take, &outcome);
    run(fixture);

    assert_int_equal(bare_request_count(&fixture->server), SMALL + 1);
    memory_free(body);
}

static void test_an_outcome_of_a_later_version_is_unknown(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome;
    connect(fixture);
    call(fixture, "x", &outcome);
    run(fixture);
    Graticule__Wire__Response response = answer_of(last_request(fixture));
    response.outcome = 99;

    say_response(fixture, fixture->session, response);

    assert_outcome(&outcome, RPC_UNKNOWN, RPC_REASON_NONE);
}

/* --- Deadlines --- */

static void test_a_call_whose_time_is_up_before_it_left_was_not_executed(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome = {0};
    rpc_client_call(fixture->client, RPC_WRITE, slice_of_text("x"), FIXTURE_SECOND_US / 10, take,
                    &outcome);

    run(fixture);

    assert_outcome(&outcome, RPC_NOT_EXECUTED, RPC_REASON_TIME);
    connect(fixture);
    assert_int_equal(fixture->server.frame_count, 0);
}

static void test_a_call_whose_time_is_up_after_it_left_is_unknown(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome = {0};
    connect(fixture);
    rpc_client_call(fixture->client, RPC_WRITE, slice_of_text("x"), FIXTURE_SECOND_US / 10, take,
                    &outcome);

    run(fixture);

    assert_outcome(&outcome, RPC_UNKNOWN, RPC_REASON_TIME);
}

static void test_a_late_answer_is_not_taken_for_that_of_a_later_call(void **state)
{
    struct fixture *fixture = *state;
    struct outcome late = {0}, later;
    connect(fixture);
    rpc_client_call(fixture->client, RPC_WRITE, slice_of_text("late"), FIXTURE_SECOND_US / 10, take,
                    &late);
    run(fixture);
    Graticule__Wire__Response response = answer_of(last_request(fixture));
    call(fixture, "later", &later);
    run(fixture);

    say_response(fixture, fixture->session, response);

    assert_int_equal(late.count, 1);
    assert_int_equal(later.count, 0);
    answer_last(fixture);
    assert_string_equal(later.body, "later");
}

/* --- Sessions --- */

static void test_after_a_restart_sent_calls_are_unknown_and_later_ones_work(void **state)
{
    struct fixture *fixture = *state;
    struct outcome sent, later;
    connect(fixture);
    call(fixture, "sent", &sent);
    run(fixture);

    fixture->session = 2002;
    bare_say_hello(&fixture->server, fixture->session, false);
    run(fixture);

    assert_outcome(&sent, RPC_UNKNOWN, RPC_REASON_LOST);
    assert_true(rpc_client_is_connected(fixture->client));
    call(fixture, "later", &later);
    run(fixture);
    assert_int_equal(fixture->server.frames[fixture->server.frame_count - 1]->session, 2002);
    answer_last(fixture);
    assert_outcome(&later, RPC_EXECUTED, RPC_REASON_NONE);
}

static void test_answers_of_another_session_are_ignored(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome;
    connect(fixture);
    call(fixture, "x", &outcome);
    run(fixture);

    say_response(fixture, fixture->session + 1, answer_of(last_request(fixture)));
    say_response(fixture, 0, answer_of(last_request(fixture)));

    assert_int_equal(outcome.count, 0);
}

static void test_a_server_of_other_versions_is_not_connected_to(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome = {0};
    Graticule__Wire__Hello hello;
    frame_init_hello(&hello, "server", false);
    hello.version_lowest = RPC_VERSION_HIGHEST + 1;
    hello.version_highest = RPC_VERSION_HIGHEST + 1;
    Graticule__Wire__Frame frame = fixture_frame(fixture->session);
    frame.hello = &hello;
    run(fixture);
    rpc_client_call(fixture->client, RPC_WRITE, slice_of_text("x"), FIXTURE_SECOND_US, take,
                    &outcome);

    bare_say(&fixture->server, &frame);
    run(fixture);
    run(fixture);

    assert_false(rpc_client_is_connected(fixture->client));
    assert_outcome(&outcome, RPC_NOT_EXECUTED, RPC_REASON_TIME);
    assert_int_equal(fixture->server.frame_count, 0);
}

static void test_hellos_are_repeated_for_as_long_as_the_client_lives(void **state)
{
    struct fixture *fixture = *state;
    run(fixture);
    assert_true(fixture->server.hello_count > 5);
    connect(fixture);
    size_t before = fixture->server.hello_count;

    run(fixture);
    run(fixture);

    assert_in_range(fixture->server.hello_count - before, 2, 6);
}

/* --- What the other side should not say --- */

static void test_answers_to_what_was_not_asked_are_ignored(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome;
    connect(fixture);
    Graticule__Wire__Response response = GRATICULE__WIRE__RESPONSE__INIT;
    response.outcome = RPC_EXECUTED;
    for (response.id = 0; response.id < 3; response.id++)
        say_response(fixture, fixture->session, response);
    call(fixture, "x", &outcome);
    run(fixture);
    uint64_t id = last_request(fixture)->id;
    answer_last(fixture);

    /* Once more; and the id that the next call of this slot will have. */
    answer_last(fixture);
    response.id = id + ((uint64_t)1 << 32);
    say_response(fixture, fixture->session, response);
    response.id = UINT64_MAX;
    say_response(fixture, fixture->session, response);

    assert_int_equal(outcome.count, 1);
    assert_int_equal(rpc_client_call_count(fixture->client), 0);
    call(fixture, "x", &outcome);
    run(fixture);
    answer_last(fixture);
    assert_int_equal(outcome.count, 1);
}

static void test_malformed_frames_are_ignored(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome;
    connect(fixture);
    call(fixture, "x", &outcome);
    run(fixture);

    bare_say_bytes(&fixture->server, slice_of_text("\xff\xff\xff"));
    bare_say_bytes(&fixture->server, (struct slice){0});
    run(fixture);

    assert_int_equal(outcome.count, 0);
    answer_last(fixture);
    assert_outcome(&outcome, RPC_EXECUTED, RPC_REASON_NONE);
}

/* --- Bounds --- */

static void test_calls_over_the_bound_are_refused_as_busy(void **state)
{
    struct fixture *fixture = *state;
    struct outcome *outcomes = memory_alloc_zeroed(RPC_CLIENT_CALLS_MAX * sizeof *outcomes);
    struct outcome refused;
    connect(fixture);
    for (size_t i = 0; i < RPC_CLIENT_CALLS_MAX; i++)
        call(fixture, "", &outcomes[i]);

    call(fixture, "", &refused);
    assert_int_equal(refused.count, 0);
    run(fixture);

    assert_outcome(&refused, RPC_NOT_EXECUTED, RPC_REASON_BUSY);
    assert_int_equal(bare_request_count(&fixture->server), RPC_CLIENT_CALLS_MAX);
    assert_int_equal(rpc_client_call_count(fixture->client), RPC_CLIENT_CALLS_MAX);
    answer_last(fixture);
    call(fixture, "", &refused);
    run(fixture);
    assert_int_equal(refused.count, 0);
    rpc_client_destroy(GIVE(fixture->client));
    memory_free(outcomes);
}

static void test_bodies_that_wait_are_bounded(void **state)
{
    struct fixture *fixture = *state;
    enum { FITTING = RPC_CLIENT_WAITING_BYTES_MAX / RPC_BODY_SIZE_MAX };
    struct outcome outcomes[FITTING + 1] = {0};
    uint8_t *body = memory_alloc_zeroed(RPC_BODY_SIZE_MAX);

    for (size_t i = 0; i <= FITTING; i++)
        rpc_client_call(fixture->client, RPC_WRITE, slice_of(body, RPC_BODY_SIZE_MAX),
                        60 * FIXTURE_SECOND_US, take, &outcomes[i]);
    run(fixture);

    assert_int_equal(outcomes[FITTING - 1].count, 0);
    assert_outcome(&outcomes[FITTING], RPC_NOT_EXECUTED, RPC_REASON_BUSY);
    /* Once they have left, there is room again. */
    connect(fixture);
    run(fixture);
    assert_int_equal(bare_request_count(&fixture->server), FITTING);
    outcomes[FITTING] = (struct outcome){0};
    rpc_client_call(fixture->client, RPC_WRITE, slice_of(body, RPC_BODY_SIZE_MAX),
                    60 * FIXTURE_SECOND_US, take, &outcomes[FITTING]);
    run(fixture);
    assert_int_equal(outcomes[FITTING].count, 0);
    /* No call may outlive its outcome. */
    rpc_client_destroy(GIVE(fixture->client));
    memory_free(body);
}

static void test_a_body_above_its_bound_is_refused_and_holds_up_no_other(void **state)
{
    struct fixture *fixture = *state;
    struct outcome large = {0}, small;
    uint8_t *body = memory_alloc_zeroed(RPC_BODY_SIZE_MAX + 1);
    connect(fixture);

    rpc_client_call(fixture->client, RPC_WRITE, slice_of(body, RPC_BODY_SIZE_MAX + 1),
                    FIXTURE_SECOND_US, take, &large);
    call(fixture, "small", &small);
    run(fixture);

    assert_outcome(&large, RPC_NOT_EXECUTED, RPC_REASON_MALFORMED);
    answer_last(fixture);
    assert_outcome(&small, RPC_EXECUTED, RPC_REASON_NONE);
    memory_free(body);
}

/* --- An address that cannot be used --- */

struct persistent {
    struct rpc_client *client;
    size_t count;
};

static void call_again(void *context, const struct rpc_result *result)
{
    struct persistent *caller = context;
    assert_int_equal(result->outcome, RPC_NOT_EXECUTED);
    assert_int_equal(result->reason, RPC_REASON_LOST);
    caller->count++;
    rpc_client_call(caller->client, RPC_READ, (struct slice){0}, 1000, call_again, caller);
}

static void test_a_refused_caller_who_calls_again_does_not_stop_the_loop(void **state)
{
    (void)state;
    struct env *env = env_uv_create(&(struct env_uv_options){0});
    struct persistent caller = {0};
    caller.client = rpc_client_create(env, "no keys:1", "server", "client");

    rpc_client_call(caller.client, RPC_READ, (struct slice){0}, 1000, call_again, &caller);
    for (int i = 0; i < 20 && caller.count < 3; i++)
        env_uv_turn(env);

    assert_in_range(caller.count, 1, 20);
    rpc_client_destroy(caller.client);
    env_uv_destroy(env);
}

/* --- The end --- */

static void test_destroying_a_client_forgets_its_calls(void **state)
{
    struct fixture *fixture = *state;
    struct outcome waiting, sent;
    connect(fixture);
    call(fixture, "sent", &sent);
    run(fixture);
    call(fixture, "waiting", &waiting);

    rpc_client_destroy(GIVE(fixture->client));
    run(fixture);

    assert_int_equal(sent.count, 0);
    assert_int_equal(waiting.count, 0);
    assert_int_equal(bare_request_count(&fixture->server), 1);
}

static void test_an_answers_callback_may_destroy_the_client(void **state)
{
    struct fixture *fixture = *state;
    struct outcome first, second;
    connect(fixture);
    call(fixture, "first", &first);
    call(fixture, "second", &second);
    run(fixture);
    const Graticule__Wire__Frame *frame = fixture->server.frames[0];
    Graticule__Wire__Response one = answer_of(frame->requests[0]);
    Graticule__Wire__Response other = answer_of(frame->requests[1]);
    Graticule__Wire__Response *responses[] = {&one, &other};
    Graticule__Wire__Frame answers = fixture_frame(fixture->session);
    answers.n_responses = 2;
    answers.responses = responses;
    first.destroys = GIVE(fixture->client);

    bare_say(&fixture->server, &answers);
    run(fixture);

    assert_int_equal(first.count, 1);
    assert_int_equal(second.count, 0);
}

static void test_the_callback_of_a_lost_call_may_destroy_the_client(void **state)
{
    struct fixture *fixture = *state;
    struct outcome first, second;
    connect(fixture);
    call(fixture, "first", &first);
    call(fixture, "second", &second);
    run(fixture);
    first.destroys = GIVE(fixture->client);

    bare_say_hello(&fixture->server, fixture->session + 1, false);
    run(fixture);

    assert_outcome(&first, RPC_UNKNOWN, RPC_REASON_LOST);
    assert_int_equal(second.count, 0);
}

static void test_the_callback_of_a_deadline_may_destroy_the_client(void **state)
{
    struct fixture *fixture = *state;
    struct outcome first = {.destroys = fixture->client}, second;
    call(fixture, "second", &second);
    rpc_client_call(GIVE(fixture->client), RPC_WRITE, slice_of_text("x"), 1000, take, &first);

    run(fixture);

    assert_int_equal(first.count, 1);
    assert_int_equal(second.count, 0);
}

#define CLIENT_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLIENT_TEST(test_a_call_leaves_with_its_method_body_and_time_and_gets_its_answer),
        CLIENT_TEST(test_a_call_made_before_the_connection_leaves_with_it),
        CLIENT_TEST(test_calls_of_one_turn_travel_in_one_frame),
        CLIENT_TEST(test_each_answer_finds_its_own_call_in_any_order),
        CLIENT_TEST(test_large_bodies_are_spread_over_frames_that_fit),
        CLIENT_TEST(test_many_small_calls_leave_room_for_a_large_one),
        CLIENT_TEST(test_an_outcome_of_a_later_version_is_unknown),
        CLIENT_TEST(test_a_call_whose_time_is_up_before_it_left_was_not_executed),
        CLIENT_TEST(test_a_call_whose_time_is_up_after_it_left_is_unknown),
        CLIENT_TEST(test_a_late_answer_is_not_taken_for_that_of_a_later_call),
        CLIENT_TEST(test_after_a_restart_sent_calls_are_unknown_and_later_ones_work),
        CLIENT_TEST(test_answers_of_another_session_are_ignored),
        CLIENT_TEST(test_a_server_of_other_versions_is_not_connected_to),
        CLIENT_TEST(test_hellos_are_repeated_for_as_long_as_the_client_lives),
        CLIENT_TEST(test_answers_to_what_was_not_asked_are_ignored),
        CLIENT_TEST(test_malformed_frames_are_ignored),
        CLIENT_TEST(test_calls_over_the_bound_are_refused_as_busy),
        CLIENT_TEST(test_bodies_that_wait_are_bounded),
        CLIENT_TEST(test_a_body_above_its_bound_is_refused_and_holds_up_no_other),
        cmocka_unit_test(test_a_refused_caller_who_calls_again_does_not_stop_the_loop),
        CLIENT_TEST(test_destroying_a_client_forgets_its_calls),
        CLIENT_TEST(test_an_answers_callback_may_destroy_the_client),
        CLIENT_TEST(test_the_callback_of_a_lost_call_may_destroy_the_client),
        CLIENT_TEST(test_the_callback_of_a_deadline_may_destroy_the_client),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
