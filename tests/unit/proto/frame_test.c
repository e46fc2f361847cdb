#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/frame.h"
#include "proto/rpc.h"

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

static struct hello hello_between(uint32_t lowest, uint32_t highest)
{
    SCOPED(buffer) bytes = {0};
    Graticule__Wire__Hello hello;
    struct hello read;
    frame_init_hello(&hello, "node-a", true);
    hello.version_lowest = lowest;
    hello.version_highest = highest;
    frame_pack(&hello.base, &bytes);
    assert_true(frame_read_hello(buffer_slice(&bytes), &read));
    return read;
}

static void test_a_hello_is_understood_when_the_versions_overlap(void **state)
{
    (void)state;
    assert_true(hello_between(RPC_VERSION_LOWEST, RPC_VERSION_HIGHEST).is_understood);
    assert_true(hello_between(0, RPC_VERSION_HIGHEST + 9).is_understood);
    assert_false(hello_between(RPC_VERSION_HIGHEST + 1, RPC_VERSION_HIGHEST + 1).is_understood);
    assert_false(hello_between(0, RPC_VERSION_LOWEST - 1).is_understood);
}

static void test_a_hello_tells_whether_it_wants_an_answer(void **state)
{
    (void)state;
    assert_true(hello_between(RPC_VERSION_LOWEST, RPC_VERSION_HIGHEST).wants_answer);
}

static void test_what_is_no_hello_is_not_read(void **state)
{
    (void)state;
    struct hello hello;
    assert_false(frame_read_hello(slice_of_text("\xff\xff"), &hello));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_packing_appends_to_what_is_there),
        cmocka_unit_test(test_a_hello_is_understood_when_the_versions_overlap),
        cmocka_unit_test(test_a_hello_tells_whether_it_wants_an_answer),
        cmocka_unit_test(test_what_is_no_hello_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
