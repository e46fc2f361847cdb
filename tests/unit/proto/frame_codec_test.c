#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "proto/frame_codec.h"
#include "proto/rpc.h"
#include "tests/unit/proto/frame_unpack.h"

static const struct frame_part write_part = {
    .id = (uint64_t)3 << 32 | 7,
    .code = RPC_WRITE,
    .detail = 250,
    .body = {(const uint8_t *)"body", 4},
};

/* A hello, two requests and a response. */
static void frame_write(struct buffer *bytes)
{
    Graticule__Wire__Hello hello;
    frame_init_hello(&hello, "node-a", true);
    frame_begin(bytes, 42);
    frame_add_part(bytes, FRAME_REQUEST, &write_part);
    frame_add_part(bytes, FRAME_RESPONSE, &(struct frame_part){.id = 9, .code = RPC_EXECUTED});
    frame_add_hello(bytes, &hello);
    frame_add_part(bytes, FRAME_REQUEST, &(struct frame_part){0});
}

static void test_what_is_written_is_what_protobuf_reads(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) bytes = {0};
    frame_write(&bytes);

    const Graticule__Wire__Frame *tree = frame_unpack(buffer_slice(&bytes), arena);

    assert_non_null(tree);
    assert_int_equal(tree->session, 42);
    assert_string_equal(tree->hello->name, "node-a");
    assert_int_equal(tree->n_requests, 2);
    assert_int_equal(tree->requests[0]->id, write_part.id);
    assert_int_equal(tree->requests[0]->method, RPC_WRITE);
    assert_int_equal(tree->requests[0]->time_left_ms, 250);
    assert_true(slice_is_text(frame_slice(tree->requests[0]->body), "body"));
    assert_int_equal(tree->requests[1]->id, 0);
    assert_int_equal(tree->n_responses, 1);
    assert_int_equal(tree->responses[0]->outcome, RPC_EXECUTED);
}

static void test_a_frame_comes_back_as_it_was_written(void **state)
{
    (void)state;
    SCOPED(buffer) bytes = {0};
    struct frame frame;
    struct frame_part part;
    frame_write(&bytes);

    assert_true(frame_open(buffer_slice(&bytes), &frame));

    assert_int_equal(frame.session, 42);
    assert_true(frame.has_hello);
    assert_int_equal(frame.request_count, 2);
    assert_int_equal(frame.response_count, 1);
    struct frame_cursor requests = frame_cursor(&frame, FRAME_REQUEST);
    assert_true(frame_cursor_next(&requests, &part));
    assert_int_equal(part.id, write_part.id);
    assert_int_equal(part.code, write_part.code);
    assert_int_equal(part.detail, write_part.detail);
    assert_true(slice_is_equal(part.body, write_part.body));
    assert_true(frame_cursor_next(&requests, &part));
    assert_int_equal(part.body.size, 0);
    assert_false(frame_cursor_next(&requests, &part));
    struct frame_cursor responses = frame_cursor(&frame, FRAME_RESPONSE);
    assert_true(frame_cursor_next(&responses, &part));
    assert_int_equal(part.id, 9);
    assert_false(frame_cursor_next(&responses, &part));
}

static void test_what_protobuf_packs_is_read(void **state)
{
    (void)state;
    SCOPED(buffer) bytes = {0};
    Graticule__Wire__Request request = GRATICULE__WIRE__REQUEST__INIT;
    Graticule__Wire__Request *requests[] = {&request};
    Graticule__Wire__Frame tree = GRATICULE__WIRE__FRAME__INIT;
    struct frame frame;
    struct frame_part part;
    request.id = UINT64_MAX;
    request.time_left_ms = UINT32_MAX;
    tree.version = FRAME_VERSION;
    tree.session = UINT64_MAX;
    tree.n_requests = 1;
    tree.requests = requests;
    frame_pack(&tree.base, &bytes);

    assert_true(frame_open(buffer_slice(&bytes), &frame));

    struct frame_cursor cursor = frame_cursor(&frame, FRAME_REQUEST);
    assert_int_equal(frame.session, UINT64_MAX);
    assert_true(frame_cursor_next(&cursor, &part));
    assert_int_equal(part.id, UINT64_MAX);
    assert_int_equal(part.detail, UINT32_MAX);
}

static void test_fields_of_a_later_version_are_passed_over(void **state)
{
    (void)state;
    struct frame frame;
    /* Field 6 of the frame, sized; a request with field 9, 32 bits wide. */
    const uint8_t bytes[] = {0x08, FRAME_VERSION, 0x32, 1, 'x', 0x22, 7, 0x08, 5, 0x4d, 1, 2, 3, 4};

    assert_true(frame_open(slice_of(bytes, sizeof bytes), &frame));

    struct frame_cursor cursor = frame_cursor(&frame, FRAME_REQUEST);
    struct frame_part part;
    assert_true(frame_cursor_next(&cursor, &part));
    assert_int_equal(part.id, 5);
}

static void test_frames_of_another_version_or_of_none_are_not_opened(void **state)
{
    (void)state;
    struct frame frame;

    assert_false(frame_open(slice_of_text("\x08\x02"), &frame));
    assert_false(frame_open((struct slice){0}, &frame));
}

static void test_bytes_that_are_no_frame_are_not_opened(void **state)
{
    (void)state;
    struct frame frame;

    assert_false(frame_open(slice_of_text("\x08\x01\x22\x05"), &frame)); /* cut short */
    assert_false(frame_open(slice_of_text("\xff\xff\xff\xff"), &frame));
    assert_false(frame_open(slice_of_text("\x08\x01\x20\x05"), &frame));         /* a number */
    assert_false(frame_open(slice_of_text("\x08\x01\x22\x02\x22\x05"), &frame)); /* a long body */
    assert_false(frame_open(slice_of_text("\x08\x01\x22\x01\x0b"), &frame));     /* a group */
}

static void test_every_frame_cut_short_is_refused_or_shorter(void **state)
{
    (void)state;
    SCOPED(buffer) bytes = {0};
    struct frame frame;
    frame_write(&bytes);
    for (size_t size = 0; size < bytes.size; size++) {
        uint8_t *exact = memory_copy(bytes.bytes, size + 1);
        if (frame_open(slice_of(exact, size), &frame))
            assert_true(frame.request_count + frame.response_count < 3);
        memory_free(exact);
    }
}

static void test_a_frame_above_its_bound_is_not_opened(void **state)
{
    (void)state;
    SCOPED(buffer) bytes = {0};
    uint8_t *body = memory_alloc_zeroed(LIMIT_FRAME_SIZE);
    struct frame frame;
    struct frame_part part = {.body = {body, LIMIT_FRAME_SIZE - 64}};
    frame_begin(&bytes, 1);
    frame_add_part(&bytes, FRAME_RESPONSE, &part);
    assert_true(frame_open(buffer_slice(&bytes), &frame));
    buffer_clear(&bytes);
    part.body.size = LIMIT_FRAME_SIZE;
    frame_begin(&bytes, 1);
    frame_add_part(&bytes, FRAME_RESPONSE, &part);

    assert_false(frame_open(buffer_slice(&bytes), &frame));
    memory_free(body);
}

static void test_a_frame_of_too_many_parts_is_not_opened(void **state)
{
    (void)state;
    SCOPED(buffer) bytes = {0};
    struct frame frame;
    frame_begin(&bytes, 1);
    for (size_t i = 0; i < RPC_FRAME_COUNT_MAX; i++)
        frame_add_part(&bytes, FRAME_REQUEST, &(struct frame_part){0});
    assert_true(frame_open(buffer_slice(&bytes), &frame));
    frame_add_part(&bytes, FRAME_REQUEST, &(struct frame_part){0});

    assert_false(frame_open(buffer_slice(&bytes), &frame));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_written_is_what_protobuf_reads),
        cmocka_unit_test(test_a_frame_comes_back_as_it_was_written),
        cmocka_unit_test(test_what_protobuf_packs_is_read),
        cmocka_unit_test(test_fields_of_a_later_version_are_passed_over),
        cmocka_unit_test(test_frames_of_another_version_or_of_none_are_not_opened),
        cmocka_unit_test(test_bytes_that_are_no_frame_are_not_opened),
        cmocka_unit_test(test_every_frame_cut_short_is_refused_or_shorter),
        cmocka_unit_test(test_a_frame_above_its_bound_is_not_opened),
        cmocka_unit_test(test_a_frame_of_too_many_parts_is_not_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
