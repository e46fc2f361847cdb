#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/duration.h"

static uint64_t us_of(const char *text)
{
    uint64_t us;
    assert_int_equal(duration_parse(slice_of_text(text), &us), STATUS_OK);
    return us;
}

static void test_every_unit_counts_in_microseconds(void **state)
{
    (void)state;
    assert_int_equal(us_of("7us"), 7);
    assert_int_equal(us_of("80ms"), 80000);
    assert_int_equal(us_of("1s"), 1000000);
    assert_int_equal(us_of("10m"), 600000000);
    assert_int_equal(us_of("24h"), 86400000000);
    assert_int_equal(us_of("2d"), 172800000000);
    assert_int_equal(us_of("0s"), 0);
}

static void test_what_is_not_a_duration_is_refused_and_gives_nothing(void **state)
{
    (void)state;
    const char *wrong[] = {"",    "s",   "5",    "5 s", " 5s",  "5s ",
                           "-5s", "+5s", "1.5s", "5S",  "5sec", "5s5"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint64_t us = 42;
        assert_int_equal(duration_parse(slice_of_text(wrong[i]), &us), STATUS_INVALID);
        assert_int_equal(us, 42);
    }
}

static void test_a_duration_beyond_64_bits_is_too_large(void **state)
{
    (void)state;
    uint64_t us;
    assert_true(us_of("18446744073709551615us") == UINT64_MAX);
    assert_int_equal(duration_parse(slice_of_text("18446744073709551616us"), &us),
                     STATUS_TOO_LARGE);
    assert_int_equal(duration_parse(slice_of_text("18446744073709552ms"), &us), STATUS_TOO_LARGE);
    assert_int_equal(duration_parse(slice_of_text("99999999999999999999999d"), &us),
                     STATUS_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_unit_counts_in_microseconds),
        cmocka_unit_test(test_what_is_not_a_duration_is_refused_and_gives_nothing),
        cmocka_unit_test(test_a_duration_beyond_64_bits_is_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
