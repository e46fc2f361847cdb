#include "tests/unit/core/auth/front_fixture.h"

#define INVALID_TOKEN "The security token included in the request is invalid."
#define BODY_HASH     "9dacd0c363c5d2a9ed905affd219592d3b7df475a12047cbb236ff4ce7cd3648"

/* The header form with a signature that is never looked at, as an earlier check fails. */
static void assert_refused_with(const char *authorization, enum front_outcome outcome,
                                const char *message)
{
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_add(&fixture, "Authorization", authorization);
    front_fixture_assert_refused(&fixture, outcome, message);
}

static void test_a_rightly_signed_request_is_allowed_and_says_who_and_where(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_sign(&fixture, "AKIDEXAMPLE", "us-east-1", "dynamodb");

    struct front_verdict verdict = front_fixture_check(&fixture);

    assert_int_equal(verdict.outcome, FRONT_ALLOWED);
    assert_true(slice_is_text(verdict.access_key_id, "AKIDEXAMPLE"));
    assert_true(slice_is_text(verdict.region, "us-east-1"));
    assert_true(slice_is_text(verdict.service, "dynamodb"));
}

/* Signed by botocore 1.43.11. */
static void test_a_request_of_the_python_library_is_allowed(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_add(&fixture, "Content-Type", "application/x-amz-json-1.0");
    front_fixture_add(&fixture, "X-Amz-Client-Context", "a   b  ,c");
    front_fixture_add(
        &fixture, "Authorization",
        "AWS4-HMAC-SHA256 Credential=" FRONT_SCOPE ", "
        "SignedHeaders=content-type;host;x-amz-client-context;x-amz-date;x-amz-target, "
        "Signature=08ea56004dbe34657566f129330da9923e27692531395f9db0c43d2b621c86be");

    front_fixture_assert_allowed(&fixture);
}

static void
test_a_presigned_request_of_the_python_library_is_allowed_and_later_expires(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    fixture.request = (struct auth_request){
        .method = slice_of_text("GET"),
        .path = slice_of_text("/"),
        .query = slice_of_text(
            "Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&"
            "X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fsts%2Faws4_request&"
            "X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&"
            "X-Amz-Signature=efcb5438623542629238ff78065c515b29fb4e5c6224b7ff3b9fa72919253c49"),
        .headers = fixture.headers,
        .header_count = 1,
    };

    struct front_verdict verdict = front_fixture_check(&fixture);
    assert_int_equal(verdict.outcome, FRONT_ALLOWED);
    assert_true(slice_is_text(verdict.access_key_id, "AKIDEXAMPLE"));
    assert_true(slice_is_text(verdict.service, "sts"));

    fixture.now = FRONT_NOW + 901;
    assert_int_equal(front_fixture_check(&fixture).outcome, FRONT_INVALID_SIGNATURE);
    fixture.now = FRONT_NOW;
    fixture.request.method = slice_of_text("POST");
    assert_int_equal(front_fixture_check(&fixture).outcome, FRONT_INVALID_SIGNATURE);
}

static void test_the_host_must_be_signed(void **state)
{
    (void)state;
    const char *message = "'Host' must be a 'SignedHeader' in the AWS Authorization.";

    assert_refused_with("AWS4-X Credential=,SignedHeaders=,Signature=", FRONT_INVALID_SIGNATURE,
                        message);
    assert_refused_with("AWS4-X Credential=,SignedHeaders=hosts;x-amz-date;x-amz-target,Signature=",
                        FRONT_INVALID_SIGNATURE, message);
}

static void test_every_amazon_header_that_is_sent_must_be_signed(void **state)
{
    (void)state;

    assert_refused_with(
        "AWS4-X Credential=,SignedHeaders=HOST;x-amz-date,Signature=", FRONT_INVALID_SIGNATURE,
        "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.");
}

static void test_headers_that_only_look_like_amazons_need_no_signature(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_sign(&fixture, "AKIDEXAMPLE", "eu-central-1", "dynamodb");
    front_fixture_add(&fixture, "X-Amzn-Trace-Id", "Root=1");
    front_fixture_add(&fixture, "x-amz", "1");

    front_fixture_assert_allowed(&fixture);
}

static void test_an_unknown_algorithm_is_refused(void **state)
{
    (void)state;

    assert_refused_with(
        "AWS4-HMAC-SHA25 Credential=,SignedHeaders=host;x-amz-date;x-amz-target,Signature=",
        FRONT_INCOMPLETE_SIGNATURE,
        "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only AWS4-HMAC-SHA256 for now). ");
}

static void test_a_credential_that_has_not_five_parts_is_refused(void **state)
{
    (void)state;

    assert_refused_with("AWS4-HMAC-SHA256 "
                        "Credential=a/b/c/d,SignedHeaders=host;x-amz-date;x-amz-target,Signature=",
                        FRONT_INCOMPLETE_SIGNATURE,
                        "Credential must have exactly 5 slash-delimited elements, e.g. "
                        "keyid/date/region/service/term, got 'a/b/c/d'");
}

static void test_all_mistakes_of_a_scope_are_named_at_once(void **state)
{
    (void)state;

    assert_refused_with(
        "AWS4-HMAC-SHA256 "
        "Credential=a/b/c/d/e,SignedHeaders=host;x-amz-date;x-amz-target,Signature=",
        FRONT_INVALID_SIGNATURE,
        "Credential should be scoped to a valid region, not 'c'. "
        "Credential should be scoped to correct service: 'dynamodb'. "
        "Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. "
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
        "'b' != '20150830', from '20150830T123600Z'.");
}

static void test_a_region_that_is_not_served_is_named_alone(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_sign(&fixture, "AKIDEXAMPLE", "xx", "dynamodb");

    front_fixture_assert_refused(&fixture, FRONT_INVALID_SIGNATURE,
                                 "Credential should be scoped to a valid region, not 'xx'. ");
}

static void test_an_unknown_key_id_is_refused_whatever_its_signature(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_sign(&fixture, "AKIDSTRANGER", "eu-central-1", "dynamodb");

    front_fixture_assert_refused(&fixture, FRONT_UNRECOGNIZED_CLIENT, INVALID_TOKEN);
}

static void test_a_wrong_signature_is_answered_with_what_was_to_be_signed(void **state)
{
    (void)state;

    assert_refused_with(
        "AWS4-HMAC-SHA256 Credential=" FRONT_SCOPE
        ",SignedHeaders=host;x-amz-date;x-amz-target,Signature=00",
        FRONT_INVALID_SIGNATURE,
        "The request signature we calculated does not match the signature you provided. Check your "
        "AWS Secret Access Key and signing method. Consult the service documentation for details."
        "\n\nThe Canonical String for this request should have been\n"
        "'POST\n/\n\nhost:localhost:8000\nx-amz-date:20150830T123600Z\n"
        "x-amz-target:DynamoDB_20120810.PutItem\n\nhost;x-amz-date;x-amz-target\n" BODY_HASH "'"
        "\n\nThe String-to-Sign should have been\n"
        "'AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/eu-central-1/dynamodb/aws4_request\n"
        "684b5bf24ac86b04119dc0c99b211d16746a090eab4b7c5cc957062da07b6189'\n");
}

static void test_nothing_that_is_signed_can_be_changed(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_sign(&fixture, "AKIDEXAMPLE", "eu-central-1", "dynamodb");
    const struct auth_request whole = fixture.request;
    front_fixture_assert_allowed(&fixture);

    fixture.request.body = slice_of_text(FRONT_BODY " ");
    assert_int_equal(front_fixture_check(&fixture).outcome, FRONT_INVALID_SIGNATURE);
    fixture.request = whole;
    fixture.request.path = slice_of_text("/x");
    assert_int_equal(front_fixture_check(&fixture).outcome, FRONT_INVALID_SIGNATURE);
    fixture.request = whole;
    fixture.request.query = slice_of_text("x");
    assert_int_equal(front_fixture_check(&fixture).outcome, FRONT_INVALID_SIGNATURE);
    fixture.request = whole;
    fixture.headers[1].value = slice_of_text("DynamoDB_20120810.DeleteTable");
    assert_int_equal(front_fixture_check(&fixture).outcome, FRONT_INVALID_SIGNATURE);
}

static void test_a_claimed_hash_must_be_that_of_the_body(void **state)
{
    (void)state;
    const char *mismatch = "The provided 'x-amz-content-sha256' header does not match what was "
                           "computed.";
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_sign(&fixture, "AKIDEXAMPLE", "eu-central-1", "dynamodb");

    /* Some clients do not sign it, and the body is signed anyway. */
    front_fixture_add(&fixture, "X-Amz-Content-Sha256", BODY_HASH);
    front_fixture_assert_allowed(&fixture);

    fixture.headers[4].value = slice_of_text("UNSIGNED-PAYLOAD");
    front_fixture_assert_refused(&fixture, FRONT_INVALID_SIGNATURE, mismatch);
    front_fixture_accept_any(&fixture);
    front_fixture_assert_refused(&fixture, FRONT_INVALID_SIGNATURE, mismatch);
}

static void test_a_session_token_must_be_that_of_its_key(void **state)
{
    (void)state;
    const char *const tokens[] = {"a/session+token=", "a/session+token=-", ""};
    for (size_t index = 0; index < sizeof tokens / sizeof tokens[0]; index++) {
        SCOPED(front_fixture) fixture;
        front_fixture_init(&fixture);
        front_fixture_add(&fixture, "X-Amz-Security-Token", tokens[index]);
        front_fixture_sign(&fixture, "AKIDTOKEN", "eu-central-1", "dynamodb");
        front_fixture_assert_refused(&fixture, FRONT_UNRECOGNIZED_CLIENT, INVALID_TOKEN);
    }

    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_add(&fixture, "X-Amz-Security-Token", "a/session+token==");
    front_fixture_sign(&fixture, "AKIDTOKEN", "eu-central-1", "dynamodb");
    front_fixture_assert_allowed(&fixture);
}

static void test_a_missing_or_superfluous_session_token_is_refused(void **state)
{
    (void)state;
    SCOPED(front_fixture) missing;
    front_fixture_init(&missing);
    front_fixture_sign(&missing, "AKIDTOKEN", "eu-central-1", "dynamodb");
    SCOPED(front_fixture) superfluous;
    front_fixture_init(&superfluous);
    front_fixture_add(&superfluous, "X-Amz-Security-Token", "token");
    front_fixture_sign(&superfluous, "AKIDEXAMPLE", "eu-central-1", "dynamodb");

    front_fixture_assert_refused(&missing, FRONT_UNRECOGNIZED_CLIENT, INVALID_TOKEN);
    front_fixture_assert_refused(&superfluous, FRONT_UNRECOGNIZED_CLIENT, INVALID_TOKEN);
}

static void test_where_any_credentials_do_the_signature_may_be_wrong_but_nothing_else(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_accept_any(&fixture);
    front_fixture_add(&fixture, "Authorization",
                      "AWS4-HMAC-SHA256 Credential=anyone/20150830/us-east-1/dynamodb/aws4_request,"
                      "SignedHeaders=host;x-amz-date;x-amz-target,Signature=wrong");

    struct front_verdict verdict = front_fixture_check(&fixture);
    assert_int_equal(verdict.outcome, FRONT_ALLOWED);
    assert_true(slice_is_text(verdict.access_key_id, "anyone"));

    fixture.now = FRONT_NOW + 901;
    assert_int_equal(front_fixture_check(&fixture).outcome, FRONT_INVALID_SIGNATURE);
    fixture.now = FRONT_NOW;
    fixture.headers[3].value =
        slice_of_text("AWS4-HMAC-SHA256 Credential=/20150830/us-east-1/dynamodb/aws4_request,"
                      "SignedHeaders=host;x-amz-date;x-amz-target,Signature=wrong");
    front_fixture_assert_refused(&fixture, FRONT_UNRECOGNIZED_CLIENT, INVALID_TOKEN);
}

static void test_more_headers_or_parameters_than_the_bound_are_refused(void **state)
{
    (void)state;
    const char *message = "The request has more than 100 headers, signed headers or query-string "
                          "parameters.";
    struct auth_header many[AUTH_HEADER_COUNT_MAX + 1];
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_sign(&fixture, "AKIDEXAMPLE", "eu-central-1", "dynamodb");
    for (size_t index = 0; index <= AUTH_HEADER_COUNT_MAX; index++)
        many[index] = fixture.headers[index < 4 ? index : 3];
    fixture.request.headers = many;
    fixture.request.header_count = AUTH_HEADER_COUNT_MAX + 1;
    front_fixture_assert_refused(&fixture, FRONT_INCOMPLETE_SIGNATURE, message);

    SCOPED(buffer) query;
    buffer_init(&query);
    for (int count = 0; count <= AUTH_PARAMETER_COUNT_MAX; count++)
        buffer_append_text(&query, "a&");
    fixture.request.headers = fixture.headers;
    fixture.request.header_count = 4;
    fixture.request.query = buffer_slice(&query);
    front_fixture_assert_refused(&fixture, FRONT_INCOMPLETE_SIGNATURE, message);
}

static void test_each_refusal_has_its_exception(void **state)
{
    (void)state;

    assert_string_equal(front_outcome_exception(FRONT_MISSING_AUTHENTICATION_TOKEN),
                        "MissingAuthenticationTokenException");
    assert_string_equal(front_outcome_exception(FRONT_INCOMPLETE_SIGNATURE),
                        "IncompleteSignatureException");
    assert_string_equal(front_outcome_exception(FRONT_INVALID_SIGNATURE),
                        "InvalidSignatureException");
    assert_string_equal(front_outcome_exception(FRONT_UNRECOGNIZED_CLIENT),
                        "UnrecognizedClientException");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_rightly_signed_request_is_allowed_and_says_who_and_where),
        cmocka_unit_test(test_a_request_of_the_python_library_is_allowed),
        cmocka_unit_test(
            test_a_presigned_request_of_the_python_library_is_allowed_and_later_expires),
        cmocka_unit_test(test_the_host_must_be_signed),
        cmocka_unit_test(test_every_amazon_header_that_is_sent_must_be_signed),
        cmocka_unit_test(test_headers_that_only_look_like_amazons_need_no_signature),
        cmocka_unit_test(test_an_unknown_algorithm_is_refused),
        cmocka_unit_test(test_a_credential_that_has_not_five_parts_is_refused),
        cmocka_unit_test(test_all_mistakes_of_a_scope_are_named_at_once),
        cmocka_unit_test(test_a_region_that_is_not_served_is_named_alone),
        cmocka_unit_test(test_an_unknown_key_id_is_refused_whatever_its_signature),
        cmocka_unit_test(test_a_wrong_signature_is_answered_with_what_was_to_be_signed),
        cmocka_unit_test(test_nothing_that_is_signed_can_be_changed),
        cmocka_unit_test(test_a_claimed_hash_must_be_that_of_the_body),
        cmocka_unit_test(test_a_session_token_must_be_that_of_its_key),
        cmocka_unit_test(test_a_missing_or_superfluous_session_token_is_refused),
        cmocka_unit_test(test_where_any_credentials_do_the_signature_may_be_wrong_but_nothing_else),
        cmocka_unit_test(test_more_headers_or_parameters_than_the_bound_are_refused),
        cmocka_unit_test(test_each_refusal_has_its_exception),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
