#include "core/json/json_writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_commas_stand_between_members_and_elements_only(void **state)
{
    (void)state;
    SCOPED(buffer) buffer = {0};
    struct json_writer writer = json_writer_of(&buffer);

    json_writer_object_start(&writer);
    json_writer_name(&writer, slice_of_text("a"));
    json_writer_array_start(&writer);
    json_writer_integer(&writer, INT64_MIN);
    json_writer_object_start(&writer);
    json_writer_object_end(&writer);
    json_writer_array_start(&writer);
    json_writer_array_end(&writer);
    json_writer_bool(&writer, true);
    json_writer_array_end(&writer);
    json_writer_name(&writer, slice_of_text("b"));
    json_writer_bool(&writer, false);
    json_writer_name(&writer, slice_of_text("c"));
    json_writer_null(&writer);
    json_writer_name(&writer, slice_of_text("d"));
    json_writer_raw(&writer, slice_of_text("1.50"));
    json_writer_name(&writer, slice_of_text("e"));
    json_writer_string(&writer, slice_of_text("x"));
    json_writer_name(&writer, slice_of_text("f"));
    buffer_append_text(json_writer_value(&writer), "{}");
    json_writer_name(&writer, slice_of_text("g"));
    json_writer_integer(&writer, 7);
    json_writer_object_end(&writer);

    assert_true(slice_is_text(buffer_slice(&buffer),
                              "{\"a\":[-9223372036854775808,{},[],true],\"b\":false,\"c\":null,"
                              "\"d\":1.50,\"e\":\"x\",\"f\":{},\"g\":7}"));
}

static void assert_string(struct slice text, const char *expected)
{
    SCOPED(buffer) buffer = {0};
    json_append_string(&buffer, text);
    assert_true(slice_is_text(buffer_slice(&buffer), expected));
}

static void test_strings_are_escaped_where_they_must_be(void **state)
{
    (void)state;
    assert_string(slice_of_text(""), "\"\"");
    assert_string(slice_of_text("\"\\/"), "\"\\\"\\\\/\"");
    assert_string(slice_of_text("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
    assert_string(slice_of("\0\x01\x1f\x7f", 4), "\"\\u0000\\u0001\\u001f\x7f\"");
    assert_string(slice_of_text("\xc3\xa9\xe2\x80\xa8"), "\"\xc3\xa9\xe2\x80\xa8\"");
}

/* One special byte in a string of plain ones, at every place of every size up to a few words. */
static void assert_escaped_everywhere(char special, const char *escape)
{
    for (size_t size = 1; size < 40; size++)
        for (size_t at = 0; at < size; at++) {
            char text[40];
            SCOPED(buffer) buffer = {0};
            SCOPED(buffer) expected = {0};
            memset(text, '\xff', sizeof text);
            text[at] = special;
            buffer_append_text(&expected, "\"");
            buffer_append(&expected, slice_of(text, at));
            buffer_append_text(&expected, escape);
            buffer_append(&expected, slice_of(text + at + 1, size - at - 1));
            buffer_append_text(&expected, "\"");

            json_append_string(&buffer, slice_of(text, size));

            assert_true(slice_is_equal(buffer_slice(&buffer), buffer_slice(&expected)));
        }
}

static void test_an_escape_is_found_wherever_it_stands(void **state)
{
    (void)state;
    assert_escaped_everywhere('"', "\\\"");
    assert_escaped_everywhere('\\', "\\\\");
    assert_escaped_everywhere('\x1f', "\\u001f");
    assert_escaped_everywhere('\0', "\\u0000");
    assert_escaped_everywhere(' ', " ");
    assert_escaped_everywhere('!', "!");
    assert_escaped_everywhere('#', "#");
    assert_escaped_everywhere('[', "[");
    assert_escaped_everywhere(']', "]");
    assert_escaped_everywhere('\x7f', "\x7f");
}

static void test_a_string_of_nothing_but_escapes_is_written_whole(void **state)
{
    (void)state;
    uint8_t text[1000] = {0};
    SCOPED(buffer) buffer = {0};

    json_append_string(&buffer, slice_of(text, sizeof text));

    assert_int_equal(buffer.size, 2 + 6 * sizeof text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commas_stand_between_members_and_elements_only),
        cmocka_unit_test(test_strings_are_escaped_where_they_must_be),
        cmocka_unit_test(test_an_escape_is_found_wherever_it_stands),
        cmocka_unit_test(test_a_string_of_nothing_but_escapes_is_written_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
