#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "router/front/api_error.h"

static void assert_written(enum api_error_kind kind, const char *message, const char *wanted)
{
    const struct api_error error = {
        .kind = kind,
        .message = message != NULL ? slice_of_text(message) : (struct slice){0},
    };
    SCOPED(buffer) body;
    buffer_init(&body);

    api_error_write(&error, &body);
    buffer_append_u8(&body, '\0');

    assert_string_equal((const char *)body.bytes, wanted);
}

static void test_each_kind_of_error_has_the_namespace_that_clients_know_it_by(void **state)
{
    (void)state;
    assert_written(API_ERROR_VALIDATION, "x",
                   "{\"__type\":\"com.amazon.coral.validate#ValidationException\","
                   "\"message\":\"x\"}");
    assert_written(API_ERROR_RESOURCE_IN_USE, "x",
                   "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ResourceInUseException\","
                   "\"message\":\"x\"}");
    assert_written(API_ERROR_INVALID_SIGNATURE, "x",
                   "{\"__type\":\"com.amazon.coral.service#InvalidSignatureException\","
                   "\"message\":\"x\"}");
}

static void test_the_message_of_a_serialization_error_is_spelt_with_a_capital(void **state)
{
    (void)state;
    assert_written(API_ERROR_SERIALIZATION, "x",
                   "{\"__type\":\"com.amazon.coral.service#SerializationException\","
                   "\"Message\":\"x\"}");
}

static void test_an_error_without_a_message_has_no_such_member(void **state)
{
    (void)state;
    assert_written(API_ERROR_SERIALIZATION, NULL,
                   "{\"__type\":\"com.amazon.coral.service#SerializationException\"}");
}

static void test_what_a_client_sent_is_escaped_in_a_message(void **state)
{
    (void)state;
    assert_written(API_ERROR_VALIDATION, "\"\n\\",
                   "{\"__type\":\"com.amazon.coral.validate#ValidationException\","
                   "\"message\":\"\\\"\\n\\\\\"}");
}

static void test_only_our_own_failures_have_a_status_above_499(void **state)
{
    (void)state;
    assert_int_equal(api_error_status(API_ERROR_VALIDATION), 400);
    assert_int_equal(api_error_status(API_ERROR_THROTTLING), 400);
    assert_int_equal(api_error_status(API_ERROR_TOO_LARGE), 413);
    assert_int_equal(api_error_status(API_ERROR_INTERNAL), 500);
    assert_int_equal(api_error_status(API_ERROR_UNAVAILABLE), 503);
    assert_string_equal(api_error_name(API_ERROR_INTERNAL), "InternalServerError");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_kind_of_error_has_the_namespace_that_clients_know_it_by),
        cmocka_unit_test(test_the_message_of_a_serialization_error_is_spelt_with_a_capital),
        cmocka_unit_test(test_an_error_without_a_message_has_no_such_member),
        cmocka_unit_test(test_what_a_client_sent_is_escaped_in_a_message),
        cmocka_unit_test(test_only_our_own_failures_have_a_status_above_499),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
