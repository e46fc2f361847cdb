#include "core/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool is_valid(const char *text)
{
    return utf8_is_valid(slice_of_text(text));
}

static void test_characters_of_every_size_are_valid(void **state)
{
    (void)state;
    assert_true(is_valid(""));
    assert_true(is_valid("plain text that is longer than one step of the fast path"));
    assert_true(is_valid("\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80"));
    assert_true(is_valid("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"));
    assert_true(utf8_is_valid(slice_of("a\0b", 3)));
}

static void test_overlong_forms_are_invalid(void **state)
{
    (void)state;
    assert_false(is_valid("\xc0\x80"));
    assert_false(is_valid("\xc1\xbf"));
    assert_false(is_valid("\xe0\x9f\xbf"));
    assert_false(is_valid("\xf0\x8f\xbf\xbf"));
}

static void test_surrogates_and_what_lies_above_unicode_are_invalid(void **state)
{
    (void)state;
    assert_false(is_valid("\xed\xa0\x80"));
    assert_false(is_valid("\xed\xbf\xbf"));
    assert_false(is_valid("\xf4\x90\x80\x80"));
    assert_false(is_valid("\xf5\x80\x80\x80"));
    assert_false(is_valid("\xff"));
}

static void test_stray_and_missing_continuations_are_invalid(void **state)
{
    (void)state;
    assert_false(is_valid("\x80"));
    assert_false(is_valid("a\xbf"));
    assert_false(is_valid("\xc3"));
    assert_false(is_valid("\xe2\x82"));
    assert_false(is_valid("\xe2\x82z"));
    assert_false(is_valid("\xf0\x9f\x98"));
}

static void test_a_fault_is_found_wherever_it_stands(void **state)
{
    (void)state;
    for (size_t size = 1; size < 70; size++)
        for (size_t at = 0; at < size; at++) {
            uint8_t text[70];
            memset(text, 'x', sizeof text);
            assert_true(utf8_is_valid(slice_of(text, size)));
            text[at] = 0x80;
            assert_false(utf8_is_valid(slice_of(text, size)));
        }
}

static void test_a_prefix_cuts_no_character(void **state)
{
    (void)state;
    struct slice text = slice_of_text("a\xe2\x82\xac");

    assert_int_equal(utf8_prefix(text, 4).size, 4);
    assert_int_equal(utf8_prefix(text, 9).size, 4);
    assert_int_equal(utf8_prefix(text, 3).size, 1);
    assert_int_equal(utf8_prefix(text, 2).size, 1);
    assert_int_equal(utf8_prefix(text, 1).size, 1);
    assert_int_equal(utf8_prefix(text, 0).size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_characters_of_every_size_are_valid),
        cmocka_unit_test(test_overlong_forms_are_invalid),
        cmocka_unit_test(test_surrogates_and_what_lies_above_unicode_are_invalid),
        cmocka_unit_test(test_stray_and_missing_continuations_are_invalid),
        cmocka_unit_test(test_a_fault_is_found_wherever_it_stands),
        cmocka_unit_test(test_a_prefix_cuts_no_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
