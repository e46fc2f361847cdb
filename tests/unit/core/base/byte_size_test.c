#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/byte_size.h"

static uint64_t size_of(const char *text)
{
    uint64_t size;
    assert_int_equal(byte_size_parse(slice_of_text(text), &size), STATUS_OK);
    return size;
}

static void test_units_are_powers_of_1024(void **state)
{
    (void)state;
    assert_int_equal(size_of("0B"), 0);
    assert_int_equal(size_of("3KB"), 3072);
    assert_int_equal(size_of("64MB"), 67108864);
    assert_int_equal(size_of("2GB"), 2147483648);
    assert_int_equal(size_of("1TB"), 1099511627776);
}

static void test_what_is_not_a_size_is_refused(void **state)
{
    (void)state;
    const char *wrong[] = {"", "MB", "64", "64 MB", "64mb", "64M", "-1MB", "0x1B", "1.5GB"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint64_t size = 42;
        assert_int_equal(byte_size_parse(slice_of_text(wrong[i]), &size), STATUS_INVALID);
        assert_int_equal(size, 42);
    }
}

static void test_a_size_beyond_64_bits_is_too_large(void **state)
{
    (void)state;
    uint64_t size;
    assert_int_equal(byte_size_parse(slice_of_text("16777216TB"), &size), STATUS_TOO_LARGE);
    assert_int_equal(byte_size_parse(slice_of_text("16777215TB"), &size), STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units_are_powers_of_1024),
        cmocka_unit_test(test_what_is_not_a_size_is_refused),
        cmocka_unit_test(test_a_size_beyond_64_bits_is_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
