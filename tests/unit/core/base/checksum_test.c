#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The source itself: only one of its two ways is reachable on any one machine. */
#include "core/base/checksum.c"
#include "tests/unit/seed.h"

static void test_checksums_are_those_of_the_standard(void **state)
{
    (void)state;
    /* RFC 3720, appendix B.4. */
    uint8_t bytes[32] = {0};
    assert_int_equal(checksum_extend(0, slice_of_text("123456789")), 0xe3069283);
    assert_int_equal(checksum_extend(0, slice_of(bytes, 32)), 0x8a9136aa);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(checksum_extend(0, slice_of(bytes, 32)), 0x62a8ab43);
    for (uint8_t i = 0; i < 32; i++)
        bytes[i] = i;
    assert_int_equal(checksum_extend(0, slice_of(bytes, 32)), 0x46dd794e);
    for (uint8_t i = 0; i < 32; i++)
        bytes[i] = 31 - i;
    assert_int_equal(checksum_extend(0, slice_of(bytes, 32)), 0x113fdb5c);
}

static void test_the_checksum_of_nothing_is_zero(void **state)
{
    (void)state;
    assert_int_equal(checksum_extend(0, (struct slice){0}), 0);
    assert_int_equal(checksum_extend(0x12345678, (struct slice){0}), 0x12345678);
}

static void test_a_checksum_may_be_taken_in_pieces(void **state)
{
    (void)state;
    struct random random = random_of_test();
    uint8_t bytes[200];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)random_next(&random);
    uint32_t whole = checksum_extend(0, slice_of(bytes, sizeof bytes));
    for (size_t cut = 0; cut <= sizeof bytes; cut++) {
        uint32_t first = checksum_extend(0, slice_of(bytes, cut));
        assert_int_equal(checksum_extend(first, slice_of(bytes + cut, sizeof bytes - cut)), whole);
    }
}

/* One bit at a time, as the polynomial is divided on paper. */
static uint32_t extend_by_bits(uint32_t value, const uint8_t *at, size_t size)
{
    for (; size > 0; at++, size--) {
        value ^= *at;
        for (int bit = 0; bit < 8; bit++)
            value = value >> 1 ^ ((value & 1) != 0 ? 0x82f63b78u : 0);
    }
    return value;
}

static void test_both_ways_agree_with_the_definition(void **state)
{
    (void)state;
    struct random random = random_of_test();
    uint8_t bytes[300];
    for (int i = 0; i < 2000; i++) {
        size_t first = random_below(&random, 16);
        size_t size = random_below(&random, sizeof bytes - first);
        for (size_t at = first; at < first + size; at++)
            bytes[at] = (uint8_t)random_next(&random);
        uint32_t value = (uint32_t)random_next(&random);
        uint32_t wanted = extend_by_bits(value, bytes + first, size);
        assert_int_equal(extend_by_tables(value, bytes + first, size), wanted);
        assert_int_equal(~checksum_extend(~value, slice_of(bytes + first, size)), wanted);
    }
}

static void test_every_flipped_bit_changes_the_checksum(void **state)
{
    (void)state;
    uint8_t bytes[64] = "what the disk gave back";
    uint32_t checksum = checksum_extend(0, slice_of(bytes, sizeof bytes));
    for (size_t bit = 0; bit < sizeof bytes * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_not_equal(checksum_extend(0, slice_of(bytes, sizeof bytes)), checksum);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_checksums_are_those_of_the_standard),
        cmocka_unit_test(test_the_checksum_of_nothing_is_zero),
        cmocka_unit_test(test_a_checksum_may_be_taken_in_pieces),
        cmocka_unit_test(test_both_ways_agree_with_the_definition),
        cmocka_unit_test(test_every_flipped_bit_changes_the_checksum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
