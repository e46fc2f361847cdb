#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/buffer.h"
#include "core/model/number.h"
#include "tests/unit/core/model/number_fixture.h"
#include "tests/unit/seed.h"

enum { ROUNDS = 20000 };

static enum number_fault fault_of(const char *text)
{
    struct number number;
    return number_parse(slice_of_text(text), &number);
}

static void assert_prints(struct number number, const char *text)
{
    char printed[NUMBER_TEXT_SIZE_MAX + 1];
    printed[number_print(number, printed)] = '\0';
    assert_string_equal(printed, text);
}

/* The text has `zeros` noughts where it says '*'. */
static struct number number_of_long_text(const char *text, size_t zeros)
{
    SCOPED(buffer) long_text = {0};
    for (; *text != '\0'; text++) {
        if (*text != '*') {
            buffer_append_u8(&long_text, (uint8_t)*text);
            continue;
        }
        memset(buffer_reserve(&long_text, zeros), '0', zeros);
        long_text.size += zeros;
    }
    struct number number;
    assert_int_equal(number_parse(buffer_slice(&long_text), &number), NUMBER_FAULT_NONE);
    return number;
}

/* A number that differs little from the other: in sign, place, or the last digits. */
static struct number random_neighbour(struct random *random, struct number number)
{
    struct number other = random_number(random);
    struct number difference = {.digits = 1, .exponent = number.exponent};
    switch (random_below(random, 4)) {
    case 0:
        return number_subtract((struct number){0}, number, &other) == 0 ? other : number;
    case 1:
        return number_add(number, difference, &other) == 0 ? other : number;
    case 2:
        difference.exponent -= 1 + (int)random_below(random, 3);
        return number_subtract(number, difference, &other) == 0 ? other : number;
    default:
        return other;
    }
}

static void test_text_is_read_with_sign_point_and_exponent(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *printed;
    } cases[] = {
        {"0", "0"},
        {"7", "7"},
        {"+7", "7"},
        {"-7", "-7"},
        {"0042.1200", "42.12"},
        {".5", "0.5"},
        {"5.", "5"},
        {"-.5e1", "-5"},
        {"5.E-1", "0.5"},
        {"1e3", "1000"},
        {"1E+3", "1000"},
        {"1200E-2", "12"},
        {"1.0E0000000000000000000000000", "1"},
        {"0.000001", "0.000001"},
        {"100", "100"},
        {"100.001", "100.001"},
        {"123456789012345678901234567890", "123456789012345678901234567890"},
        {NINES_38, NINES_38},
        {"-0.00" NINES_38, "-0.00" NINES_38},
        {NINES_38 "00.000", NINES_38 "00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_prints(number_of(cases[i].text), cases[i].printed);
}

static void test_what_is_not_a_number_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",    "-",        "+",   ".",   "-.",    "e5",    ".e5",   "1e",   "1e+",
        "1e-", "--1",      "+-1", "1..", "1.2.3", " 1",    "1 ",    "\t1",  "1\n",
        "0x1", "1f",       "NaN", "inf", "1e5.",  "1e5e5", "1_0",   "1,0",  "1e 5",
        "٣",   "Infinity", "1-",  "e",   "E",     "-e1",   "1e+-1", "1e1-",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(fault_of(texts[i]), NUMBER_FAULT_NOT_A_NUMBER);
    struct number number;
    assert_int_equal(number_parse(slice_of("1\0", 2), &number), NUMBER_FAULT_NOT_A_NUMBER);
    assert_int_equal(number_parse((struct slice){0}, &number), NUMBER_FAULT_NOT_A_NUMBER);
}

static void test_a_refused_text_leaves_the_output_alone(void **state)
{
    (void)state;
    struct number number = number_of("12");

    assert_int_equal(number_parse(slice_of_text("1E126"), &number), NUMBER_FAULT_OVERFLOW);

    assert_true(are_same(number, number_of("12")));
}

static void test_the_range_ends_where_it_should(void **state)
{
    (void)state;
    assert_int_equal(fault_of("1E125"), NUMBER_FAULT_NONE);
    assert_int_equal(fault_of("-9." NINES_19 "999999999999999999E125"), NUMBER_FAULT_NONE);
    assert_int_equal(fault_of("1E126"), NUMBER_FAULT_OVERFLOW);
    assert_int_equal(fault_of("-1E126"), NUMBER_FAULT_OVERFLOW);
    assert_int_equal(fault_of("10E125"), NUMBER_FAULT_OVERFLOW);
    assert_int_equal(fault_of("0.1E126"), NUMBER_FAULT_NONE);
    assert_int_equal(fault_of("1E-130"), NUMBER_FAULT_NONE);
    assert_int_equal(fault_of("10E-131"), NUMBER_FAULT_NONE);
    assert_int_equal(fault_of("9.9E-131"), NUMBER_FAULT_UNDERFLOW);
    assert_int_equal(fault_of("-0.1E-130"), NUMBER_FAULT_UNDERFLOW);
    assert_int_equal(fault_of("1E99999999999999999999999999"), NUMBER_FAULT_OVERFLOW);
    assert_int_equal(fault_of("1E-99999999999999999999999999"), NUMBER_FAULT_UNDERFLOW);
    assert_int_equal(fault_of("1E9223372036854775807"), NUMBER_FAULT_OVERFLOW);
    assert_int_equal(fault_of("1E18446744073709551616"), NUMBER_FAULT_OVERFLOW);
    assert_int_equal(fault_of("1E4294967296"), NUMBER_FAULT_OVERFLOW);
}

static void test_a_thirty_ninth_significant_digit_is_refused(void **state)
{
    (void)state;
    assert_int_equal(fault_of(NINES_38 "1"), NUMBER_FAULT_DIGITS);
    assert_int_equal(fault_of(NINES_38 ".1"), NUMBER_FAULT_DIGITS);
    assert_int_equal(fault_of("-1" NINES_38 "E-130"), NUMBER_FAULT_DIGITS);
    assert_int_equal(fault_of("1.00000000000000000000000000000000000001"), NUMBER_FAULT_DIGITS);
    assert_int_equal(fault_of("1.0000000000000000000000000000000000001"), NUMBER_FAULT_NONE);
    assert_int_equal(fault_of(NINES_38 "1E126"), NUMBER_FAULT_OVERFLOW);
}

static void test_zero_is_one_number_however_it_is_written(void **state)
{
    (void)state;
    static const char *const texts[] = {"-0",   "+0", "0.000", "000", ".0", "0E999999999999",
                                        "-0e-9"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_true(are_same(number_of(texts[i]), (struct number){0}));
}

static void test_megabytes_of_zeros_are_read(void **state)
{
    (void)state;
    const size_t zeros = 4000000;
    assert_true(are_same(number_of_long_text("-*12", zeros), number_of("-12")));
    assert_true(are_same(number_of_long_text("1*E-4000000", zeros), number_of("1")));
    assert_true(are_same(number_of_long_text("0.*1E4000001", zeros), number_of("1")));
    assert_true(are_same(number_of_long_text("1.*", zeros), number_of("1")));
    assert_true(are_same(number_of_long_text("1E*5", zeros), number_of("100000")));
    assert_true(are_same(number_of_long_text("0E1*", zeros), number_of("0")));
}

static void test_numbers_are_printed_without_an_exponent(void **state)
{
    (void)state;
    char text[NUMBER_TEXT_SIZE_MAX];
    assert_int_equal(number_print(number_of("1E125"), text), 126);
    assert_memory_equal(text, "1000", 4);
    assert_int_equal(number_print(number_of("-1E-130"), text), 133);
    assert_memory_equal(text, "-0.0000", 7);
    assert_int_equal(text[132], '1');
}

static void test_the_longest_text_fills_the_size_that_is_promised(void **state)
{
    (void)state;
    char text[NUMBER_TEXT_SIZE_MAX];
    struct number longest = number_of("-9." NINES_19 "999999999999999999E-130");
    assert_int_equal(number_print(longest, text), NUMBER_TEXT_SIZE_MAX);
}

static void test_printing_and_parsing_undo_each_other(void **state)
{
    (void)state;
    struct random random = random_of_test();
    for (int i = 0; i < ROUNDS; i++) {
        struct number number = random_number(&random);
        struct number parsed;
        char text[NUMBER_TEXT_SIZE_MAX];
        size_t size = number_print(number, text);
        assert_int_equal(number_parse(slice_of(text, size), &parsed), NUMBER_FAULT_NONE);
        assert_true(are_same(number, parsed));
    }
}

static void test_numbers_compare_by_value(void **state)
{
    (void)state;
    static const char *const ascending[] = {
        "-9.9E125", "-1E125", "-1000",  "-999.9",  "-100",  "-99",    "-10",   "-9.5",
        "-9",       "-0.1",   "-0.01",  "-1E-130", "0",     "1E-130", "0.009", "0.01",
        "0.1",      "0.11",   "0.2",    "1",       "1.01",  "1.1",    "9",     "10",
        "11",       NINES_19, NINES_38, "1E38",    "1E125",
    };
    size_t count = sizeof ascending / sizeof *ascending;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) {
            int order = number_compare(number_of(ascending[i]), number_of(ascending[j]));
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
}

static void assert_adds(const char *left, const char *right, const char *sum)
{
    struct number result;
    assert_int_equal(number_add(number_of(left), number_of(right), &result), NUMBER_FAULT_NONE);
    assert_prints(result, sum);
    assert_int_equal(number_add(number_of(right), number_of(left), &result), NUMBER_FAULT_NONE);
    assert_prints(result, sum);
}

static void test_sums_are_exact(void **state)
{
    (void)state;
    assert_adds("0", "0", "0");
    assert_adds("0", "-5", "-5");
    assert_adds("0.1", "0.2", "0.3");
    assert_adds("999", "1", "1000");
    assert_adds("-1", "1", "0");
    assert_adds("-3", "1", "-2");
    assert_adds("0.5", "-0.25", "0.25");
    assert_adds("1E37", "1", "10000000000000000000000000000000000001");
    assert_adds("1E38", "-1", NINES_38);
    assert_adds("-1E38", "1", "-" NINES_38);
    assert_adds(NINES_38, "1", "100000000000000000000000000000000000000");
    assert_adds("99999999999999999999999999999999999999E-2", "0.01",
                "1000000000000000000000000000000000000");
}

static void test_a_sum_that_needs_more_than_38_digits_is_refused(void **state)
{
    (void)state;
    struct number sum;
    struct number one = number_of("1");
    assert_int_equal(number_add(number_of("1E38"), one, &sum), NUMBER_FAULT_DIGITS);
    assert_int_equal(number_subtract(number_of("2E38"), one, &sum), NUMBER_FAULT_DIGITS);
    assert_int_equal(number_add(number_of("29E37"), number_of(NINES_38), &sum),
                     NUMBER_FAULT_DIGITS);
    assert_int_equal(number_subtract(number_of("1E39"), one, &sum), NUMBER_FAULT_DIGITS);
    assert_int_equal(number_add(number_of("9E125"), number_of("-1E-130"), &sum),
                     NUMBER_FAULT_DIGITS);
    assert_int_equal(number_add(number_of(NINES_38), number_of("2"), &sum), NUMBER_FAULT_DIGITS);
    assert_int_equal(number_add(number_of(NINES_38), number_of(NINES_38), &sum),
                     NUMBER_FAULT_DIGITS);
}

static void test_a_sum_out_of_range_is_refused(void **state)
{
    (void)state;
    struct number sum;
    struct number large = number_of("5E125");
    struct number small = number_of("1.1E-130");
    assert_int_equal(number_add(large, large, &sum), NUMBER_FAULT_OVERFLOW);
    assert_int_equal(number_subtract(number_of("-5E125"), large, &sum), NUMBER_FAULT_OVERFLOW);
    assert_int_equal(number_subtract(small, number_of("1E-130"), &sum), NUMBER_FAULT_UNDERFLOW);
}

static void test_a_difference_of_equals_is_zero_and_not_negative(void **state)
{
    (void)state;
    struct number difference;
    assert_int_equal(number_subtract(number_of("-2.5"), number_of("-2.5"), &difference),
                     NUMBER_FAULT_NONE);
    assert_true(are_same(difference, (struct number){0}));
    assert_int_equal(number_subtract(number_of("3"), number_of("0"), &difference),
                     NUMBER_FAULT_NONE);
    assert_true(are_same(difference, number_of("3")));
}

static void test_adding_and_subtracting_undo_each_other(void **state)
{
    (void)state;
    struct random random = random_of_test();
    int added_count = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct number left = random_number(&random);
        struct number right = random_neighbour(&random, left);
        struct number sum, sum_back, difference;
        enum number_fault fault = number_add(left, right, &sum);
        assert_int_equal(number_add(right, left, &sum_back), fault);
        if (fault != NUMBER_FAULT_NONE)
            continue;
        added_count++;
        assert_true(are_same(sum, sum_back));
        assert_int_equal(number_subtract(sum, right, &difference), NUMBER_FAULT_NONE);
        assert_true(are_same(difference, left));
        assert_int_equal(number_compare(sum, left), number_compare(right, (struct number){0}));
    }
    assert_true(added_count > ROUNDS / 10);
}

/* As the integers of the language add, with an exponent that both share. */
static void test_sums_are_those_of_integers(void **state)
{
    (void)state;
    struct random random = random_of_test();
    for (int i = 0; i < ROUNDS; i++) {
        int64_t left = (int64_t)random_next(&random) >> 2 >> random_below(&random, 60);
        int64_t right = (int64_t)random_next(&random) >> 2 >> random_below(&random, 60);
        int exponent = (int)random_below(&random, 200) - 100;
        char texts[3][40];
        snprintf(texts[0], sizeof texts[0], "%lldE%d", (long long)left, exponent);
        snprintf(texts[1], sizeof texts[1], "%lldE%d", (long long)right, exponent);
        snprintf(texts[2], sizeof texts[2], "%lldE%d", (long long)(left + right), exponent);
        struct number sum;
        assert_int_equal(number_add(number_of(texts[0]), number_of(texts[1]), &sum),
                         NUMBER_FAULT_NONE);
        assert_true(are_same(sum, number_of(texts[2])));
        assert_int_equal(number_compare(number_of(texts[0]), number_of(texts[1])),
                         (left > right) - (left < right));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_read_with_sign_point_and_exponent),
        cmocka_unit_test(test_what_is_not_a_number_is_refused),
        cmocka_unit_test(test_a_refused_text_leaves_the_output_alone),
        cmocka_unit_test(test_the_range_ends_where_it_should),
        cmocka_unit_test(test_a_thirty_ninth_significant_digit_is_refused),
        cmocka_unit_test(test_zero_is_one_number_however_it_is_written),
        cmocka_unit_test(test_megabytes_of_zeros_are_read),
        cmocka_unit_test(test_numbers_are_printed_without_an_exponent),
        cmocka_unit_test(test_the_longest_text_fills_the_size_that_is_promised),
        cmocka_unit_test(test_printing_and_parsing_undo_each_other),
        cmocka_unit_test(test_numbers_compare_by_value),
        cmocka_unit_test(test_sums_are_exact),
        cmocka_unit_test(test_a_sum_that_needs_more_than_38_digits_is_refused),
        cmocka_unit_test(test_a_sum_out_of_range_is_refused),
        cmocka_unit_test(test_a_difference_of_equals_is_zero_and_not_negative),
        cmocka_unit_test(test_adding_and_subtracting_undo_each_other),
        cmocka_unit_test(test_sums_are_those_of_integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
