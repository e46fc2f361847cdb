/*
 * A client to test, a server that says what the test says, and what became of calls.
 */
#pragma once

#include "tests/unit/proto/rpc_fixture.h"

#include "proto/rpc_client.h"

/* A client on one machine, a bare server on the other. */
struct fixture {
    struct world *world;
    struct env *env;
    struct rpc_client *client;
    struct bare server;
    uint64_t session;
};

/* What became of one call. */
struct outcome {
    size_t count; /* of callbacks */
    enum rpc_outcome outcome;
    enum rpc_reason reason;
    char body[16];
    struct rpc_client *destroys; /* from inside the callback */
};

static inline void take(void *context, const struct rpc_result *result)
{
    struct outcome *outcome = context;
    outcome->count++;
    outcome->outcome = result->outcome;
    outcome->reason = result->reason;
    assert_true(result->body.size < sizeof outcome->body);
    if (result->body.size > 0)
        memcpy(outcome->body, result->body.bytes, result->body.size);
    rpc_client_destroy(outcome->destroys);
}

static inline int set_up(void **state)
{
    struct fixture *fixture = memory_alloc_zeroed(sizeof *fixture);
    fixture->world = fixture_world();
    fixture->session = 1001;
    bare_listen(&fixture->server, world_boot(fixture->world, FIXTURE_SERVER));
    fixture->env = world_boot(fixture->world, FIXTURE_CLIENT);
    fixture->client = rpc_client_create(fixture->env, FIXTURE_ADDRESS, "server", "client");
    *state = fixture;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *fixture = *state;
    rpc_client_destroy(fixture->client);
    bare_close(&fixture->server);
    world_destroy(fixture->world);
    memory_free(fixture);
    return 0;
}

static inline void run(struct fixture *fixture)
{
    world_run_for(fixture->world, FIXTURE_SECOND_US);
}

static inline void connect(struct fixture *fixture)
{
    run(fixture);
    bare_say_hello(&fixture->server, fixture->session, false);
    run(fixture);
    assert_true(rpc_client_is_connected(fixture->client));
}

static inline void call(struct fixture *fixture, const char *body, struct outcome *outcome)
{
    *outcome = (struct outcome){0};
    rpc_client_call(fixture->client, RPC_WRITE, slice_of_text(body), 30 * FIXTURE_SECOND_US, take,
                    outcome);
}

static inline Graticule__Wire__Response answer_of(const Graticule__Wire__Request *request)
{
    Graticule__Wire__Response response = GRATICULE__WIRE__RESPONSE__INIT;
    response.id = request->id;
    response.outcome = RPC_EXECUTED;
    response.body = request->body;
    return response;
}

static inline void say_response(struct fixture *fixture, uint64_t session,
                                Graticule__Wire__Response response)
{
    Graticule__Wire__Response *responses[] = {&response};
    Graticule__Wire__Frame frame = fixture_frame(session);
    frame.n_responses = 1;
    frame.responses = responses;
    bare_say(&fixture->server, &frame);
    run(fixture);
}

static inline const Graticule__Wire__Request *last_request(const struct fixture *fixture)
{
    assert_true(fixture->server.frame_count > 0);
    const Graticule__Wire__Frame *frame = fixture->server.frames[fixture->server.frame_count - 1];
    return frame->requests[frame->n_requests - 1];
}

static inline void answer_last(struct fixture *fixture)
{
    say_response(fixture, fixture->session, answer_of(last_request(fixture)));
}

static inline void assert_outcome(const struct outcome *seen, enum rpc_outcome outcome,
                                  enum rpc_reason reason)
{
    assert_int_equal(seen->count, 1);
    assert_int_equal(seen->outcome, outcome);
    assert_int_equal(seen->reason, reason);
}
