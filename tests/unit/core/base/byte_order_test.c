#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/buffer.h"
#include "core/base/byte_order.h"
#include "tests/unit/seed.h"

static struct byte_reader reader_of(const char *bytes, size_t size)
{
    return byte_reader_of(slice_of(bytes, size));
}

static void test_integers_are_put_and_got_big_endian(void **state)
{
    (void)state;
    uint8_t bytes[8];
    byte_order_put_u16(bytes, 0xfedc);
    assert_memory_equal(bytes, "\xfe\xdc", 2);
    assert_int_equal(byte_order_get_u16(bytes), 0xfedc);
    byte_order_put_u32(bytes, 0xfedcba98);
    assert_memory_equal(bytes, "\xfe\xdc\xba\x98", 4);
    assert_int_equal(byte_order_get_u32(bytes), 0xfedcba98);
    byte_order_put_u64(bytes, 0xfedcba9876543210);
    assert_memory_equal(bytes, "\xfe\xdc\xba\x98\x76\x54\x32\x10", 8);
    assert_true(byte_order_get_u64(bytes) == 0xfedcba9876543210);
}

static void test_a_structure_is_read_front_to_back(void **state)
{
    (void)state;
    struct byte_reader reader =
        reader_of("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\xac\x02\x01z", 19);
    assert_int_equal(byte_reader_u8(&reader), 0x01);
    assert_int_equal(byte_reader_u16(&reader), 0x0203);
    assert_int_equal(byte_reader_u32(&reader), 0x04050607);
    assert_true(byte_reader_u64(&reader) == 0x08090a0b0c0d0e0f);
    assert_int_equal(byte_reader_varint(&reader), 300);
    assert_false(byte_reader_is_done(&reader));
    assert_true(slice_is_text(byte_reader_sized(&reader), "z"));
    assert_true(byte_reader_is_done(&reader));
}

static void test_what_does_not_fit_reads_as_zero_and_fails(void **state)
{
    (void)state;
    struct byte_reader reader = reader_of("\x01\x02\x03", 3);
    assert_int_equal(byte_reader_u32(&reader), 0);
    assert_true(reader.has_failed);
    assert_false(byte_reader_is_done(&reader));
}

static void test_a_failure_stays(void **state)
{
    (void)state;
    struct byte_reader reader = reader_of("\x05"
                                          "ab",
                                          3);
    assert_int_equal(byte_reader_sized(&reader).size, 0);
    assert_true(reader.has_failed);
    assert_int_equal(byte_reader_u8(&reader), 0);
    assert_int_equal(byte_reader_varint(&reader), 0);
    assert_int_equal(byte_reader_bytes(&reader, 0).size, 0);
    assert_true(reader.has_failed);
}

static void test_a_size_beyond_all_memory_fails(void **state)
{
    (void)state;
    struct byte_reader reader = reader_of("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01z", 11);
    assert_int_equal(byte_reader_sized(&reader).size, 0);
    assert_true(reader.has_failed);
}

static void test_nothing_can_be_read_from_nothing(void **state)
{
    (void)state;
    struct byte_reader reader = byte_reader_of((struct slice){0});
    assert_int_equal(byte_reader_bytes(&reader, 0).size, 0);
    assert_true(byte_reader_is_done(&reader));
    assert_int_equal(byte_reader_u8(&reader), 0);
    assert_true(reader.has_failed);
}

static void assert_varint_is_refused(const char *bytes, size_t size)
{
    struct byte_reader reader = reader_of(bytes, size);
    assert_int_equal(byte_reader_varint(&reader), 0);
    assert_true(reader.has_failed);
}

static void test_varints_that_are_cut_padded_or_too_large_are_refused(void **state)
{
    (void)state;
    assert_varint_is_refused("", 0);
    assert_varint_is_refused("\x80", 1);
    assert_varint_is_refused("\xff\xff", 2);
    assert_varint_is_refused("\x80\x00", 2);
    assert_varint_is_refused("\xff\x80\x00", 3);
    assert_varint_is_refused("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10);
    assert_varint_is_refused("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81\x01", 11);
    assert_varint_is_refused("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 10);
}

static void test_varints_come_back_as_they_were_appended(void **state)
{
    (void)state;
    struct random random = random_of_test();
    SCOPED(buffer) buffer = {0};
    for (int i = 0; i < 10000; i++) {
        uint64_t value = random_next(&random) >> random_below(&random, 64);
        buffer_clear(&buffer);
        buffer_append_varint(&buffer, value);
        struct byte_reader reader = byte_reader_of(buffer_slice(&buffer));
        assert_true(byte_reader_varint(&reader) == value);
        assert_true(byte_reader_is_done(&reader));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integers_are_put_and_got_big_endian),
        cmocka_unit_test(test_a_structure_is_read_front_to_back),
        cmocka_unit_test(test_what_does_not_fit_reads_as_zero_and_fails),
        cmocka_unit_test(test_a_failure_stays),
        cmocka_unit_test(test_a_size_beyond_all_memory_fails),
        cmocka_unit_test(test_nothing_can_be_read_from_nothing),
        cmocka_unit_test(test_varints_that_are_cut_padded_or_too_large_are_refused),
        cmocka_unit_test(test_varints_come_back_as_they_were_appended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
