#include "core/auth/request_time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_a_time_is_read_and_written_alike(void **state)
{
    (void)state;
    const struct {
        const char *text;
        int64_t seconds;
    } times[] = {
        {"19700101T000000Z", 0},
        {"20150830T123600Z", 1440938160},
        {"20000229T235959Z", 951868799},
        {"19000301T000000Z", -2203891200},
        {"20380119T031408Z", 2147483648},
        {"99991231T235959Z", 253402300799},
        {"00010101T000000Z", -62135596800},
    };

    for (size_t index = 0; index < sizeof times / sizeof times[0]; index++) {
        int64_t seconds;
        char text[REQUEST_TIME_SIZE + 1];
        assert_int_equal(request_time_parse(slice_of_text(times[index].text), &seconds), STATUS_OK);
        assert_int_equal(seconds, times[index].seconds);
        request_time_format(seconds, text);
        assert_string_equal(text, times[index].text);
    }
}

static void test_what_is_no_time_is_refused(void **state)
{
    (void)state;
    const char *const texts[] = {
        "",
        "20150830T123600",
        "20150830T123600Z ",
        "20150830t123600Z",
        "20150830T123600z",
        "2015-08-30T12:36",
        "20150832T123600Z",
        "20150229T000000Z",
        "19000229T000000Z",
        "20151301T000000Z",
        "20150001T000000Z",
        "20150100T000000Z",
        "20150830T240000Z",
        "20150830T126000Z",
        "20150830T123660Z",
        "+0150830T123600Z",
        "00000101T000000Z",
    };

    for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++) {
        int64_t seconds;
        assert_int_equal(request_time_parse(slice_of_text(texts[index]), &seconds), STATUS_INVALID);
    }
}

static void test_http_has_a_form_of_its_own(void **state)
{
    (void)state;
    int64_t seconds;

    assert_int_equal(
        request_time_parse_http(slice_of_text("Sun, 30 Aug 2015 12:36:00 GMT"), &seconds),
        STATUS_OK);
    assert_int_equal(seconds, 1440938160);
    assert_int_equal(
        request_time_parse_http(slice_of_text("Sun, 30 aug 2015 12:36:00 GMT"), &seconds),
        STATUS_INVALID);
    assert_int_equal(
        request_time_parse_http(slice_of_text("Sun, 30 Aug 2015 12:36:00 CET"), &seconds),
        STATUS_INVALID);
    assert_int_equal(request_time_parse_http(slice_of_text("20150830T123600Z"), &seconds),
                     STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_time_is_read_and_written_alike),
        cmocka_unit_test(test_what_is_no_time_is_refused),
        cmocka_unit_test(test_http_has_a_form_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
