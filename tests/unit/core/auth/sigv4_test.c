#include "core/auth/sigv4.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

static struct sigv4_signer signer_of(const char *region, const char *service)
{
    return (struct sigv4_signer){
        .access_key_id = slice_of_text("AKIDEXAMPLE"),
        .secret = slice_of_text(SECRET),
        .region = slice_of_text(region),
        .service = slice_of_text(service),
    };
}

static void assert_signs(const struct sigv4_signer *signer, const struct auth_request *request,
                         const char *expected)
{
    OWNED(signing_keys) keys = signing_keys_create(4);
    SCOPED(buffer) out;
    buffer_init(&out);
    assert_int_equal(sigv4_sign(keys, signer, request, &out), STATUS_OK);
    buffer_append_u8(&out, '\0');
    assert_string_equal((const char *)out.bytes, expected);
}

/* A request of AWS's published test suite: its host and time, and one more header perhaps. */
static void assert_suite(struct auth_request request, struct auth_header extra,
                         const char *signed_names, const char *signature)
{
    const struct auth_header headers[] = {
        {slice_of_text("Host"), slice_of_text("example.amazonaws.com")},
        {slice_of_text("X-Amz-Date"), slice_of_text("20150830T123600Z")},
        extra,
    };
    request.headers = headers;
    request.header_count = extra.name.size > 0 ? 3 : 2;
    struct sigv4_signer signer = signer_of("us-east-1", "service");
    SCOPED(buffer) text;
    buffer_init(&text);
    buffer_append_format(&text,
                         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/"
                         "aws4_request, SignedHeaders=%s, Signature=%s",
                         signed_names, signature);
    buffer_append_u8(&text, '\0');
    assert_signs(&signer, &request, (const char *)text.bytes);
}

static struct auth_request request_of(const char *method, const char *path, const char *query)
{
    return (struct auth_request){.method = slice_of_text(method),
                                 .path = slice_of_text(path),
                                 .query = slice_of_text(query)};
}

static void test_requests_of_the_published_suite_have_their_signatures(void **state)
{
    (void)state;
    struct auth_header none = {0};
    struct auth_request form = request_of("POST", "/", "");
    form.body = slice_of_text("Param1=value1");

    assert_suite(request_of("GET", "/", ""), none, "host;x-amz-date",
                 "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    assert_suite(request_of("GET", "/./", ""), none, "host;x-amz-date",
                 "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    assert_suite(request_of("POST", "/", ""), none, "host;x-amz-date",
                 "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
    assert_suite(request_of("GET", "/\xe1\x88\xb4", ""), none, "host;x-amz-date",
                 "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85");
    assert_suite(request_of("GET", "/", "Param2=value2&Param1=value1"), none, "host;x-amz-date",
                 "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
    assert_suite(form,
                 (struct auth_header){slice_of_text("Content-Type"),
                                      slice_of_text("application/x-www-form-urlencoded")},
                 "content-type;host;x-amz-date",
                 "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
}

static void test_the_published_example_has_its_signature(void **state)
{
    (void)state;
    const struct auth_header headers[] = {
        {slice_of_text("Host"), slice_of_text("iam.amazonaws.com")},
        {slice_of_text("Content-Type"),
         slice_of_text("application/x-www-form-urlencoded; charset=utf-8")},
        {slice_of_text("X-Amz-Date"), slice_of_text("20150830T123600Z")},
    };
    struct auth_request request = request_of("GET", "/", "Action=ListUsers&Version=2010-05-08");
    request.headers = headers;
    request.header_count = 3;
    struct sigv4_signer signer = signer_of("us-east-1", "iam");

    assert_signs(&signer, &request,
                 "AWS4-HMAC-SHA256 "
                 "Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
                 "SignedHeaders=content-type;host;x-amz-date, "
                 "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

/* Signed by botocore 1.43.11 at the same time with the same key. */
static void test_signatures_agree_with_those_of_the_python_library(void **state)
{
    (void)state;
    const struct auth_header put_headers[] = {
        {slice_of_text("Host"), slice_of_text("localhost:8000")},
        {slice_of_text("X-Amz-Target"), slice_of_text("DynamoDB_20120810.PutItem")},
        {slice_of_text("Content-Type"), slice_of_text("application/x-amz-json-1.0")},
        {slice_of_text("X-Amz-Client-Context"), slice_of_text("a   b  ,c")},
        {slice_of_text("X-Amz-Date"), slice_of_text("20150830T123600Z")},
    };
    struct auth_request put = request_of("POST", "/", "");
    put.headers = put_headers;
    put.header_count = 5;
    put.body = slice_of_text("{\"TableName\":\"Users\",\"Item\":{\"id\":{\"S\":\"7\"},\"name\":{"
                             "\"S\":\"Ada\"}}}");
    const struct auth_header get_headers[] = {
        {slice_of_text("Host"), slice_of_text("localhost:8000")},
        {slice_of_text("X-Amz-Date"), slice_of_text("20150830T123600Z")},
    };
    struct auth_request get =
        request_of("GET", "/a/./b//c%20d/../e%2Ff/~x/", "b=2&a=%C3%A9&a=1%2B1&empty=&B=0");
    get.headers = get_headers;
    get.header_count = 2;
    struct sigv4_signer signer = signer_of("eu-central-1", "dynamodb");

    assert_signs(&signer, &put,
                 "AWS4-HMAC-SHA256 "
                 "Credential=AKIDEXAMPLE/20150830/eu-central-1/dynamodb/aws4_request, "
                 "SignedHeaders=content-type;host;x-amz-client-context;x-amz-date;x-amz-target, "
                 "Signature=08ea56004dbe34657566f129330da9923e27692531395f9db0c43d2b621c86be");
    assert_signs(&signer, &get,
                 "AWS4-HMAC-SHA256 "
                 "Credential=AKIDEXAMPLE/20150830/eu-central-1/dynamodb/aws4_request, "
                 "SignedHeaders=host;x-amz-date, "
                 "Signature=dbbb99f3063d77287e6449bf5cb327bc295ec638b08cd302b94e5e8b5a577f90");
}

static void test_a_request_without_a_time_cannot_be_signed(void **state)
{
    (void)state;
    OWNED(signing_keys) keys = signing_keys_create(1);
    const struct auth_header headers[] = {{slice_of_text("X-Amz-Date"), slice_of_text("today")}};
    struct auth_request request = request_of("GET", "/", "");
    struct sigv4_signer signer = signer_of("us-east-1", "dynamodb");
    SCOPED(buffer) out;
    buffer_init(&out);

    assert_int_equal(sigv4_sign(keys, &signer, &request, &out), STATUS_INVALID);
    request.headers = headers;
    request.header_count = 1;
    assert_int_equal(sigv4_sign(keys, &signer, &request, &out), STATUS_INVALID);

    assert_int_equal(out.size, 0);
}

static void test_only_the_whole_signature_in_lower_case_is_one(void **state)
{
    (void)state;
    OWNED(signing_keys) keys = signing_keys_create(1);
    struct signing_key_origin origin = {
        .access_key_id = slice_of_text("AKID"),
        .secret = slice_of_text("secret"),
        .date = slice_of_text("20150830"),
        .region = slice_of_text("us-east-1"),
        .service = slice_of_text("dynamodb"),
    };
    struct slice text = slice_of_text("text");
    char signature[SIGV4_SIGNATURE_SIZE];
    sigv4_make_signature(keys, &origin, text, signature);

    assert_true(sigv4_is_signature(keys, &origin, text, slice_of(signature, sizeof signature)));
    assert_false(sigv4_is_signature(keys, &origin, slice_of_text("texT"),
                                    slice_of(signature, sizeof signature)));
    assert_false(sigv4_is_signature(keys, &origin, text, slice_of(signature, 63)));
    assert_false(sigv4_is_signature(keys, &origin, text, slice_of_text("")));
    for (size_t at = 0; at < sizeof signature; at++) {
        signature[at] ^= 0x20;
        assert_false(sigv4_is_signature(keys, &origin, text, slice_of(signature, 64)));
        signature[at] ^= 0x20;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests_of_the_published_suite_have_their_signatures),
        cmocka_unit_test(test_the_published_example_has_its_signature),
        cmocka_unit_test(test_signatures_agree_with_those_of_the_python_library),
        cmocka_unit_test(test_a_request_without_a_time_cannot_be_signed),
        cmocka_unit_test(test_only_the_whole_signature_in_lower_case_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
