#include "core/auth/canonical_request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define EMPTY_HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void assert_canonical(const struct auth_request *request, const char *signed_names,
                             const char *expected)
{
    struct signed_headers names;
    SCOPED(buffer) out;
    buffer_init(&out);
    assert_int_equal(signed_headers_parse(slice_of_text(signed_names), &names), STATUS_OK);
    assert_int_equal(canonical_request_append(request, &names, &out), STATUS_OK);
    buffer_append_u8(&out, '\0');
    assert_string_equal((const char *)out.bytes, expected);
}

static void assert_path(const char *path, const char *expected)
{
    struct auth_request request = {.method = slice_of_text("GET"), .path = slice_of_text(path)};
    SCOPED(buffer) text;
    buffer_init(&text);
    buffer_append_format(&text, "GET\n%s\n\n\n\n" EMPTY_HASH, expected);
    buffer_append_u8(&text, '\0');
    assert_canonical(&request, "", (const char *)text.bytes);
}

static void assert_query(const char *query, const char *expected)
{
    struct auth_request request = {
        .method = slice_of_text("GET"), .path = slice_of_text("/"), .query = slice_of_text(query)};
    SCOPED(buffer) text;
    buffer_init(&text);
    buffer_append_format(&text, "GET\n/\n%s\n\n\n" EMPTY_HASH, expected);
    buffer_append_u8(&text, '\0');
    assert_canonical(&request, "", (const char *)text.bytes);
}

static void test_the_published_example_has_its_published_text(void **state)
{
    (void)state;
    const struct auth_header headers[] = {
        {slice_of_text("Host"), slice_of_text("iam.amazonaws.com")},
        {slice_of_text("Content-Type"),
         slice_of_text("application/x-www-form-urlencoded; charset=utf-8")},
        {slice_of_text("X-Amz-Date"), slice_of_text("20150830T123600Z")},
    };
    struct auth_request request = {
        .method = slice_of_text("GET"),
        .path = slice_of_text("/"),
        .query = slice_of_text("Action=ListUsers&Version=2010-05-08"),
        .headers = headers,
        .header_count = 3,
    };

    assert_canonical(&request, "content-type;host;x-amz-date",
                     "GET\n"
                     "/\n"
                     "Action=ListUsers&Version=2010-05-08\n"
                     "content-type:application/x-www-form-urlencoded; charset=utf-8\n"
                     "host:iam.amazonaws.com\n"
                     "x-amz-date:20150830T123600Z\n"
                     "\n"
                     "content-type;host;x-amz-date\n" EMPTY_HASH);
}

static void test_header_values_lose_the_blanks_that_do_not_count(void **state)
{
    (void)state;
    const struct auth_header headers[] = {
        {slice_of_text("My-Header1"), slice_of_text("  \t value1 ")},
        {slice_of_text("My-Header2"), slice_of_text("\"a \t  b   c\"")},
        {slice_of_text("My-Header3"), slice_of_text("   ")},
        {slice_of_text("Unsigned"), slice_of_text("unseen")},
    };
    struct auth_request request = {.method = slice_of_text("GET"),
                                   .path = slice_of_text("/"),
                                   .headers = headers,
                                   .header_count = 4};

    assert_canonical(&request, "my-header3;MY-HEADER1;my-header2",
                     "GET\n/\n\nmy-header1:value1\nmy-header2:\"a b c\"\nmy-header3:\n\n"
                     "my-header1;my-header2;my-header3\n" EMPTY_HASH);
}

static void test_a_repeated_header_is_joined_in_order_and_a_missing_one_is_empty(void **state)
{
    (void)state;
    const struct auth_header headers[] = {
        {slice_of_text("A"), slice_of_text("value4 ")},
        {slice_of_text("b"), slice_of_text("x")},
        {slice_of_text("a"), slice_of_text("")},
        {slice_of_text("A"), slice_of_text(" value1")},
    };
    struct auth_request request = {.method = slice_of_text("GET"),
                                   .path = slice_of_text("/"),
                                   .headers = headers,
                                   .header_count = 4};

    assert_canonical(&request, "a;connection",
                     "GET\n/\n\na:value4,,value1\nconnection:\n\na;connection\n" EMPTY_HASH);
}

static void test_paths_are_normalised_and_encoded_as_they_were_sent(void **state)
{
    (void)state;

    assert_path("", "/");
    assert_path("/", "/");
    assert_path("//", "/");
    assert_path("/./", "/");
    assert_path("/foo/..", "/");
    assert_path("/foo/bar/../..", "/");
    assert_path("/../..", "/");
    assert_path("//foo//", "/foo/");
    assert_path("/./foo", "/foo");
    assert_path("/example space/", "/example%20space/");
    assert_path("/\xe1\x88\xb4", "/%E1%88%B4");
    /* What AWS's own Python library makes of this path. */
    assert_path("/a/./b//c%20d/../e%2Ff/~x/", "/a/b/e%252Ff/~x/");
    /* An escaped slash ends no segment. */
    assert_path("/a%2Fb/..", "/");
}

static void test_parameters_are_encoded_anew_and_sorted_by_name_and_value(void **state)
{
    (void)state;

    assert_query("Param2=value2&Param1=value1", "Param1=value1&Param2=value2");
    assert_query("Param1=value2&Param1=Value1", "Param1=Value1&Param1=value2");
    assert_query("b=2&a=%C3%A9&a=1%2B1&empty=&B=0", "B=0&a=%C3%A9&a=1%2B1&b=2&empty=");
    assert_query("flag&a", "a=&flag=");
    assert_query("a=x+y%2fz", "a=x%2By%2Fz");
    assert_query("a=100%", "a=100%25");
    assert_query("=", "=");
    assert_query("&&", "");
    /* A name sorts before one that it begins. */
    assert_query("ab=1&a-=1&a=2", "a=2&a-=1&ab=1");
}

static void test_a_signature_does_not_sign_itself(void **state)
{
    (void)state;

    assert_query("X-Amz-Signature=abc&X-Amz-Date=1", "X-Amz-Date=1");
    assert_query("X-Amz-Signatures=abc", "X-Amz-Signatures=abc");
}

static void test_a_body_known_by_its_hash_needs_no_bytes(void **state)
{
    (void)state;
    const uint8_t hash[AUTH_HASH_SIZE] = {0x01, [31] = 0xff};
    struct auth_request request = {.method = slice_of_text("POST"), .body_hash = hash};

    assert_canonical(&request, "",
                     "POST\n/\n\n\n\n"
                     "01000000000000000000000000000000000000000000000000000000000000ff");
}

static void test_too_many_parameters_or_headers_are_refused(void **state)
{
    (void)state;
    struct signed_headers names = {.count = 0};
    SCOPED(buffer) query;
    SCOPED(buffer) out;
    buffer_init(&query);
    buffer_init(&out);
    for (int count = 0; count < AUTH_PARAMETER_COUNT_MAX; count++)
        buffer_append_text(&query, "a&");
    struct auth_request request = {.query = buffer_slice(&query)};
    assert_int_equal(canonical_request_append(&request, &names, &out), STATUS_OK);

    buffer_append_text(&query, "b");
    request.query = buffer_slice(&query);
    assert_int_equal(canonical_request_append(&request, &names, &out), STATUS_TOO_LARGE);

    const struct auth_header headers[AUTH_HEADER_COUNT_MAX + 1] = {0};
    struct auth_request long_request = {.headers = headers,
                                        .header_count = AUTH_HEADER_COUNT_MAX + 1};
    assert_int_equal(canonical_request_append(&long_request, &names, &out), STATUS_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_published_example_has_its_published_text),
        cmocka_unit_test(test_header_values_lose_the_blanks_that_do_not_count),
        cmocka_unit_test(test_a_repeated_header_is_joined_in_order_and_a_missing_one_is_empty),
        cmocka_unit_test(test_paths_are_normalised_and_encoded_as_they_were_sent),
        cmocka_unit_test(test_parameters_are_encoded_anew_and_sorted_by_name_and_value),
        cmocka_unit_test(test_a_signature_does_not_sign_itself),
        cmocka_unit_test(test_a_body_known_by_its_hash_needs_no_bytes),
        cmocka_unit_test(test_too_many_parameters_or_headers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
