#include "core/auth/signed_headers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_reads_as(const char *text, const char *expected)
{
    struct signed_headers headers;
    SCOPED(buffer) out;
    buffer_init(&out);
    assert_int_equal(signed_headers_parse(slice_of_text(text), &headers), STATUS_OK);
    signed_headers_append(&headers, &out);
    assert_true(slice_is_text(buffer_slice(&out), expected));
}

static void test_names_are_sorted_in_lower_case_and_each_there_once(void **state)
{
    (void)state;

    assert_reads_as("host;x-amz-date", "host;x-amz-date");
    assert_reads_as("X-Amz-Date;b;HOST;a;host;B", "a;b;host;x-amz-date");
    assert_reads_as(";;host;", "host");
    assert_reads_as("", "");
}

static void test_a_name_is_found_whole_and_in_any_case(void **state)
{
    (void)state;
    struct signed_headers headers;
    assert_int_equal(signed_headers_parse(slice_of_text("host;x-amz-date"), &headers), STATUS_OK);

    assert_true(signed_headers_contain(&headers, slice_of_text("X-Amz-Date")));
    assert_false(signed_headers_contain(&headers, slice_of_text("x-amz")));
    assert_false(signed_headers_contain(&headers, slice_of_text("")));
}

static void append_names(struct buffer *text, size_t count)
{
    for (size_t index = 0; index < count; index++)
        buffer_append_format(text, "h%zu;", index);
}

static void test_too_many_names_are_refused_and_as_many_as_allowed_are_not(void **state)
{
    (void)state;
    struct signed_headers headers;
    SCOPED(buffer) text;
    buffer_init(&text);
    append_names(&text, AUTH_HEADER_COUNT_MAX);

    assert_int_equal(signed_headers_parse(buffer_slice(&text), &headers), STATUS_OK);
    assert_int_equal(headers.count, AUTH_HEADER_COUNT_MAX);

    /* Names that are there already take no room. */
    buffer_append_text(&text, "h0;H1;");
    assert_int_equal(signed_headers_parse(buffer_slice(&text), &headers), STATUS_OK);

    buffer_append_text(&text, "one-more");
    assert_int_equal(signed_headers_parse(buffer_slice(&text), &headers), STATUS_TOO_LARGE);
}

static void test_a_request_is_signed_with_all_headers_but_the_authorization(void **state)
{
    (void)state;
    const struct auth_header list[] = {
        {slice_of_text("X-Amz-Date"), slice_of_text("")},
        {slice_of_text("Authorization"), slice_of_text("")},
        {slice_of_text("Host"), slice_of_text("")},
        {slice_of_text("x-amz-date"), slice_of_text("")},
    };
    struct auth_request request = {.headers = list, .header_count = 4};
    struct signed_headers headers;
    SCOPED(buffer) out;
    buffer_init(&out);

    assert_int_equal(signed_headers_of_request(&request, &headers), STATUS_OK);

    signed_headers_append(&headers, &out);
    assert_true(slice_is_text(buffer_slice(&out), "host;x-amz-date"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_sorted_in_lower_case_and_each_there_once),
        cmocka_unit_test(test_a_name_is_found_whole_and_in_any_case),
        cmocka_unit_test(test_too_many_names_are_refused_and_as_many_as_allowed_are_not),
        cmocka_unit_test(test_a_request_is_signed_with_all_headers_but_the_authorization),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
