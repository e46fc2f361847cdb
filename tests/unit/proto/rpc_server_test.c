#include "tests/unit/proto/rpc_fixture.h"

#include "proto/rpc_client.h"
#include "proto/rpc_server.h"

enum { KEPT_MAX = RPC_SERVER_CALLS_MAX + 1 };

/* A server on one machine, a bare client on the other. */
struct fixture {
    struct world *world;
    struct env *env;
    struct rpc_server *server;
    struct bare client;
    struct rpc_call **kept; /* handed out and not answered yet */
    size_t kept_count;
    bool answers_at_once;     /* with the call's own body */
    struct slice long_answer; /* the one to all calls, unless it is empty */
    size_t answer_count;
    size_t answers_of_round;
    size_t answers_of_round_most;
    struct env_task round_task;
};

static void round_end(void *context)
{
    struct fixture *fixture = context;
    if (fixture->answers_of_round > fixture->answers_of_round_most)
        fixture->answers_of_round_most = fixture->answers_of_round;
    fixture->answers_of_round = 0;
}

static void answer_at_length(struct fixture *fixture, struct rpc_call *call)
{
    fixture->answer_count++;
    fixture->answers_of_round++;
    env_defer(fixture->env, ENV_PHASE_SEND, &fixture->round_task);
    rpc_call_answer(call, RPC_EXECUTED, RPC_REASON_NONE, fixture->long_answer);
}

static void handle(void *context, struct rpc_call *call)
{
    struct fixture *fixture = context;
    assert_true(fixture->kept_count < KEPT_MAX);
    if (fixture->long_answer.size > 0)
        answer_at_length(fixture, call);
    else if (fixture->answers_at_once)
        rpc_call_answer(call, RPC_EXECUTED, RPC_REASON_NONE, rpc_call_body(call));
    else
        fixture->kept[fixture->kept_count++] = call;
}

static void run(struct fixture *fixture)
{
    world_run_for(fixture->world, FIXTURE_SECOND_US);
}

static int set_up(void **state)
{
    struct fixture *fixture = memory_alloc_zeroed(sizeof *fixture);
    fixture->kept = memory_alloc(KEPT_MAX * sizeof(struct rpc_call *));
    fixture->world = fixture_world();
    fixture->env = world_boot(fixture->world, FIXTURE_SERVER);
    env_task_init(&fixture->round_task, round_end, fixture);
    assert_int_equal(rpc_server_create(fixture->env, FIXTURE_ADDRESS, "server", handle, fixture,
                                       &fixture->server),
                     STATUS_OK);
    bare_connect(&fixture->client, world_boot(fixture->world, FIXTURE_CLIENT));
    run(fixture);
    bare_say_hello(&fixture->client, 0, true);
    run(fixture);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    bare_close(&fixture->client);
    rpc_server_destroy(fixture->server);
    world_destroy(fixture->world);
    memory_free(fixture->kept);
    memory_free(fixture);
    return 0;
}

/* Says `count` requests of this body in one frame, with ids from `first_id` on. */
static void ask(struct bare *client, uint64_t session, uint64_t first_id, size_t count,
                struct slice body)
{
    Graticule__Wire__Request *requests = memory_alloc(count * sizeof *requests);
    Graticule__Wire__Request **pointers = memory_alloc(count * sizeof *pointers);
    for (size_t i = 0; i < count; i++) {
        graticule__wire__request__init(&requests[i]);
        requests[i].id = first_id + i;
        requests[i].method = RPC_READ;
        requests[i].time_left_ms = 5000;
        requests[i].body = frame_data(body);
        pointers[i] = &requests[i];
    }
    Graticule__Wire__Frame frame = fixture_frame(session);
    frame.n_requests = count;
    frame.requests = pointers;
    bare_say(client, &frame);
    memory_free(pointers);
    memory_free(requests);
}

static void ask_one(struct fixture *fixture, uint64_t id, const char *body)
{
    ask(&fixture->client, fixture->client.session, id, 1, slice_of_text(body));
    run(fixture);
}

static const Graticule__Wire__Response *last_response(const struct bare *client)
{
    assert_true(client->frame_count > 0);
    const Graticule__Wire__Frame *frame = client->frames[client->frame_count - 1];
    return frame->responses[frame->n_responses - 1];
}

static void assert_refused(const Graticule__Wire__Response *response, enum rpc_reason reason)
{
    assert_int_equal(response->outcome, RPC_NOT_EXECUTED);
    assert_int_equal(response->reason, reason);
}

/* --- Calls and answers --- */

static void test_a_hello_is_answered_with_the_servers_session_and_versions(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(fixture->client.hello_count, 1);
    assert_true(fixture->client.session != 0);
}

static void test_a_hello_that_wants_no_answer_gets_none(void **state)
{
    struct fixture *fixture = *state;

    bare_say_hello(&fixture->client, 0, false);
    run(fixture);

    assert_int_equal(fixture->client.hello_count, 1);
}

static void test_a_request_reaches_the_handler_and_its_answer_the_peer(void **state)
{
    struct fixture *fixture = *state;
    ask_one(fixture, 77, "question");
    assert_int_equal(fixture->kept_count, 1);
    struct rpc_call *call = fixture->kept[0];
    uint64_t now_us = env_boot_us(fixture->env);
    assert_int_equal(rpc_call_method(call), RPC_READ);
    assert_true(slice_is_text(rpc_call_body(call), "question"));
    assert_in_range(rpc_call_deadline_us(call) - now_us, 3900000, 5000000);
    assert_int_equal(fixture->client.frame_count, 0);

    rpc_call_answer(call, RPC_NOT_EXECUTED, RPC_REASON_NOT_LEADER, slice_of_text("hint"));
    run(fixture);

    const Graticule__Wire__Response *response = last_response(&fixture->client);
    assert_int_equal(response->id, 77);
    assert_refused(response, RPC_REASON_NOT_LEADER);
    assert_true(slice_is_text(frame_slice(response->body), "hint"));
    assert_int_equal(fixture->client.frames[0]->session, fixture->client.session);
}

static void test_answers_of_one_turn_leave_in_one_frame(void **state)
{
    struct fixture *fixture = *state;
    ask(&fixture->client, fixture->client.session, 0, 300, slice_of_text("x"));
    run(fixture);
    assert_int_equal(fixture->kept_count, 300);

    for (size_t i = 0; i < 300; i++)
        rpc_call_answer(fixture->kept[i], RPC_EXECUTED, RPC_REASON_NONE, (struct slice){0});
    run(fixture);

    assert_int_equal(fixture->client.frame_count, 1);
    assert_int_equal(fixture->client.frames[0]->n_responses, 300);
}

static void test_calls_answered_from_inside_the_handler_travel_together_too(void **state)
{
    struct fixture *fixture = *state;
    fixture->answers_at_once = true;

    ask(&fixture->client, fixture->client.session, 0, 300, slice_of_text("x"));
    run(fixture);

    assert_int_equal(fixture->client.frame_count, 1);
    assert_int_equal(fixture->client.frames[0]->n_responses, 300);
}

static void test_large_answers_are_spread_over_frames_that_fit(void **state)
{
    struct fixture *fixture = *state;
    uint8_t *body = memory_alloc_zeroed(RPC_BODY_SIZE_MAX);
    ask(&fixture->client, fixture->client.session, 0, 4, slice_of_text("x"));
    run(fixture);

    for (size_t i = 0; i < 4; i++)
        rpc_call_answer(fixture->kept[i], RPC_EXECUTED, RPC_REASON_NONE,
                        slice_of(body, i % 2 == 0 ? LIMIT_FRAME_TARGET - 100 : RPC_BODY_SIZE_MAX));
    run(fixture);

    assert_int_equal(bare_response_count(&fixture->client), 4);
    assert_true(fixture->client.frame_count > 1);
    memory_free(body);
}

static void test_calls_with_large_answers_are_handed_out_a_few_a_round(void **state)
{
    struct fixture *fixture = *state;
    enum { CALL_COUNT = 40, ANSWER_SIZE = 400000 };
    static const uint8_t bytes[ANSWER_SIZE];
    fixture->long_answer = slice_of(bytes, ANSWER_SIZE);

    ask(&fixture->client, fixture->client.session, 0, CALL_COUNT, slice_of_text("x"));
    run(fixture);

    assert_int_equal(fixture->answer_count, CALL_COUNT);
    assert_int_equal(fixture->answers_of_round_most, 3); /* up to the one beyond 1 MB */
    size_t arrived_count = 0;
    for (size_t i = 0; i < fixture->client.frame_count; i++)
        arrived_count += fixture->client.frames[i]->n_responses;
    assert_int_equal(arrived_count, CALL_COUNT);
}

static void test_more_answers_than_a_frame_takes_all_arrive(void **state)
{
    struct fixture *fixture = *state;
    enum { COUNT = 2 * RPC_FRAME_COUNT_MAX + 1 };
    ask(&fixture->client, fixture->client.session, 0, RPC_FRAME_COUNT_MAX, (struct slice){0});
    ask(&fixture->client, fixture->client.session, 0, RPC_FRAME_COUNT_MAX, (struct slice){0});
    ask(&fixture->client, fixture->client.session, 0, 1, (struct slice){0});
    run(fixture);
    assert_int_equal(fixture->kept_count, COUNT);

    for (size_t i = 0; i < COUNT; i++)
        rpc_call_answer(fixture->kept[i], RPC_EXECUTED, RPC_REASON_NONE, (struct slice){0});
    run(fixture);

    assert_int_equal(bare_response_count(&fixture->client), COUNT);
    assert_int_equal(fixture->client.frame_count, 3);
}

static void test_an_answer_above_its_bound_becomes_an_unknown_outcome(void **state)
{
    struct fixture *fixture = *state;
    uint8_t *body = memory_alloc_zeroed(RPC_BODY_SIZE_MAX + 1);
    ask_one(fixture, 1, "x");

    rpc_call_answer(fixture->kept[0], RPC_EXECUTED, RPC_REASON_NONE,
                    slice_of(body, RPC_BODY_SIZE_MAX + 1));
    run(fixture);

    const Graticule__Wire__Response *response = last_response(&fixture->client);
    assert_int_equal(response->outcome, RPC_UNKNOWN);
    assert_int_equal(response->reason, RPC_REASON_MALFORMED);
    memory_free(body);
}

static void test_each_peer_gets_the_answers_to_its_own_calls(void **state)
{
    struct fixture *fixture = *state;
    struct bare other;
    bare_connect(&other, world_boot(fixture->world, 2));
    run(fixture);
    ask_one(fixture, 5, "one");
    ask(&other, fixture->client.session, 5, 1, slice_of_text("other"));
    run(fixture);
    assert_int_equal(fixture->kept_count, 2);

    for (size_t i = 0; i < 2; i++)
        rpc_call_answer(fixture->kept[i], RPC_EXECUTED, RPC_REASON_NONE,
                        rpc_call_body(fixture->kept[i]));
    run(fixture);

    assert_int_equal(bare_response_count(&fixture->client), 1);
    assert_int_equal(bare_response_count(&other), 1);
    assert_true(slice_is_text(frame_slice(last_response(&fixture->client)->body), "one"));
    assert_true(slice_is_text(frame_slice(last_response(&other)->body), "other"));
    bare_close(&other);
}

/* --- Sessions and time --- */

static void test_requests_of_another_session_are_dropped_and_the_peer_told_this_one(void **state)
{
    struct fixture *fixture = *state;

    ask(&fixture->client, fixture->client.session + 2, 1, 3, slice_of_text("x"));
    run(fixture);
    ask(&fixture->client, 0, 1, 3, slice_of_text("x"));
    run(fixture);

    assert_int_equal(fixture->kept_count, 0);
    assert_int_equal(fixture->client.frame_count, 0);
    assert_int_equal(fixture->client.hello_count, 3);
}

static void test_a_request_without_time_left_is_not_executed(void **state)
{
    struct fixture *fixture = *state;
    Graticule__Wire__Request request = GRATICULE__WIRE__REQUEST__INIT;
    Graticule__Wire__Request *requests[] = {&request};
    Graticule__Wire__Frame frame = fixture_frame(fixture->client.session);
    frame.n_requests = 1;
    frame.requests = requests;

    bare_say(&fixture->client, &frame);
    run(fixture);

    assert_int_equal(fixture->kept_count, 0);
    assert_refused(last_response(&fixture->client), RPC_REASON_TIME);
}

static void test_every_server_has_a_session_of_its_own(void **state)
{
    struct fixture *fixture = *state;
    uint64_t before = fixture->client.session;
    rpc_server_destroy(GIVE(fixture->server));

    assert_int_equal(rpc_server_create(fixture->env, FIXTURE_ADDRESS, "server", handle, fixture,
                                       &fixture->server),
                     STATUS_OK);
    run(fixture);
    bare_say_hello(&fixture->client, 0, true);
    run(fixture);

    assert_true(fixture->client.session != before);
}

/* --- Bounds --- */

static void test_calls_over_the_bound_are_refused_as_busy_until_some_are_answered(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < RPC_SERVER_CALLS_MAX; i += RPC_FRAME_COUNT_MAX)
        ask(&fixture->client, fixture->client.session, i, RPC_FRAME_COUNT_MAX, (struct slice){0});
    run(fixture);
    assert_int_equal(fixture->kept_count, RPC_SERVER_CALLS_MAX);

    ask_one(fixture, 99, "one too many");

    assert_int_equal(fixture->kept_count, RPC_SERVER_CALLS_MAX);
    assert_int_equal(last_response(&fixture->client)->id, 99);
    assert_refused(last_response(&fixture->client), RPC_REASON_BUSY);
    rpc_call_answer(fixture->kept[0], RPC_EXECUTED, RPC_REASON_NONE, (struct slice){0});
    ask_one(fixture, 100, "fits");
    assert_int_equal(fixture->kept_count, RPC_SERVER_CALLS_MAX + 1);
}

static void test_the_bytes_of_calls_are_bounded(void **state)
{
    struct fixture *fixture = *state;
    enum { FITTING = RPC_SERVER_BYTES_MAX / RPC_BODY_SIZE_MAX };
    uint8_t *body = memory_alloc_zeroed(RPC_BODY_SIZE_MAX);

    for (size_t i = 0; i <= FITTING; i++) {
        ask(&fixture->client, fixture->client.session, i, 1, slice_of(body, RPC_BODY_SIZE_MAX));
        run(fixture);
    }

    assert_int_equal(fixture->kept_count, FITTING);
    assert_refused(last_response(&fixture->client), RPC_REASON_BUSY);
    rpc_call_answer(fixture->kept[0], RPC_EXECUTED, RPC_REASON_NONE, (struct slice){0});
    ask(&fixture->client, fixture->client.session, 0, 1, slice_of(body, RPC_BODY_SIZE_MAX));
    run(fixture);
    assert_int_equal(fixture->kept_count, FITTING + 1);
    memory_free(body);
}

/* --- What goes wrong --- */

static void test_malformed_frames_are_ignored(void **state)
{
    struct fixture *fixture = *state;

    bare_say_bytes(&fixture->client, slice_of_text("\xff\xff\xff"));
    bare_say_bytes(&fixture->client, (struct slice){0});
    bare_say_bytes(&fixture->client, slice_of_text("\x08\x07")); /* of version 7 */
    run(fixture);

    assert_int_equal(fixture->kept_count, 0);
    ask_one(fixture, 1, "x");
    assert_int_equal(fixture->kept_count, 1);
}

static void test_a_call_may_be_answered_after_its_peer_is_gone(void **state)
{
    struct fixture *fixture = *state;
    ask_one(fixture, 1, "x");
    bare_close(&fixture->client);
    fixture->client = (struct bare){0};
    run(fixture);

    rpc_call_answer(fixture->kept[0], RPC_EXECUTED, RPC_REASON_NONE, slice_of_text("y"));
    run(fixture);

    /* Others are served as before. */
    bare_connect(&fixture->client, world_boot(fixture->world, 2));
    run(fixture);
    bare_say_hello(&fixture->client, 0, true);
    run(fixture);
    ask_one(fixture, 1, "x");
    assert_int_equal(fixture->kept_count, 2);
}

static void test_destroying_a_server_frees_calls_and_answers_under_way(void **state)
{
    struct fixture *fixture = *state;
    ask(&fixture->client, fixture->client.session, 0, 3, slice_of_text("x"));
    run(fixture);
    rpc_call_answer(fixture->kept[0], RPC_EXECUTED, RPC_REASON_NONE, slice_of_text("never sent"));

    rpc_server_destroy(GIVE(fixture->server));
    run(fixture);

    assert_int_equal(fixture->client.frame_count, 0);
}

static void test_an_address_that_is_taken_is_reported(void **state)
{
    struct fixture *fixture = *state;
    struct rpc_server *second = NULL;

    assert_int_equal(
        rpc_server_create(fixture->env, FIXTURE_ADDRESS, "server", handle, fixture, &second),
        STATUS_EXISTS);

    assert_null(second);
}

/* --- With the client that it is made for --- */

struct outcome {
    size_t count;
    struct rpc_result result;
};

static void take(void *context, const struct rpc_result *result)
{
    struct outcome *outcome = context;
    outcome->count++;
    outcome->result = (struct rpc_result){.outcome = result->outcome, .reason = result->reason};
}

static void test_a_client_survives_the_restart_of_its_server(void **state)
{
    struct fixture *fixture = *state;
    struct outcome before = {0}, after = {0};
    OWNED(rpc_client)
    client = rpc_client_create(world_boot(fixture->world, 2), FIXTURE_ADDRESS, "server", "client");
    rpc_client_call(client, RPC_WRITE, slice_of_text("x"), 60 * FIXTURE_SECOND_US, take, &before);
    run(fixture);
    assert_int_equal(fixture->kept_count, 1);

    world_shutdown(fixture->world, FIXTURE_SERVER);
    rpc_server_destroy(GIVE(fixture->server));
    world_run_for(fixture->world, 10 * FIXTURE_SECOND_US);
    assert_int_equal(before.count, 0);
    fixture->env = world_boot(fixture->world, FIXTURE_SERVER);
    fixture->kept_count = 0;
    fixture->answers_at_once = true;
    assert_int_equal(rpc_server_create(fixture->env, FIXTURE_ADDRESS, "server", handle, fixture,
                                       &fixture->server),
                     STATUS_OK);
    world_run_for(fixture->world, 10 * FIXTURE_SECOND_US);

    assert_int_equal(before.count, 1);
    assert_int_equal(before.result.outcome, RPC_UNKNOWN);
    assert_int_equal(before.result.reason, RPC_REASON_LOST);
    rpc_client_call(client, RPC_WRITE, slice_of_text("x"), 60 * FIXTURE_SECOND_US, take, &after);
    run(fixture);
    assert_int_equal(after.count, 1);
    assert_int_equal(after.result.outcome, RPC_EXECUTED);
}

/* Drops, repeats and reordering are more than links may do, and must cost no more than time. */
static void test_every_call_is_answered_once_whatever_the_network_does(void **state)
{
    struct fixture *fixture = *state;
    enum { CALLS = 400 };
    static struct outcome outcomes[CALLS];
    memset(outcomes, 0, sizeof outcomes);
    struct sim_net_faults *faults = sim_net_faults(world_net(fixture->world));
    faults->drop_one_in = 10;
    faults->repeat_one_in = 10;
    faults->reorder_one_in = 10;
    faults->break_one_in = 40;
    fixture->answers_at_once = true;
    OWNED(rpc_client)
    client = rpc_client_create(world_boot(fixture->world, 2), FIXTURE_ADDRESS, "server", "client");

    for (size_t i = 0; i < CALLS; i++) {
        rpc_client_call(client, RPC_WRITE, slice_of_text("x"), 2 * FIXTURE_SECOND_US, take,
                        &outcomes[i]);
        world_run_for(fixture->world, 10000);
    }
    world_run_for(fixture->world, 3 * FIXTURE_SECOND_US);

    size_t executed_count = 0;
    for (size_t i = 0; i < CALLS; i++) {
        assert_int_equal(outcomes[i].count, 1);
        executed_count += outcomes[i].result.outcome == RPC_EXECUTED;
    }
    assert_true(executed_count > CALLS / 2);
    assert_int_equal(rpc_client_call_count(client), 0);
}

#define SERVER_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVER_TEST(test_a_hello_is_answered_with_the_servers_session_and_versions),
        SERVER_TEST(test_a_hello_that_wants_no_answer_gets_none),
        SERVER_TEST(test_a_request_reaches_the_handler_and_its_answer_the_peer),
        SERVER_TEST(test_answers_of_one_turn_leave_in_one_frame),
        SERVER_TEST(test_calls_answered_from_inside_the_handler_travel_together_too),
        SERVER_TEST(test_large_answers_are_spread_over_frames_that_fit),
        SERVER_TEST(test_calls_with_large_answers_are_handed_out_a_few_a_round),
        SERVER_TEST(test_more_answers_than_a_frame_takes_all_arrive),
        SERVER_TEST(test_an_answer_above_its_bound_becomes_an_unknown_outcome),
        SERVER_TEST(test_each_peer_gets_the_answers_to_its_own_calls),
        SERVER_TEST(test_requests_of_another_session_are_dropped_and_the_peer_told_this_one),
        SERVER_TEST(test_a_request_without_time_left_is_not_executed),
        SERVER_TEST(test_every_server_has_a_session_of_its_own),
        SERVER_TEST(test_calls_over_the_bound_are_refused_as_busy_until_some_are_answered),
        SERVER_TEST(test_the_bytes_of_calls_are_bounded),
        SERVER_TEST(test_malformed_frames_are_ignored),
        SERVER_TEST(test_a_call_may_be_answered_after_its_peer_is_gone),
        SERVER_TEST(test_destroying_a_server_frees_calls_and_answers_under_way),
        SERVER_TEST(test_an_address_that_is_taken_is_reported),
        SERVER_TEST(test_a_client_survives_the_restart_of_its_server),
        SERVER_TEST(test_every_call_is_answered_once_whatever_the_network_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
