#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "tests/support/region_assert.h"

/* One region serves all tests: none of them changes it. */
static struct region *region;

static int set_up(void **state)
{
    (void)state;
    region = region_create(NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    region_destroy(region);
    return 0;
}

#define LIST_TABLES "DynamoDB_20120810.ListTables"
#define SERVICE     "{\"__type\":\"com.amazon.coral.service#"
#define SYNTAX      SERVICE "SerializationException\"}"
#define UNKNOWN     SERVICE "UnknownOperationException\"}"
#define NO_TOKEN                                                                                   \
    SERVICE "MissingAuthenticationTokenException\",\"message\":\"Request is missing "              \
            "Authentication Token\"}"

static const struct region_answer *send(struct region_request request)
{
    return region_send(region, &request);
}

static void test_a_get_is_answered_with_the_health_text(void **state)
{
    (void)state;
    const struct region_answer *answer = send((struct region_request){.method = "GET"});

    assert_answer(answer, 200, "healthy: dynamodb." REGION_NAME ".amazonaws.com ");
    /* Of these bytes, as AWS answers it. */
    assert_string_equal(answer->checksum, "3128867991");
}

static void test_what_is_no_post_of_json_is_not_found(void **state)
{
    (void)state;
    const char *text = "<UnknownOperationException/>\n";
    assert_answer(send((struct region_request){.method = "OPTIONS"}), 404, text);
    assert_answer(send((struct region_request){.method = "PUT", .target = LIST_TABLES}), 404, text);
    assert_answer(send((struct region_request){.content_type = "text/plain"}), 404, text);
    assert_answer(send((struct region_request){.content_type = ""}), 404, text);
    assert_string_equal(send((struct region_request){.method = "HEAD"})->content_type, "");
}

static void test_a_body_over_16_mb_is_refused_before_anything_else(void **state)
{
    (void)state;
    uint8_t *bytes = memory_alloc_zeroed(LIMIT_REQUEST_SIZE + 1);
    const struct region_answer *answer = send((struct region_request){
        .method = "GET", .authorization = "", .body = slice_of(bytes, LIMIT_REQUEST_SIZE + 1)});
    memory_free(bytes);

    assert_int_equal(answer->status_code, 413);
}

static void test_a_body_that_is_no_json_comes_before_an_unknown_target(void **state)
{
    (void)state;
    const struct region_request no_json = {.body = slice_of_text("{"), .authorization = ""};
    assert_answer(send(no_json), 400, SYNTAX);
    assert_answer(send((struct region_request){.body = slice_of_text("[]")}), 400, SYNTAX);
}

static void test_an_unknown_target_comes_before_authentication(void **state)
{
    (void)state;
    struct region_request request = {.authorization = "", .body = slice_of_text("{}")};
    assert_answer(send(request), 400, UNKNOWN);
    request.target = "DynamoDB_20120810.Nothing";
    assert_answer(send(request), 400, UNKNOWN);
    request.target = "DynamoDB_20111205.ListTables";
    assert_answer(send(request), 400, UNKNOWN);
    request.target = "ListTables";
    assert_answer(send(request), 400, UNKNOWN);
}

static void test_an_operation_not_served_yet_is_refused_by_name(void **state)
{
    (void)state;
    assert_answer(region_call(region, "CreateBackup", "{}"), 400,
                  SERVICE "UnknownOperationException\",\"message\":\"Graticule does not serve "
                          "CreateBackup yet\"}");
    assert_answer(send((struct region_request){.target = "DynamoDBStreams_20120810.GetRecords",
                                               .body = slice_of_text("{}")}),
                  400,
                  SERVICE "UnknownOperationException\",\"message\":\"Graticule does not serve "
                          "GetRecords yet\"}");
    assert_answer(send((struct region_request){.target = "DynamoDBStreams_20120810.ListTables",
                                               .body = slice_of_text("{}")}),
                  400, UNKNOWN);
}

static void test_a_missing_token_comes_before_an_empty_body_and_wrong_types(void **state)
{
    (void)state;
    struct region_request request = {.target = LIST_TABLES, .authorization = ""};
    assert_answer(send(request), 400, NO_TOKEN);
    request.body = slice_of_text("{\"Limit\":\"x\"}");
    assert_answer(send(request), 400, NO_TOKEN);
    request.target = "DynamoDB_20120810.GetItem";
    request.body = slice_of_text("{\"Key\":\"x\"}");
    assert_answer(send(request), 400, NO_TOKEN);
}

static void test_no_json_after_a_wrong_type_is_still_no_json(void **state)
{
    (void)state;
    assert_answer(send((struct region_request){.target = "DynamoDB_20120810.GetItem",
                                               .body = slice_of_text("{\"Key\":\"x\""),
                                               .authorization = ""}),
                  400, SYNTAX);
}

static void test_a_header_that_lacks_its_parts_is_incomplete(void **state)
{
    (void)state;
    assert_told(send((struct region_request){.target = LIST_TABLES,
                                             .body = slice_of_text("{}"),
                                             .authorization = "AWS4-HMAC-SHA256 Signature=x"}),
                SERVICE "IncompleteSignatureException\",\"message\":\"Authorization header "
                        "requires 'Credential' parameter. Authorization header requires "
                        "'SignedHeaders' parameter. Authorization=AWS4-HMAC-SHA256 Signature=x\"");
}

static void test_an_expired_time_comes_before_an_unknown_key(void **state)
{
    (void)state;
    assert_told(send((struct region_request){.target = LIST_TABLES,
                                             .body = slice_of_text("{}"),
                                             .access_key_id = "NOBODY",
                                             .age_s = 1000}),
                SERVICE "InvalidSignatureException\",\"message\":\"Signature expired: ");
}

static void test_a_wrong_region_or_service_comes_before_an_unknown_key(void **state)
{
    (void)state;
    struct region_request request = {
        .target = LIST_TABLES, .body = slice_of_text("{}"), .access_key_id = "NOBODY"};
    request.region_name = "mars-1";
    assert_told(send(request), "Credential should be scoped to a valid region, not 'mars-1'. ");
    request.region_name = NULL;
    request.service = "sts";
    assert_told(send(request), "Credential should be scoped to correct service: 'dynamodb'. ");
}

static void test_an_unknown_key_comes_before_a_wrong_signature(void **state)
{
    (void)state;
    struct region_request request = {
        .target = LIST_TABLES, .body = slice_of_text("{}"), .secret = "wrong"};
    assert_told(send(request),
                SERVICE "InvalidSignatureException\",\"message\":\"The request signature we "
                        "calculated does not match the signature you provided.");
    request.access_key_id = "NOBODY";
    assert_told(send(request),
                SERVICE "UnrecognizedClientException\",\"message\":\"The security token included "
                        "in the request is invalid.\"");
}

static void test_an_empty_body_of_a_known_client_is_no_json(void **state)
{
    (void)state;
    assert_answer(send((struct region_request){.target = LIST_TABLES}), 400, SYNTAX);
}

static void test_types_come_before_constraints_and_constraints_before_values(void **state)
{
    (void)state;
    assert_serialization(
        region_call(region, "PutItem", "{\"TableName\":\"x\",\"Item\":{\"a\":{\"S\":1}}}"),
        "NUMBER_VALUE cannot be converted to String");
    assert_validation(
        region_call(region, "PutItem", "{\"TableName\":\"x\",\"Item\":{\"a\":{\"SS\":[]}}}"),
        "1 validation error detected: Value 'x' at 'tableName' failed to satisfy constraint: "
        "Member must have length greater than or equal to 3");
    assert_validation(
        region_call(region, "PutItem", "{\"TableName\":\"xyz\",\"Item\":{\"a\":{\"SS\":[]}}}"),
        "One or more parameter values were invalid: An string set  may not be empty");
}

static void test_every_answer_has_an_id_of_its_own_and_a_checksum(void **state)
{
    (void)state;
    char first_id[64];
    const struct region_answer *answer = region_call(region, "ListTables", "{}");
    assert_answer(answer, 200, "{\"TableNames\":[]}");
    assert_string_equal(answer->checksum, "1315925753");
    assert_string_equal(answer->server, "Server");
    assert_int_equal(strlen(answer->request_id), 52);
    strcpy(first_id, answer->request_id);

    assert_string_not_equal(region_call(region, "ListTables", "{}")->request_id, first_id);
}

static void test_a_small_answer_is_sent_as_it_is(void **state)
{
    (void)state;
    assert_answer(send((struct region_request){.target = LIST_TABLES,
                                               .body = slice_of_text("{}"),
                                               .header_name = "accept-encoding",
                                               .header_value = "gzip"}),
                  200, "{\"TableNames\":[]}");
}

static void test_the_content_type_asked_with_is_the_one_answered_with(void **state)
{
    (void)state;
    struct region_request request = {.target = LIST_TABLES, .body = slice_of_text("{}")};
    assert_string_equal(send(request)->content_type, "application/x-amz-json-1.0");
    request.content_type = "application/x-amz-json-1.1; charset=utf-8";
    assert_string_equal(send(request)->content_type, "application/x-amz-json-1.1");
    request.content_type = "Application/JSON";
    assert_string_equal(send(request)->content_type, "application/json");
}

static void test_too_many_requests_at_a_time_are_throttled_and_the_others_are_not(void **state)
{
    (void)state;
    OWNED(region) narrow = region_create(&(struct region_options){.request_count_max = 2});
    const struct region_request request = {.target = LIST_TABLES, .body = slice_of_text("{}")};
    size_t first = region_begin(narrow, &request);
    size_t second = region_begin(narrow, &request);
    size_t third = region_begin(narrow, &request);

    assert_null(region_answer_of(narrow, first));
    assert_non_null(region_answer_of(narrow, third));
    assert_told(region_answer_of(narrow, third),
                "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ThrottlingException\"");
    assert_int_equal(region_finish(narrow, first)->status_code, 200);
    assert_int_equal(region_finish(narrow, second)->status_code, 200);
    assert_int_equal(region_send(narrow, &request)->status_code, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_get_is_answered_with_the_health_text),
        cmocka_unit_test(test_what_is_no_post_of_json_is_not_found),
        cmocka_unit_test(test_a_body_over_16_mb_is_refused_before_anything_else),
        cmocka_unit_test(test_a_body_that_is_no_json_comes_before_an_unknown_target),
        cmocka_unit_test(test_an_unknown_target_comes_before_authentication),
        cmocka_unit_test(test_an_operation_not_served_yet_is_refused_by_name),
        cmocka_unit_test(test_a_missing_token_comes_before_an_empty_body_and_wrong_types),
        cmocka_unit_test(test_no_json_after_a_wrong_type_is_still_no_json),
        cmocka_unit_test(test_a_header_that_lacks_its_parts_is_incomplete),
        cmocka_unit_test(test_an_expired_time_comes_before_an_unknown_key),
        cmocka_unit_test(test_a_wrong_region_or_service_comes_before_an_unknown_key),
        cmocka_unit_test(test_an_unknown_key_comes_before_a_wrong_signature),
        cmocka_unit_test(test_an_empty_body_of_a_known_client_is_no_json),
        cmocka_unit_test(test_types_come_before_constraints_and_constraints_before_values),
        cmocka_unit_test(test_every_answer_has_an_id_of_its_own_and_a_checksum),
        cmocka_unit_test(test_a_small_answer_is_sent_as_it_is),
        cmocka_unit_test(test_the_content_type_asked_with_is_the_one_answered_with),
        cmocka_unit_test(test_too_many_requests_at_a_time_are_throttled_and_the_others_are_not),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
