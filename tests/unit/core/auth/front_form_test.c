#include "tests/unit/core/auth/front_fixture.h"

#define REQUIRES_ALL                                                                               \
    "Authorization header requires 'Credential' parameter. "                                       \
    "Authorization header requires 'Signature' parameter. "                                        \
    "Authorization header requires 'SignedHeaders' parameter. "

static void test_both_forms_at_once_are_refused_before_all_else(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_add(&fixture, "Authorization", "nonsense");
    fixture.request.query = slice_of_text("X-Amz-Algorithm");

    front_fixture_assert_refused(&fixture, FRONT_INVALID_SIGNATURE,
                                 "Found both 'X-Amz-Algorithm' as a query-string param and "
                                 "'Authorization' as HTTP header.");
}

static void test_no_form_or_a_foreign_one_is_a_missing_token(void **state)
{
    (void)state;
    const char *const headers[] = {"", "Basic QTpC", "AWS AKID:signature", "AWS4", "aws4-x"};
    const char *message = "Request is missing Authentication Token";
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_assert_refused(&fixture, FRONT_MISSING_AUTHENTICATION_TOKEN, message);

    for (size_t index = 0; index < sizeof headers / sizeof headers[0]; index++) {
        fixture.request.header_count = 3;
        front_fixture_add(&fixture, "Authorization", headers[index]);
        front_fixture_assert_refused(&fixture, FRONT_MISSING_AUTHENTICATION_TOKEN, message);
    }
}

static void test_other_parameters_of_a_query_do_not_make_it_presigned(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    fixture.request.query = slice_of_text("X-Amz-Credential=a&X-Amz-Signature=b&x-amz-algorithm=c");

    front_fixture_assert_refused(&fixture, FRONT_MISSING_AUTHENTICATION_TOKEN,
                                 "Request is missing Authentication Token");
}

static void test_all_that_an_authorization_lacks_is_named_at_once(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_add(&fixture, "Authorization", "AWS4-");

    front_fixture_assert_refused(&fixture, FRONT_INCOMPLETE_SIGNATURE,
                                 REQUIRES_ALL "Authorization=AWS4-");

    fixture.headers[2].name = slice_of_text("X-Other");
    front_fixture_assert_refused(&fixture, FRONT_INCOMPLETE_SIGNATURE,
                                 REQUIRES_ALL
                                 "Authorization header requires existence of either a "
                                 "'X-Amz-Date' or a 'Date' header. Authorization=AWS4-");
}

static void test_one_that_an_authorization_lacks_is_named_alone(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_add(&fixture, "Authorization", "AWS4-X Credential=,SignedHeaders=host");

    front_fixture_assert_refused(&fixture, FRONT_INCOMPLETE_SIGNATURE,
                                 "Authorization header requires 'Signature' parameter. "
                                 "Authorization=AWS4-X Credential=,SignedHeaders=host");
}

static void test_a_piece_without_equal_sign_is_named(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_add(&fixture, "Authorization", "AWS4-HMAC-SHA256 Credential= key/x, Signature=");

    front_fixture_assert_refused(
        &fixture, FRONT_INCOMPLETE_SIGNATURE,
        "'key/x' not a valid key=value pair (missing equal-sign) in Authorization header: "
        "'AWS4-HMAC-SHA256 Credential= key/x, Signature='.");
}

static void test_all_that_a_presigned_query_lacks_is_named_at_once(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);

    fixture.request.query = slice_of_text("X-Amz-Algorithm");
    front_fixture_assert_refused(&fixture, FRONT_INCOMPLETE_SIGNATURE,
                                 "AWS query-string parameters must include 'X-Amz-Algorithm'. "
                                 "AWS query-string parameters must include 'X-Amz-Credential'. "
                                 "AWS query-string parameters must include 'X-Amz-Signature'. "
                                 "AWS query-string parameters must include 'X-Amz-SignedHeaders'. "
                                 "AWS query-string parameters must include 'X-Amz-Date'. "
                                 "Re-examine the query-string parameters.");

    /* The date of a header does not stand in for the one that is signed. */
    fixture.request.query = slice_of_text(
        "X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Signature=c&X-Amz-SignedHeaders=d");
    front_fixture_assert_refused(&fixture, FRONT_INCOMPLETE_SIGNATURE,
                                 "AWS query-string parameters must include 'X-Amz-Date'. "
                                 "Re-examine the query-string parameters.");
}

static void test_a_date_that_is_none_is_refused_and_shown(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_add(&fixture, "Authorization", "AWS4-X Credential=,SignedHeaders=,Signature=");
    fixture.headers[2].value = slice_of_text("Sun, 30 Aug 2015 12:36:00 GMT");

    front_fixture_assert_refused(&fixture, FRONT_INCOMPLETE_SIGNATURE,
                                 "Date must be in ISO-8601 'basic format'. Got 'Sun, 30 Aug 2015 "
                                 "12:36:00 GMT'. See http://en.wikipedia.org/wiki/ISO_8601");
}

static void test_a_signature_lives_for_15_minutes_and_no_second_longer(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_sign(&fixture, "AKIDEXAMPLE", "eu-central-1", "dynamodb");

    fixture.now = FRONT_NOW + 900;
    front_fixture_assert_allowed(&fixture);

    fixture.now = FRONT_NOW + 901;
    front_fixture_assert_refused(&fixture, FRONT_INVALID_SIGNATURE,
                                 "Signature expired: 20150830T123600Z is now earlier than "
                                 "20150830T123601Z (20150830T125101Z - 15 min.)");
}

static void test_a_signature_may_be_15_minutes_ahead_and_no_second_more(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_sign(&fixture, "AKIDEXAMPLE", "eu-central-1", "dynamodb");

    fixture.now = FRONT_NOW - 900;
    front_fixture_assert_allowed(&fixture);

    fixture.now = FRONT_NOW - 901;
    front_fixture_assert_refused(&fixture, FRONT_INVALID_SIGNATURE,
                                 "Signature not yet current: 20150830T123600Z is still later than "
                                 "20150830T123559Z (20150830T122059Z + 15 min.)");
}

static void test_a_date_header_serves_where_there_is_no_other_and_only_there(void **state)
{
    (void)state;
    SCOPED(front_fixture) fixture;
    front_fixture_init(&fixture);
    front_fixture_sign(&fixture, "AKIDEXAMPLE", "eu-central-1", "dynamodb");
    front_fixture_add(&fixture, "Date", "Sun, 30 Aug 1998 12:36:00 GMT");
    front_fixture_assert_allowed(&fixture);

    /* The time is right now; the signature no longer is, as the header that it covers is gone. */
    fixture.headers[2].name = slice_of_text("X-Gone");
    fixture.headers[4].value = slice_of_text("Sun, 30 Aug 2015 12:36:00 GMT");
    struct front_verdict verdict = front_fixture_check(&fixture);
    assert_int_equal(verdict.outcome, FRONT_INVALID_SIGNATURE);
    assert_non_null(strstr(arena_copy_text(fixture.arena, verdict.message),
                           "'AWS4-HMAC-SHA256\n" FRONT_TIME "\n20150830/eu-central-1/"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_forms_at_once_are_refused_before_all_else),
        cmocka_unit_test(test_no_form_or_a_foreign_one_is_a_missing_token),
        cmocka_unit_test(test_other_parameters_of_a_query_do_not_make_it_presigned),
        cmocka_unit_test(test_all_that_an_authorization_lacks_is_named_at_once),
        cmocka_unit_test(test_one_that_an_authorization_lacks_is_named_alone),
        cmocka_unit_test(test_a_piece_without_equal_sign_is_named),
        cmocka_unit_test(test_all_that_a_presigned_query_lacks_is_named_at_once),
        cmocka_unit_test(test_a_date_that_is_none_is_refused_and_shown),
        cmocka_unit_test(test_a_signature_lives_for_15_minutes_and_no_second_longer),
        cmocka_unit_test(test_a_signature_may_be_15_minutes_ahead_and_no_second_more),
        cmocka_unit_test(test_a_date_header_serves_where_there_is_no_other_and_only_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
