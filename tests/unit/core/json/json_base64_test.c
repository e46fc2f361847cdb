#include "core/json/json_base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_bytes_come_back_from_their_text(void **state)
{
    (void)state;
    uint8_t bytes[64];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 41 + 200);
    for (size_t size = 0; size <= sizeof bytes; size++) {
        SCOPED(buffer) text = {0};
        SCOPED(buffer) back = {0};
        json_base64_append(&text, slice_of(bytes, size));

        assert_int_equal(json_base64_decode(buffer_slice(&text), &back), STATUS_OK);

        assert_int_equal(text.size, (size + 2) / 3 * 4);
        assert_true(slice_is_equal(buffer_slice(&back), slice_of(bytes, size)));
    }
}

static void test_the_alphabet_is_the_one_with_plus_and_slash(void **state)
{
    (void)state;
    SCOPED(buffer) text = {0};

    json_base64_append(&text, slice_of("\xfb\xff\xfe\x00", 4));

    assert_true(slice_is_text(buffer_slice(&text), "+//+AA=="));
}

static void test_what_is_appended_stands_behind_what_was_there(void **state)
{
    (void)state;
    SCOPED(buffer) buffer = {0};
    buffer_append_text(&buffer, "<");
    json_base64_append(&buffer, slice_of_text("abc"));
    buffer_append_text(&buffer, ">");
    assert_int_equal(json_base64_decode(slice_of_text("YWI="), &buffer), STATUS_OK);

    assert_true(slice_is_text(buffer_slice(&buffer), "<YWJj>ab"));
}

static void test_other_text_is_refused_and_leaves_the_buffer_alone(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "A",
        "AA",
        "AAA",
        "AAAAA",
        "A===",
        "====",
        "AA=A",
        "AB==",
        "AAB=",
        "AA\n=",
        "AA -",
        "-_-_",
        "AAAA\n",
        " AAA",
        "AAA ",
        "AA==AA==",
        "\xff\xff\xff\xff",
    };
    SCOPED(buffer) buffer = {0};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(json_base64_decode(slice_of_text(texts[i]), &buffer), STATUS_INVALID);
        assert_int_equal(buffer.size, 0);
    }
}

static void test_no_byte_outside_the_alphabet_is_taken_for_a_digit(void **state)
{
    (void)state;
    SCOPED(buffer) buffer = {0};
    unsigned digit_count = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        uint8_t text[4] = {(uint8_t)byte, 'A', 'A', 'A'};
        digit_count += json_base64_decode(slice_of(text, sizeof text), &buffer) == STATUS_OK;
    }
    assert_int_equal(digit_count, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_come_back_from_their_text),
        cmocka_unit_test(test_the_alphabet_is_the_one_with_plus_and_slash),
        cmocka_unit_test(test_what_is_appended_stands_behind_what_was_there),
        cmocka_unit_test(test_no_byte_outside_the_alphabet_is_taken_for_a_digit),
        cmocka_unit_test(test_other_text_is_refused_and_leaves_the_buffer_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
