/*
 * What the tests of RPC share: two machines in a simulated world, and a bare side that speaks
 * frames by hand, so that a test sees and says exactly what is on the wire.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/frame.h"
#include "proto/rpc.h"
#include "tests/sim/sim_net.h"
#include "tests/sim/world.h"
#include "tests/unit/proto/frame_unpack.h"
#include "tests/unit/seed.h"

enum {
    FIXTURE_SERVER = 0, /* machines */
    FIXTURE_CLIENT = 1,
    FIXTURE_FRAMES_MAX = 256,
    FIXTURE_SECOND_US = 1000000,
};

#define FIXTURE_ADDRESS "server:7000"

/* One end of a connection; keeps what it hears but hellos that bring nothing else. */
struct bare {
    struct env_listener *listener; /* or */
    struct env_link *link;
    uint64_t peer;    /* that was heard last */
    uint64_t session; /* told by the last hello */
    size_t hello_count;
    struct arena *arena;
    const Graticule__Wire__Frame *frames[FIXTURE_FRAMES_MAX];
    size_t frame_count;
};

static inline struct world *fixture_world(void)
{
    struct random random = random_of_test();
    return world_create(random_next(&random));
}

static inline void bare_hear(void *context, uint64_t peer, struct slice bytes)
{
    struct bare *bare = context;
    const Graticule__Wire__Frame *frame = frame_unpack(arena_copy(bare->arena, bytes), bare->arena);
    assert_non_null(frame);
    bare->peer = peer;
    if (frame->hello != NULL) {
        bare->hello_count++;
        bare->session = frame->session;
    }
    if (frame->n_requests + frame->n_responses == 0)
        return;
    assert_true(bare->frame_count < FIXTURE_FRAMES_MAX);
    bare->frames[bare->frame_count++] = frame;
}

static inline void bare_listen(struct bare *bare, struct env *env)
{
    *bare = (struct bare){.arena = arena_create()};
    assert_int_equal(env_listen(env, FIXTURE_ADDRESS, bare_hear, bare, &bare->listener), STATUS_OK);
}

static inline void bare_connect(struct bare *bare, struct env *env)
{
    *bare = (struct bare){.arena = arena_create()};
    assert_int_equal(env_connect(env, FIXTURE_ADDRESS, "server", bare_hear, bare, &bare->link),
                     STATUS_OK);
}

static inline void bare_close(struct bare *bare)
{
    env_listener_close(bare->listener);
    env_link_close(bare->link);
    arena_destroy(bare->arena);
}

static inline void bare_say_bytes(struct bare *bare, struct slice bytes)
{
    if (bare->listener != NULL)
        assert_int_equal(env_listener_send(bare->listener, bare->peer, bytes), STATUS_OK);
    else
        assert_int_equal(env_link_send(bare->link, bytes), STATUS_OK);
}

static inline void bare_say(struct bare *bare, const Graticule__Wire__Frame *frame)
{
    SCOPED(buffer) bytes = {0};
    frame_pack(&frame->base, &bytes);
    bare_say_bytes(bare, buffer_slice(&bytes));
}

static inline Graticule__Wire__Frame fixture_frame(uint64_t session)
{
    Graticule__Wire__Frame frame = GRATICULE__WIRE__FRAME__INIT;
    frame.version = FRAME_VERSION;
    frame.session = session;
    return frame;
}

static inline void bare_say_hello(struct bare *bare, uint64_t session, bool wants_answer)
{
    Graticule__Wire__Hello hello;
    frame_init_hello(&hello, "bare", wants_answer);
    Graticule__Wire__Frame frame = fixture_frame(session);
    frame.hello = &hello;
    bare_say(bare, &frame);
}

/* How many requests, and answers, came in all frames together. */
static inline size_t bare_request_count(const struct bare *bare)
{
    size_t count = 0;
    for (size_t i = 0; i < bare->frame_count; i++)
        count += bare->frames[i]->n_requests;
    return count;
}

static inline size_t bare_response_count(const struct bare *bare)
{
    size_t count = 0;
    for (size_t i = 0; i < bare->frame_count; i++)
        count += bare->frames[i]->n_responses;
    return count;
}
