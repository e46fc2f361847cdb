#include "core/auth/uri_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_encodes(const char *text, const char *expected)
{
    SCOPED(buffer) out;
    buffer_init(&out);
    uri_text_encode(slice_of_text(text), &out);
    assert_true(slice_is_text(buffer_slice(&out), expected));
}

static void assert_decodes(const char *text, const char *expected)
{
    SCOPED(buffer) out;
    buffer_init(&out);
    uri_text_decode(slice_of_text(text), &out);
    assert_true(slice_is_text(buffer_slice(&out), expected));
}

static void test_only_unreserved_bytes_stay_as_they_are(void **state)
{
    (void)state;

    assert_encodes("azAZ09-_.~", "azAZ09-_.~");
    assert_encodes("/ +=%", "%2F%20%2B%3D%25");
    assert_encodes("\xc3\xa9", "%C3%A9");
    assert_encodes("", "");
}

static void test_decoding_takes_digits_in_either_case_and_keeps_a_plus(void **state)
{
    (void)state;

    assert_decodes("a%2fb%2Fc+d", "a/b/c+d");
}

static void test_an_escape_that_is_none_stays(void **state)
{
    (void)state;

    assert_decodes("100%", "100%");
    assert_decodes("%2", "%2");
    assert_decodes("%g0%0g", "%g0%0g");
    assert_decodes("%%41", "%A");
}

static void test_parameters_come_in_order_and_empty_ones_are_passed_over(void **state)
{
    (void)state;
    struct slice query = slice_of_text("&a=1&&b&=c&d=e=f&");
    const char *const expected[][2] = {{"a", "1"}, {"b", ""}, {"", "c"}, {"d", "e=f"}};
    struct uri_parameter parameter;

    for (size_t index = 0; index < 4; index++) {
        assert_true(uri_text_next_parameter(&query, &parameter));
        assert_true(slice_is_text(parameter.name, expected[index][0]));
        assert_true(slice_is_text(parameter.value, expected[index][1]));
    }
    assert_false(uri_text_next_parameter(&query, &parameter));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_unreserved_bytes_stay_as_they_are),
        cmocka_unit_test(test_decoding_takes_digits_in_either_case_and_keeps_a_plus),
        cmocka_unit_test(test_an_escape_that_is_none_stays),
        cmocka_unit_test(test_parameters_come_in_order_and_empty_ones_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
