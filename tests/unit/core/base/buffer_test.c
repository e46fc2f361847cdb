#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/buffer.h"
#include "core/base/byte_order.h"

static void test_integers_go_out_big_endian(void **state)
{
    (void)state;
    static const uint8_t wanted[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
                                     0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f};
    SCOPED(buffer) buffer = {0};
    buffer_append_u8(&buffer, 0x01);
    buffer_append_u16(&buffer, 0x0203);
    buffer_append_u32(&buffer, 0x04050607);
    buffer_append_u64(&buffer, 0x08090a0b0c0d0e0f);
    assert_int_equal(buffer.size, sizeof wanted);
    assert_memory_equal(buffer.bytes, wanted, sizeof wanted);
}

static void assert_varint(uint64_t value, const char *bytes, size_t size)
{
    SCOPED(buffer) buffer = {0};
    buffer_append_varint(&buffer, value);
    assert_true(slice_is_equal(buffer_slice(&buffer), slice_of(bytes, size)));
}

static void test_varints_take_seven_bits_a_byte(void **state)
{
    (void)state;
    assert_varint(0, "\x00", 1);
    assert_varint(0x7f, "\x7f", 1);
    assert_varint(0x80, "\x80\x01", 2);
    assert_varint(300, "\xac\x02", 2);
    assert_varint(UINT64_MAX, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", VARINT_SIZE_MAX);
}

static void test_a_size_goes_before_sized_bytes(void **state)
{
    (void)state;
    SCOPED(buffer) buffer = {0};
    buffer_append_sized(&buffer, slice_of_text("ab"));
    buffer_append_sized(&buffer, (struct slice){0});
    assert_true(slice_is_equal(buffer_slice(&buffer), slice_of("\x02"
                                                               "ab\x00",
                                                               4)));
}

static void test_formatted_text_is_appended_without_its_end(void **state)
{
    (void)state;
    SCOPED(buffer) buffer = {0};
    buffer_append_text(&buffer, "a=");
    buffer_append_format(&buffer, "%d %0200d", -1, 2);
    buffer_append_text(&buffer, ";");
    assert_int_equal(buffer.size, 2 + 3 + 200 + 1);
    assert_memory_equal(buffer.bytes, "a=-1 000", 8);
    assert_memory_equal(buffer.bytes + 203, "02;", 3);
}

static void test_a_buffer_grows_and_keeps_what_it_has(void **state)
{
    (void)state;
    SCOPED(buffer) buffer = {0};
    for (uint32_t i = 0; i < 100000; i++)
        buffer_append_u32(&buffer, i);
    assert_int_equal(buffer.size, 400000);
    for (uint32_t i = 0; i < 100000; i++)
        assert_int_equal(byte_order_get_u32(buffer.bytes + 4 * i), i);
}

static void test_room_may_be_reserved_and_left_unused(void **state)
{
    (void)state;
    SCOPED(buffer) buffer = {0};
    assert_non_null(buffer_reserve(&buffer, 0));
    buffer_append_text(&buffer, "ab");
    memset(buffer_reserve(&buffer, 1000), 0xff, 1000);
    assert_true(slice_is_text(buffer_slice(&buffer), "ab"));
}

static void test_a_cleared_buffer_is_empty_and_keeps_its_memory(void **state)
{
    (void)state;
    SCOPED(buffer) buffer = {0};
    buffer_append_text(&buffer, "ab");
    const uint8_t *bytes = buffer.bytes;
    buffer_clear(&buffer);
    assert_int_equal(buffer.size, 0);
    buffer_append_text(&buffer, "c");
    assert_ptr_equal(buffer.bytes, bytes);
    assert_true(slice_is_text(buffer_slice(&buffer), "c"));
}

static void test_a_deinitialised_buffer_may_be_used_again(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer);
    buffer_append_text(&buffer, "ab");
    buffer_deinit(&buffer);
    assert_int_equal(buffer.size, 0);
    buffer_append_text(&buffer, "c");
    assert_true(slice_is_text(buffer_slice(&buffer), "c"));
    buffer_deinit(&buffer);
    buffer_deinit(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integers_go_out_big_endian),
        cmocka_unit_test(test_varints_take_seven_bits_a_byte),
        cmocka_unit_test(test_a_size_goes_before_sized_bytes),
        cmocka_unit_test(test_formatted_text_is_appended_without_its_end),
        cmocka_unit_test(test_a_buffer_grows_and_keeps_what_it_has),
        cmocka_unit_test(test_room_may_be_reserved_and_left_unused),
        cmocka_unit_test(test_a_cleared_buffer_is_empty_and_keeps_its_memory),
        cmocka_unit_test(test_a_deinitialised_buffer_may_be_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
