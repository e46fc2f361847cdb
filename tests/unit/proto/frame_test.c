#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "proto/frame.h"
#include "proto/rpc.h"

static void test_a_frame_comes_back_as_it_was_packed(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) bytes = {0};
    Graticule__Wire__Request request = GRATICULE__WIRE__REQUEST__INIT;
    Graticule__Wire__Request *requests[] = {&request};
    request.id = 7;
    request.method = RPC_WRITE;
    request.time_left_ms = 250;
    request.body = frame_data(slice_of_text("body"));
    Graticule__Wire__Frame frame = GRATICULE__WIRE__FRAME__INIT;
    frame.version = FRAME_VERSION;
    frame.session = 42;
    frame.n_requests = 1;
    frame.requests = requests;
    frame_pack(&frame.base, &bytes);

    const Graticule__Wire__Frame *opened = frame_unpack(buffer_slice(&bytes), arena);

    assert_non_null(opened);
    assert_int_equal(opened->session, 42);
    assert_null(opened->hello);
    assert_int_equal(opened->n_requests, 1);
    assert_int_equal(opened->requests[0]->id, 7);
    assert_int_equal(opened->requests[0]->method, RPC_WRITE);
    assert_int_equal(opened->requests[0]->time_left_ms, 250);
    assert_true(slice_is_text(frame_slice(opened->requests[0]->body), "body"));
    assert_int_equal(opened->n_responses, 0);
}

static void test_packing_appends_to_what_is_there(void **state)
{
    (void)state;
    SCOPED(buffer) bytes = {0};
    Graticule__Wire__Frame frame = GRATICULE__WIRE__FRAME__INIT;
    frame.version = FRAME_VERSION;
    buffer_append_text(&bytes, "before");

    frame_pack(&frame.base, &bytes);

    assert_true(slice_has_prefix(buffer_slice(&bytes), slice_of_text("before")));
    assert_int_equal(bytes.size, 6 + 2);
}

static void test_frames_of_another_version_or_of_none_are_not_opened(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) bytes = {0};
    Graticule__Wire__Frame frame = GRATICULE__WIRE__FRAME__INIT;
    frame.version = FRAME_VERSION + 1;
    frame_pack(&frame.base, &bytes);

    assert_null(frame_unpack(buffer_slice(&bytes), arena));
    assert_null(frame_unpack((struct slice){0}, arena));
}

static void test_bytes_that_are_no_frame_are_not_opened(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();

    assert_null(frame_unpack(slice_of_text("\x08\x01\x22\x05"), arena)); /* a request cut short */
    assert_null(frame_unpack(slice_of_text("\xff\xff\xff\xff"), arena));
}

static void test_a_frame_above_its_bound_is_not_opened(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) bytes = {0};
    Graticule__Wire__Response response = GRATICULE__WIRE__RESPONSE__INIT;
    Graticule__Wire__Response *responses[] = {&response};
    uint8_t *body = memory_alloc_zeroed(LIMIT_FRAME_SIZE);
    Graticule__Wire__Frame frame = GRATICULE__WIRE__FRAME__INIT;
    frame.version = FRAME_VERSION;
    frame.n_responses = 1;
    frame.responses = responses;
    response.body = frame_data(slice_of(body, LIMIT_FRAME_SIZE - 64));
    frame_pack(&frame.base, &bytes);
    assert_non_null(frame_unpack(buffer_slice(&bytes), arena));
    buffer_clear(&bytes);

    response.body = frame_data(slice_of(body, LIMIT_FRAME_SIZE));
    frame_pack(&frame.base, &bytes);

    assert_null(frame_unpack(buffer_slice(&bytes), arena));
    memory_free(body);
}

/* A frame that is nothing but empty requests. */
static void hollow_frame(struct buffer *bytes, size_t request_count)
{
    const uint8_t version[] = {0x08, FRAME_VERSION}, request[] = {0x22, 0};
    buffer_append(bytes, slice_of(version, sizeof version));
    for (size_t i = 0; i < request_count; i++)
        buffer_append(bytes, slice_of(request, sizeof request));
}

static void test_a_small_frame_cannot_take_up_much_memory(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) modest = {0};
    SCOPED(buffer) greedy = {0};
    hollow_frame(&modest, RPC_FRAME_COUNT_MAX);
    hollow_frame(&greedy, LIMIT_FRAME_SIZE / 2 - 1);

    assert_non_null(frame_unpack(buffer_slice(&modest), arena));
    assert_null(frame_unpack(buffer_slice(&greedy), arena));
}

static void test_a_hello_is_understood_when_the_versions_overlap(void **state)
{
    (void)state;
    Graticule__Wire__Hello hello;
    frame_init_hello(&hello, "node-a", true);

    assert_true(frame_hello_is_understood(&hello));
    assert_string_equal(hello.name, "node-a");
    assert_true(hello.wants_answer);
    hello.version_lowest = 0;
    hello.version_highest = RPC_VERSION_HIGHEST + 9;
    assert_true(frame_hello_is_understood(&hello));
    hello.version_lowest = RPC_VERSION_HIGHEST + 1;
    assert_false(frame_hello_is_understood(&hello));
    hello.version_lowest = 0;
    hello.version_highest = RPC_VERSION_LOWEST - 1;
    assert_false(frame_hello_is_understood(&hello));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_frame_comes_back_as_it_was_packed),
        cmocka_unit_test(test_packing_appends_to_what_is_there),
        cmocka_unit_test(test_frames_of_another_version_or_of_none_are_not_opened),
        cmocka_unit_test(test_bytes_that_are_no_frame_are_not_opened),
        cmocka_unit_test(test_a_frame_above_its_bound_is_not_opened),
        cmocka_unit_test(test_a_small_frame_cannot_take_up_much_memory),
        cmocka_unit_test(test_a_hello_is_understood_when_the_versions_overlap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
