#include "core/base/buffer.h"
#include "core/base/limits.h"
#include "core/json/json_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char event_letters[] = {
    [JSON_EVENT_NULL] = 'n',       [JSON_EVENT_FALSE] = 'f',        [JSON_EVENT_TRUE] = 't',
    [JSON_EVENT_NUMBER] = '0',     [JSON_EVENT_STRING] = 's',       [JSON_EVENT_ARRAY_START] = '[',
    [JSON_EVENT_ARRAY_END] = ']',  [JSON_EVENT_OBJECT_START] = '{', [JSON_EVENT_NAME] = ':',
    [JSON_EVENT_OBJECT_END] = '}',
};

/* Writes down each event as a letter, and its text behind it. */
static enum status trace_event(void *context, enum json_event event, struct slice text)
{
    struct buffer *trace = context;
    buffer_append_u8(trace, (uint8_t)event_letters[event]);
    buffer_append(trace, text);
    return STATUS_OK;
}

static enum status read_text(struct json_reader *reader, struct slice text)
{
    SCOPED(buffer) trace = {0};
    return json_reader_read(reader, text, &trace, trace_event);
}

/* Each text on a reader of its own, and on one that has seen the others. */
static void assert_all(struct json_reader *used, const char *const *texts, enum status expected)
{
    for (; *texts != NULL; texts++) {
        OWNED(json_reader) fresh = json_reader_create();
        assert_int_equal(read_text(fresh, slice_of_text(*texts)), expected);
        assert_int_equal(read_text(used, slice_of_text(*texts)), expected);
    }
}

static void test_a_text_is_told_as_events(void **state)
{
    (void)state;
    OWNED(json_reader) reader = json_reader_create();
    SCOPED(buffer) trace = {0};
    struct slice text =
        slice_of_text(" {\"a\": [1, -2.5e3, \"x\", true], \"b\": {\"c\": null}, \"d\": false} ");

    assert_int_equal(json_reader_read(reader, text, &trace, trace_event), STATUS_OK);

    assert_true(slice_is_text(buffer_slice(&trace), "{:a[01"
                                                    "0-2.5e3"
                                                    "sxt]:b{:cn}:df}"));
}

static void test_escapes_are_taken_out_of_strings_and_names(void **state)
{
    (void)state;
    OWNED(json_reader) reader = json_reader_create();
    SCOPED(buffer) trace = {0};
    struct slice text = slice_of_text(
        "{\"\\u0061\\n\":\"\\\"\\\\\\/\\b\\f\\r\\t\\u00e9\\u20AC\\ud83d\\ude00\\u0000.\"}");

    assert_int_equal(json_reader_read(reader, text, &trace, trace_event), STATUS_OK);

    static const char expected[] = "{:a\ns\"\\/\b\f\r\t\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\0.}";
    assert_true(slice_is_equal(buffer_slice(&trace), slice_of(expected, sizeof expected - 1)));
}

static void test_what_is_no_json_is_refused(void **state)
{
    (void)state;
    OWNED(json_reader) reader = json_reader_create();
    static const char *const texts[] = {
        "",          " ",          "{",
        "[1",        "\"abc",      "{\"a\"}",
        "{a:1}",     "{\"a\":1,}", "[1,]",
        "[,1]",      "tru",        "nul",
        "truer",     "01",         "1.",
        ".5",        "+1",         "1e",
        "--1",       "NaN",        "'a'",
        "\"\t\"",    "\"\\x\"",    "\"\\u12g4\"",
        "/**/ 1",    "[1 2]",      "{\"a\":1}}",
        "]",         "\\",         "{\"a\" 1}",
        "\"\\",      "\"\\u12",    "\xef\xbb\xbf{}",
        "[\"a\\\"]", "{1:2}",      NULL,
    };
    assert_all(reader, texts, STATUS_INVALID);
}

static void test_a_second_value_is_refused(void **state)
{
    (void)state;
    OWNED(json_reader) reader = json_reader_create();
    static const char *const texts[] = {
        "{} {}", "{}[]", "1 2", "{}1", "{} \"a\"", "{},", "{}x", "[] null", "\"a\"\"b\"", NULL,
    };
    assert_all(reader, texts, STATUS_INVALID);
}

static void test_a_refused_text_leaves_nothing_for_the_next(void **state)
{
    (void)state;
    OWNED(json_reader) reader = json_reader_create();
    static const char *const texts[] = {"{\"a\":[", "\"ab", "12", "tru", "{} 1", "[[[[", NULL};
    for (const char *const *text = texts; *text != NULL; text++) {
        SCOPED(buffer) trace = {0};
        (void)read_text(reader, slice_of_text(*text));

        enum status status = json_reader_read(reader, slice_of_text("[7]"), &trace, trace_event);

        assert_int_equal(status, STATUS_OK);
        assert_true(slice_is_text(buffer_slice(&trace), "[07]"));
    }
}

static void test_text_that_is_no_utf8_is_refused(void **state)
{
    (void)state;
    OWNED(json_reader) reader = json_reader_create();
    static const char *const texts[] = {
        "\"\xff\"",     "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"",
        "\"\xe2\x82\"", NULL,
    };
    assert_all(reader, texts, STATUS_INVALID);
}

static void test_escaped_surrogates_without_their_other_half_are_refused(void **state)
{
    (void)state;
    OWNED(json_reader) reader = json_reader_create();
    static const char *const texts[] = {
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800x\"",
        "\"\\ud800\\n\"",
        "\"\\ud800\\u0041\"",
        "\"\\ud800\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"a\\uDFFF\"",
        "\"\\ud83d\\ude00\\ude00\"",
        "{\"\\ud800\":1}",
        NULL,
    };
    assert_all(reader, texts, STATUS_INVALID);

    static const char *const valid[] = {
        "\"\\ud800\\udc00\"", "\"\\uDBFF\\uDFFF\"", "\"\\\\ud800\"", "\"\\\\\\\\udc00\"", NULL,
    };
    assert_all(reader, valid, STATUS_OK);
}

/* `count` arrays within each other. */
static enum status read_nested(struct json_reader *reader, size_t count)
{
    SCOPED(buffer) text = {0};
    for (size_t i = 0; i < count; i++)
        buffer_append_u8(&text, '[');
    for (size_t i = 0; i < count; i++)
        buffer_append_u8(&text, ']');
    return read_text(reader, buffer_slice(&text));
}

static void test_depth_is_bounded(void **state)
{
    (void)state;
    OWNED(json_reader) reader = json_reader_create();

    assert_int_equal(read_nested(reader, JSON_DEPTH_MAX), STATUS_OK);
    assert_int_equal(read_nested(reader, JSON_DEPTH_MAX + 1), STATUS_TOO_LARGE);
    assert_int_equal(read_nested(reader, 1000000), STATUS_TOO_LARGE);
    assert_int_equal(read_nested(reader, 1), STATUS_OK);
}

static void test_size_is_bounded(void **state)
{
    (void)state;
    OWNED(json_reader) reader = json_reader_create();
    uint8_t *bytes = memory_alloc(LIMIT_REQUEST_SIZE + 1);
    memset(bytes, ' ', LIMIT_REQUEST_SIZE + 1);
    bytes[0] = '1';

    assert_int_equal(read_text(reader, slice_of(bytes, LIMIT_REQUEST_SIZE)), STATUS_OK);
    assert_int_equal(read_text(reader, slice_of(bytes, LIMIT_REQUEST_SIZE + 1)), STATUS_TOO_LARGE);
    memory_free(bytes);
}

static enum status stop_at_number(void *context, enum json_event event, struct slice text)
{
    (void)text;
    *(unsigned *)context += 1;
    return event == JSON_EVENT_NUMBER ? STATUS_BUSY : STATUS_OK;
}

static void test_what_a_handler_returns_ends_the_reading(void **state)
{
    (void)state;
    OWNED(json_reader) reader = json_reader_create();
    unsigned event_count = 0;

    enum status status =
        json_reader_read(reader, slice_of_text("[1, 2, oops"), &event_count, stop_at_number);

    assert_int_equal(status, STATUS_BUSY);
    assert_int_equal(event_count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_text_is_told_as_events),
        cmocka_unit_test(test_escapes_are_taken_out_of_strings_and_names),
        cmocka_unit_test(test_what_is_no_json_is_refused),
        cmocka_unit_test(test_a_second_value_is_refused),
        cmocka_unit_test(test_a_refused_text_leaves_nothing_for_the_next),
        cmocka_unit_test(test_text_that_is_no_utf8_is_refused),
        cmocka_unit_test(test_escaped_surrogates_without_their_other_half_are_refused),
        cmocka_unit_test(test_depth_is_bounded),
        cmocka_unit_test(test_size_is_bounded),
        cmocka_unit_test(test_what_a_handler_returns_ends_the_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
