#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/byte_order.h"
#include "core/model/number.h"
#include "tests/unit/core/model/number_fixture.h"
#include "tests/unit/seed.h"

enum { ROUNDS = 20000 };

/* The number, or one that agrees with it in all but its last digits. */
static struct number random_neighbour(struct random *random, struct number number)
{
    struct number step = {.digits = 1 + random_below(random, 9),
                          .exponent = number.exponent - 1 + (int)random_below(random, 3),
                          .is_negative = random_one_in(random, 2)};
    struct number other;
    return number_add(number, step, &other) == NUMBER_FAULT_NONE ? other : number;
}

static int key_compare(struct number left, struct number right)
{
    uint8_t left_key[NUMBER_KEY_SIZE_MAX];
    uint8_t right_key[NUMBER_KEY_SIZE_MAX];
    size_t left_size = number_key_encode(left, left_key);
    size_t right_size = number_key_encode(right, right_key);
    return slice_compare(slice_of(left_key, left_size), slice_of(right_key, right_size));
}

/* Decoding either refuses the bytes, or its number encodes to just the bytes that it took. */
static bool is_refused_or_canonical(struct slice bytes)
{
    struct number number;
    size_t size;
    if (number_key_decode(bytes, &number, &size) != STATUS_OK)
        return true;
    uint8_t key[NUMBER_KEY_SIZE_MAX];
    return size <= bytes.size && slice_is_equal(slice_of(bytes.bytes, size),
                                                slice_of(key, number_key_encode(number, key)));
}

static void test_keys_are_as_the_format_describes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *key;
        size_t size;
    } cases[] = {
        {"-10", "\x3e\xeb", 2},   {"-1", "\x3e\xfd", 2},       {"-1E-130", "\x7f\xfd", 2},
        {"0", "\x80\x00", 2},     {"1E-130", "\x80\x02", 2},   {"0.5", "\xc0\x64", 2},
        {"1", "\xc1\x02", 2},     {"12.5", "\xc1\x19\x64", 3}, {"100", "\xc2\x02", 2},
        {"9E125", "\xff\xb4", 2}, {"-9E125", "\x00\x4b", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t key[NUMBER_KEY_SIZE_MAX];
        assert_int_equal(number_key_encode(number_of(cases[i].text), key), cases[i].size);
        assert_memory_equal(key, cases[i].key, cases[i].size);
    }
}

static void test_keys_sort_as_numbers_do(void **state)
{
    (void)state;
    struct random random = random_of_test();
    for (int i = 0; i < ROUNDS; i++) {
        struct number left = random_number(&random);
        struct number right =
            random_one_in(&random, 2) ? random_number(&random) : random_neighbour(&random, left);
        int order = key_compare(left, right);
        assert_int_equal((order > 0) - (order < 0), number_compare(left, right));
    }
}

static void test_what_follows_a_number_does_not_change_its_order(void **state)
{
    (void)state;
    struct random random = random_of_test();
    for (int i = 0; i < ROUNDS; i++) {
        struct number left = random_number(&random);
        struct number right = random_neighbour(&random, left);
        uint8_t left_key[NUMBER_KEY_SIZE_MAX + 1];
        uint8_t right_key[NUMBER_KEY_SIZE_MAX + 1];
        size_t left_size = number_key_encode(left, left_key);
        size_t right_size = number_key_encode(right, right_key);
        if (number_compare(left, right) == 0)
            continue;
        left_key[left_size] = 0xff;
        right_key[right_size] = 0x00;
        int order =
            slice_compare(slice_of(left_key, left_size + 1), slice_of(right_key, right_size + 1));
        assert_int_equal((order > 0) - (order < 0), number_compare(left, right));
    }
}

static void test_decoding_gives_the_number_back_and_stops_at_its_end(void **state)
{
    (void)state;
    struct random random = random_of_test();
    for (int i = 0; i < ROUNDS; i++) {
        struct number number = random_number(&random);
        uint8_t key[NUMBER_KEY_SIZE_MAX + 1];
        size_t size = number_key_encode(number, key);
        key[size] = (uint8_t)random_next(&random);
        struct number decoded;
        size_t decoded_size;
        assert_int_equal(number_key_decode(slice_of(key, size + 1), &decoded, &decoded_size),
                         STATUS_OK);
        assert_int_equal(decoded_size, size);
        assert_true(are_same(decoded, number));
    }
}

static void test_keys_cut_short_are_refused(void **state)
{
    (void)state;
    struct random random = random_of_test();
    for (int i = 0; i < ROUNDS / 10; i++) {
        uint8_t key[NUMBER_KEY_SIZE_MAX];
        size_t size = number_key_encode(random_number(&random), key);
        struct number number;
        size_t decoded_size;
        for (size_t cut = 0; cut < size; cut++)
            assert_int_equal(number_key_decode(slice_of(key, cut), &number, &decoded_size),
                             STATUS_CORRUPT);
    }
}

static void test_the_longest_keys_fill_the_size_that_is_promised(void **state)
{
    (void)state;
    uint8_t key[NUMBER_KEY_SIZE_MAX];
    struct number aligned = number_of("-12.345678901234567890123456789012345678");
    struct number unaligned = number_of("-1.2345678901234567890123456789012345678");
    assert_int_equal(number_key_encode(aligned, key), NUMBER_KEY_SIZE_MAX - 1);
    assert_int_equal(number_key_encode(unaligned, key), NUMBER_KEY_SIZE_MAX);
}

static void test_bytes_that_no_number_encodes_to_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } cases[] = {
        {"", 0},
        {"\xc1", 1},
        {"\xc1\x00", 2},         /* zero at another place */
        {"\x80\x01\x00", 3},     /* zero of two pairs */
        {"\x80\x01\x02", 3},     /* an empty first pair */
        {"\xc1\x03\x00", 3},     /* an empty last pair */
        {"\xc1\x03\x01\x00", 4}, /* two of them */
        {"\xc1\xc8", 2},         /* a pair of 100 */
        {"\xc1\xff\x02", 3},     /* one of 127 */
        {"\x7f\xff", 2},         /* a negative zero */
        {"\x3e\xff", 2},
        {"\x3e\xfc\xff", 3}, /* an empty last pair of a negative number */
        {"\x3e\x37", 2},     /* a pair of 100 of a negative number */
    };
    struct number number;
    size_t size;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(number_key_decode(slice_of(cases[i].bytes, cases[i].size), &number, &size),
                         STATUS_CORRUPT);
}

/* A head and pairs: `first`, then 11 as often as it takes, then `last`. */
static enum status decode_pairs(size_t pair_count, int first, int last)
{
    uint8_t key[64];
    key[0] = 0xc1;
    for (size_t i = 1; i <= pair_count; i++)
        key[i] = 11 << 1 | 1;
    key[1] = (uint8_t)(first << 1 | 1);
    key[pair_count] = (uint8_t)(last << 1);
    struct number number;
    size_t size;
    return number_key_decode(slice_of(key, pair_count + 1), &number, &size);
}

static void test_keys_of_more_than_38_digits_are_refused(void **state)
{
    (void)state;
    assert_int_equal(decode_pairs(19, 11, 11), STATUS_OK);
    assert_int_equal(decode_pairs(20, 1, 10), STATUS_OK);
    assert_int_equal(decode_pairs(20, 9, 90), STATUS_OK);
    assert_int_equal(decode_pairs(20, 10, 10), STATUS_CORRUPT);
    assert_int_equal(decode_pairs(20, 1, 11), STATUS_CORRUPT);
    assert_int_equal(decode_pairs(20, 99, 99), STATUS_CORRUPT);
    assert_int_equal(decode_pairs(21, 1, 10), STATUS_CORRUPT);
    assert_int_equal(decode_pairs(60, 1, 10), STATUS_CORRUPT);
}

static void test_all_short_byte_strings_are_refused_or_canonical(void **state)
{
    (void)state;
    static const uint8_t heads[] = {0x00, 0x3e, 0x7f, 0x80, 0xc1, 0xff};
    uint8_t bytes[4];
    for (uint32_t value = 0; value < 65536; value++) {
        byte_order_put_u16(bytes, (uint16_t)value);
        assert_true(is_refused_or_canonical(slice_of(bytes, 2)));
        byte_order_put_u16(bytes + 1, (uint16_t)value);
        for (size_t i = 0; i < sizeof heads; i++) {
            bytes[0] = heads[i];
            assert_true(is_refused_or_canonical(slice_of(bytes, 3)));
        }
    }
}

static void test_damaged_keys_are_refused_or_canonical(void **state)
{
    (void)state;
    struct random random = random_of_test();
    for (int i = 0; i < ROUNDS * 5; i++) {
        uint8_t key[NUMBER_KEY_SIZE_MAX + 8];
        size_t size = number_key_encode(random_number(&random), key);
        for (size_t extra = 0; extra < 8; extra++)
            key[size++] = (uint8_t)random_next(&random);
        key[random_below(&random, size)] ^= (uint8_t)(1u << random_below(&random, 8));
        key[random_below(&random, size)] = (uint8_t)random_next(&random);
        assert_true(is_refused_or_canonical(slice_of(key, size)));
    }
}

static size_t item_size_of(struct number number)
{
    uint8_t key[NUMBER_KEY_SIZE_MAX];
    return number_key_item_size(slice_of(key, number_key_encode(number, key)));
}

static void test_the_item_size_counts_pairs_of_digits_on_each_side_of_the_point(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t size;
    } cases[] = {
        {"0", 1},
        {"-0", 1},
        {"3.14159", 5},
        {"123456", 4},
        {"1E125", 2},
        {"1E-130", 2},
        {"-1", 3},
        {"1", 2},
        {"12", 2},
        {"123", 3},
        {"0.5", 2},
        {"0.05", 2},
        {"0.123", 3},
        {"1.5", 3},
        {"100.5", 4},
        {"-100.001", 6},
        {"1000", 2},
        {NINES_38, 20},
        {"0.0" NINES_38, 20},
        {"-" NINES_38, 21},
        {"9." NINES_19 "999999999999999999", 21},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(item_size_of(number_of(cases[i].text)), cases[i].size);
}

/* Two digits to a byte, those before the point and those behind it apart; one more; the sign. */
static void test_the_item_size_of_any_number_is_that_of_its_digits(void **state)
{
    (void)state;
    struct random random = random_of_test();
    for (int i = 0; i < ROUNDS; i++) {
        struct number number = random_number(&random);
        int count = 0;
        for (unsigned __int128 digits = number.digits; digits > 0; digits /= 10)
            count++;
        int fraction = number.exponent >= 0 ? 0 : -number.exponent;
        fraction = fraction < count ? fraction : count;
        int size = 1 + (count - fraction + 1) / 2 + (fraction + 1) / 2 + number.is_negative;
        assert_int_equal(item_size_of(number), number.digits == 0 ? 1 : size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_are_as_the_format_describes),
        cmocka_unit_test(test_keys_sort_as_numbers_do),
        cmocka_unit_test(test_what_follows_a_number_does_not_change_its_order),
        cmocka_unit_test(test_decoding_gives_the_number_back_and_stops_at_its_end),
        cmocka_unit_test(test_keys_cut_short_are_refused),
        cmocka_unit_test(test_the_longest_keys_fill_the_size_that_is_promised),
        cmocka_unit_test(test_bytes_that_no_number_encodes_to_are_refused),
        cmocka_unit_test(test_keys_of_more_than_38_digits_are_refused),
        cmocka_unit_test(test_all_short_byte_strings_are_refused_or_canonical),
        cmocka_unit_test(test_damaged_keys_are_refused_or_canonical),
        cmocka_unit_test(test_the_item_size_counts_pairs_of_digits_on_each_side_of_the_point),
        cmocka_unit_test(test_the_item_size_of_any_number_is_that_of_its_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
