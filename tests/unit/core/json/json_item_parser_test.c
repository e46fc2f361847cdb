#include "core/base/limits.h"
#include "tests/unit/core/json/json_fixture.h"

#include <string.h>

#define NO_TYPE                                                                                    \
    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
#define MANY_TYPES                                                                                 \
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "    \
    "supported datatypes"
#define INVALID_PARAMETER "One or more parameter values were invalid: "
#define NOT_NUMERIC       "The parameter cannot be converted to a numeric value"

static void assert_becomes(struct json_fixture *fixture, const char *json, const char *expected)
{
    struct json_request request = parse_attribute(fixture, json);
    assert_fault(request.fault, JSON_FAULT_NONE, "");
    assert_item(member(request.root, "Item")->text,
                arena_format(fixture->arena, "{\"a\":%s}", expected));
}

static void assert_unchanged(struct json_fixture *fixture, const char *json)
{
    assert_becomes(fixture, json, json);
}

static void assert_type_fault(struct json_fixture *fixture, const char *json, const char *message)
{
    struct json_request request = parse_attribute(fixture, json);
    assert_fault(request.fault, JSON_FAULT_TYPE, message);
    assert_null(request.root);
}

static void assert_syntax_fault(struct json_fixture *fixture, const char *json)
{
    struct json_request request = parse_attribute(fixture, json);
    assert_fault(request.fault, JSON_FAULT_SYNTAX, "");
    assert_null(request.root);
}

/* The document is there, but the item is not. */
static void assert_validation_fault(struct json_fixture *fixture, const char *json,
                                    const char *message)
{
    struct json_request request = parse_attribute(fixture, json);
    assert_fault(request.fault, JSON_FAULT_VALIDATION, message);
    assert_int_equal(member(request.root, "Item")->text.size, 0);
}

static void test_values_of_every_type_become_item_bytes(void **state)
{
    assert_unchanged(*state, "{\"S\":\"text\"}");
    assert_unchanged(*state, "{\"S\":\"\"}");
    assert_unchanged(*state, "{\"S\":\"\\\"\\n\xc3\xa9\"}");
    assert_unchanged(*state, "{\"N\":\"-12.5\"}");
    assert_unchanged(*state, "{\"B\":\"/+8=\"}");
    assert_unchanged(*state, "{\"B\":\"\"}");
    assert_unchanged(*state, "{\"BOOL\":true}");
    assert_unchanged(*state, "{\"BOOL\":false}");
    assert_unchanged(*state, "{\"NULL\":true}");
    assert_unchanged(*state, "{\"L\":[]}");
    assert_unchanged(*state, "{\"L\":[{\"S\":\"x\"},{\"L\":[{\"N\":\"1\"}]}]}");
    assert_unchanged(*state, "{\"M\":{}}");
    assert_unchanged(*state, "{\"M\":{\"k\":{\"M\":{\"k\":{\"S\":\"x\"}}}}}");
    assert_unchanged(*state, "{\"SS\":[\"\",\"a\",\"b\"]}");
    assert_unchanged(*state, "{\"NS\":[\"-1\",\"0\",\"2\"]}");
    assert_unchanged(*state, "{\"BS\":[\"\",\"AA==\"]}");
}

static void test_values_are_brought_into_canonical_form(void **state)
{
    assert_becomes(*state, "{\"N\":\"0042.1200\"}", "{\"N\":\"42.12\"}");
    assert_becomes(*state, "{\"N\":\"-0\"}", "{\"N\":\"0\"}");
    assert_becomes(*state, "{\"SS\":[\"b\",\"a\"]}", "{\"SS\":[\"a\",\"b\"]}");
    assert_becomes(*state, "{\"NS\":[\"10\",\"9\",\"-1\"]}", "{\"NS\":[\"-1\",\"9\",\"10\"]}");
    assert_becomes(*state, "{\"M\":{\"b\":{\"S\":\"\"},\"a\":{\"S\":\"\"}}}",
                   "{\"M\":{\"a\":{\"S\":\"\"},\"b\":{\"S\":\"\"}}}");
    assert_becomes(*state, "{\"S\":\"\\u0061\\ud83d\\ude00\"}", "{\"S\":\"a\xf0\x9f\x98\x80\"}");
}

static void test_null_that_is_false_is_null_all_the_same(void **state)
{
    assert_becomes(*state, "{\"NULL\":false}", "{\"NULL\":true}");
}

static void test_unknown_members_and_types_that_are_null_are_passed_over(void **state)
{
    assert_becomes(*state, "{\"X\":{\"S\":[1,{\"S\":2}]},\"S\":\"x\",\"Y\":5,\"Z\":[[]]}",
                   "{\"S\":\"x\"}");
    assert_becomes(*state, "{\"N\":null,\"S\":\"x\",\"M\":null}", "{\"S\":\"x\"}");
}

static void test_an_attribute_value_without_a_type_is_invalid(void **state)
{
    assert_validation_fault(*state, "{}", NO_TYPE);
    assert_validation_fault(*state, "{\"X\":\"x\"}", NO_TYPE);
    assert_validation_fault(*state, "{\"S\":null}", NO_TYPE);
    assert_validation_fault(*state, "null", NO_TYPE);
    assert_validation_fault(*state, "{\"L\":[{}]}", NO_TYPE);
    assert_validation_fault(*state, "{\"L\":[null]}", NO_TYPE);
    assert_validation_fault(*state, "{\"M\":{\"k\":{}}}", NO_TYPE);
}

static void test_an_attribute_value_of_two_types_is_invalid(void **state)
{
    assert_validation_fault(*state, "{\"S\":\"x\",\"N\":\"1\"}", MANY_TYPES);
    assert_validation_fault(*state, "{\"N\":\"1\",\"L\":[{\"S\":\"x\"}]}", MANY_TYPES);
    assert_validation_fault(*state, "{\"M\":{},\"NULL\":true}", MANY_TYPES);
    assert_validation_fault(*state, "{\"SS\":[\"a\"],\"NS\":[\"1\"],\"B\":\"\"}", MANY_TYPES);
}

static void test_what_is_no_number_is_invalid(void **state)
{
    assert_validation_fault(*state, "{\"N\":\"\"}", NOT_NUMERIC);
    assert_validation_fault(*state, "{\"N\":\"abc\"}", NOT_NUMERIC ": abc");
    assert_validation_fault(*state, "{\"N\":\" 1\"}", NOT_NUMERIC ":  1");
    assert_validation_fault(*state, "{\"NS\":[\"1\",\"x\"]}", NOT_NUMERIC ": x");
    assert_validation_fault(*state, "{\"N\":\"1E126\"}",
                            "Number overflow. Attempting to store a number with magnitude larger "
                            "than supported range");
    assert_validation_fault(*state, "{\"N\":\"1E-131\"}",
                            "Number underflow. Attempting to store a number with magnitude "
                            "smaller than supported range");
    assert_validation_fault(*state, "{\"N\":\"123456789012345678901234567890123456789\"}",
                            "Attempting to store more than 38 significant digits in a Number");
}

static void test_a_message_repeats_a_bounded_part_of_a_text(void **state)
{
    struct json_fixture *fixture = *state;
    SCOPED(buffer) json = {0};
    buffer_append_text(&json, "{\"N\":\"x");
    for (size_t i = 0; i < 100000; i++)
        buffer_append_text(&json, "\xc3\xa9");
    buffer_append(&json, slice_of("\"}", 3));

    struct json_request request = parse_attribute(fixture, (const char *)json.bytes);

    assert_int_equal(request.fault.kind, JSON_FAULT_VALIDATION);
    assert_int_equal(request.fault.message.size, strlen(NOT_NUMERIC ": x") + 1022);
}

static void test_an_empty_set_is_invalid(void **state)
{
    assert_validation_fault(*state, "{\"SS\":[]}",
                            INVALID_PARAMETER "An string set  may not be empty");
    assert_validation_fault(*state, "{\"NS\":[]}",
                            INVALID_PARAMETER "An number set  may not be empty");
    assert_validation_fault(*state, "{\"BS\":[]}",
                            INVALID_PARAMETER "Binary sets should not be empty");
}

static void test_a_set_with_duplicates_is_invalid_and_shown_as_it_was_written(void **state)
{
    assert_validation_fault(*state, "{\"SS\":[\"b\",\"\\u0061\",\"c\",\"a\"]}",
                            INVALID_PARAMETER "Input collection [b, a, c, a] contains duplicates.");
    assert_validation_fault(*state, "{\"NS\":[\"1\",\"1.0\"]}",
                            INVALID_PARAMETER "Input collection [1, 1.0] contains duplicates.");
    assert_validation_fault(*state, "{\"BS\":[\"AA==\",\"AA==\"]}",
                            INVALID_PARAMETER
                            "Input collection [AA==, AA==]of type BS contains duplicates.");
}

static void test_a_long_set_with_duplicates_is_shown_in_part(void **state)
{
    struct json_fixture *fixture = *state;
    SCOPED(buffer) json = {0};
    buffer_append_text(&json, "{\"SS\":[\"a\"");
    for (size_t i = 0; i < 5000; i++)
        buffer_append_text(&json, ",\"a\"");
    buffer_append(&json, slice_of("]}", 3));

    struct json_request request = parse_attribute(fixture, (const char *)json.bytes);

    assert_int_equal(request.fault.kind, JSON_FAULT_VALIDATION);
    assert_true(request.fault.message.size < 1200);
}

static void test_the_duplicates_shown_are_those_of_their_own_set(void **state)
{
    assert_validation_fault(*state, "{\"L\":[{\"SS\":[\"x\"]},{\"SS\":[\"a\",\"a\"]}]}",
                            INVALID_PARAMETER "Input collection [a, a] contains duplicates.");
}

/* A value within `count` lists. */
static const char *nested(struct json_fixture *fixture, unsigned count, const char *value)
{
    SCOPED(buffer) json = {0};
    for (unsigned i = 0; i < count; i++)
        buffer_append_text(&json, "{\"L\":[");
    buffer_append_text(&json, value);
    for (unsigned i = 0; i < count; i++)
        buffer_append_text(&json, "]}");
    return arena_copy_text(fixture->arena, buffer_slice(&json));
}

static void test_values_may_stand_within_32_lists_and_maps(void **state)
{
    assert_unchanged(*state, nested(*state, LIMIT_ITEM_DEPTH, "{\"S\":\"x\"}"));
    assert_unchanged(*state, nested(*state, LIMIT_ITEM_DEPTH, "{\"SS\":[\"x\"]}"));
    assert_unchanged(*state, nested(*state, LIMIT_ITEM_DEPTH - 1, "{\"M\":{}}"));
}

static void test_one_list_or_map_more_is_invalid(void **state)
{
    static const char message[] = "Nesting Levels have exceeded supported limits";
    assert_validation_fault(*state, nested(*state, LIMIT_ITEM_DEPTH, "{\"M\":{}}"), message);
    assert_validation_fault(*state, nested(*state, LIMIT_ITEM_DEPTH + 1, "{\"S\":\"x\"}"), message);
    assert_validation_fault(*state, nested(*state, 3 * LIMIT_ITEM_DEPTH, "{\"S\":\"x\"}"), message);
}

static void test_scalars_of_the_wrong_json_type_are_type_faults(void **state)
{
    assert_type_fault(*state, "{\"S\":5}", "NUMBER_VALUE cannot be converted to String");
    assert_type_fault(*state, "{\"S\":5.5}", "DECIMAL_VALUE cannot be converted to String");
    assert_type_fault(*state, "{\"N\":5}", "NUMBER_VALUE cannot be converted to String");
    assert_type_fault(*state, "{\"N\":true}", "TRUE_VALUE cannot be converted to String");
    assert_type_fault(*state, "{\"SS\":[false]}", "FALSE_VALUE cannot be converted to String");
    assert_type_fault(*state, "{\"NS\":[1]}", "NUMBER_VALUE cannot be converted to String");
    assert_type_fault(*state, "{\"NS\":[null]}", "NULL_VALUE cannot be converted to String");
    assert_type_fault(*state, "{\"BOOL\":\"true\"}", "STRING_VALUE cannot be converted to Boolean");
    assert_type_fault(*state, "{\"NULL\":1}", "NUMBER_VALUE cannot be converted to Boolean");
    assert_type_fault(*state, "{\"B\":1}", "only base-64-encoded strings are convertible to bytes");
    assert_type_fault(*state, "{\"BS\":[1]}",
                      "only base-64-encoded strings are convertible to bytes");
}

static void test_containers_of_the_wrong_json_type_are_type_faults(void **state)
{
    static const char start[] = "Start of structure or map found where not expected.";
    assert_type_fault(*state, "{\"S\":{}}", start);
    assert_type_fault(*state, "{\"L\":{}}", start);
    assert_type_fault(*state, "{\"SS\":[{}]}", start);
    assert_type_fault(*state, "{\"S\":[]}", "Unrecognized collection type class java.lang.String");
    assert_type_fault(*state, "{\"BOOL\":[]}",
                      "Unrecognized collection type class java.lang.Boolean");
    assert_type_fault(*state, "{\"B\":[]}",
                      "Unrecognized collection type class java.nio.ByteBuffer");
    assert_type_fault(*state, "{\"L\":\"x\"}", "Unexpected field type");
    assert_type_fault(*state, "{\"M\":5}", "Unexpected field type");
    assert_type_fault(*state, "{\"SS\":\"x\"}", "Unexpected field type");
    assert_type_fault(*state, "{\"M\":[]}",
                      "Unrecognized collection type java.util.Map<java.lang.String, "
                      "com.amazonaws.dynamodb.v20120810.AttributeValue>");
}

static void test_what_is_no_attribute_value_is_a_type_fault(void **state)
{
    static const char list[] = "Unrecognized collection type class "
                               "com.amazonaws.dynamodb.v20120810.AttributeValue";
    assert_type_fault(*state, "\"x\"", "Unexpected value type in payload");
    assert_type_fault(*state, "5", "Unexpected value type in payload");
    assert_type_fault(*state, "{\"L\":[\"x\"]}", "Unexpected value type in payload");
    assert_type_fault(*state, "{\"M\":{\"k\":true}}", "Unexpected value type in payload");
    assert_type_fault(*state, "[]", list);
    assert_type_fault(*state, "{\"L\":[[]]}", list);
}

static void test_binary_that_is_no_base64_is_a_type_fault(void **state)
{
    assert_type_fault(*state, "{\"B\":\"abc\"}",
                      "Base64 encoded length is expected a multiple of 4 bytes but found: 3");
    assert_type_fault(*state, "{\"BS\":[\"AA==\",\"%%%%\"]}", "Invalid Base64 encoding");
}

static void test_names_that_repeat_are_syntax_faults(void **state)
{
    struct json_fixture *fixture = *state;
    assert_syntax_fault(fixture, "{\"S\":\"x\",\"S\":\"x\"}");
    assert_syntax_fault(fixture, "{\"S\":null,\"S\":\"x\"}");
    assert_syntax_fault(fixture, "{\"M\":{\"k\":{\"S\":\"x\"},\"\\u006b\":{\"S\":\"y\"}}}");

    struct json_request request =
        parse(fixture, "{\"Item\":{\"a\":{\"S\":\"x\"},\"b\":{\"S\":\"x\"},\"a\":{\"S\":\"x\"}}}");
    assert_fault(request.fault, JSON_FAULT_SYNTAX, "");
}

static void test_the_first_of_several_validation_faults_is_reported(void **state)
{
    assert_validation_fault(*state, "{\"L\":[{},{\"N\":\"x\"},{\"SS\":[]}]}", NO_TYPE);
    assert_validation_fault(*state, "{\"L\":[{\"N\":\"x\"},{},{\"SS\":[]}]}", NOT_NUMERIC ": x");
}

static void test_a_type_fault_is_reported_instead_of_a_validation_fault_before_it(void **state)
{
    struct json_fixture *fixture = *state;
    assert_type_fault(fixture, "{\"L\":[{\"N\":\"x\"},{\"S\":5}]}",
                      "NUMBER_VALUE cannot be converted to String");
    assert_type_fault(fixture, "{\"L\":[{},{\"BS\":[\"AA==\",\"a\"]}]}",
                      "Base64 encoded length is expected a multiple of 4 bytes but found: 1");
    assert_type_fault(fixture, "{\"S\":\"x\",\"M\":{\"k\":{\"L\":5}}}", "Unexpected field type");
    assert_syntax_fault(fixture, "{\"L\":[{},{\"S\":\"x\"}");
}

static void test_a_parser_that_met_a_fault_reads_the_next_item(void **state)
{
    assert_validation_fault(*state, "{\"L\":[{\"SS\":[]}]}",
                            INVALID_PARAMETER "An string set  may not be empty");
    assert_unchanged(*state, "{\"S\":\"x\"}");
    assert_type_fault(*state, "{\"L\":[{\"M\":{\"k\":7}}]}", "Unexpected value type in payload");
    assert_unchanged(*state, "{\"SS\":[\"x\"]}");
}

static void test_a_lone_value_is_its_type_and_payload(void **state)
{
    struct json_request request = parse(*state, "{\"Value\":{\"L\":[{\"S\":\"x\"}]}}");
    struct value value = json_node_value(member(request.root, "Value"));
    SCOPED(buffer) json = {0};

    assert_int_equal(value.type, VALUE_LIST);
    json_value_write(&json, value);
    assert_true(slice_is_text(buffer_slice(&json), "{\"L\":[{\"S\":\"x\"}]}"));
}

static void test_a_lone_value_that_is_none_is_a_fault(void **state)
{
    assert_fault(parse(*state, "{\"Value\":5}").fault, JSON_FAULT_TYPE,
                 "Unexpected value type in payload");
    assert_fault(parse(*state, "{\"Value\":{}}").fault, JSON_FAULT_VALIDATION, NO_TYPE);
}

static void test_an_item_that_is_none_is_a_type_fault(void **state)
{
    assert_fault(parse(*state, "{\"Item\":5}").fault, JSON_FAULT_TYPE, "Unexpected field type");
    assert_fault(parse(*state, "{\"Item\":[]}").fault, JSON_FAULT_TYPE,
                 "Unrecognized collection type java.util.Map<java.lang.String, "
                 "com.amazonaws.dynamodb.v20120810.AttributeValue>");
}

#define TEST(function)                                                                             \
    cmocka_unit_test_setup_teardown(function, json_fixture_create, json_fixture_destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_values_of_every_type_become_item_bytes),
        TEST(test_values_are_brought_into_canonical_form),
        TEST(test_null_that_is_false_is_null_all_the_same),
        TEST(test_unknown_members_and_types_that_are_null_are_passed_over),
        TEST(test_an_attribute_value_without_a_type_is_invalid),
        TEST(test_an_attribute_value_of_two_types_is_invalid),
        TEST(test_what_is_no_number_is_invalid),
        TEST(test_a_message_repeats_a_bounded_part_of_a_text),
        TEST(test_an_empty_set_is_invalid),
        TEST(test_a_set_with_duplicates_is_invalid_and_shown_as_it_was_written),
        TEST(test_a_long_set_with_duplicates_is_shown_in_part),
        TEST(test_the_duplicates_shown_are_those_of_their_own_set),
        TEST(test_values_may_stand_within_32_lists_and_maps),
        TEST(test_one_list_or_map_more_is_invalid),
        TEST(test_scalars_of_the_wrong_json_type_are_type_faults),
        TEST(test_containers_of_the_wrong_json_type_are_type_faults),
        TEST(test_what_is_no_attribute_value_is_a_type_fault),
        TEST(test_binary_that_is_no_base64_is_a_type_fault),
        TEST(test_names_that_repeat_are_syntax_faults),
        TEST(test_the_first_of_several_validation_faults_is_reported),
        TEST(test_a_type_fault_is_reported_instead_of_a_validation_fault_before_it),
        TEST(test_a_parser_that_met_a_fault_reads_the_next_item),
        TEST(test_a_lone_value_is_its_type_and_payload),
        TEST(test_a_lone_value_that_is_none_is_a_fault),
        TEST(test_an_item_that_is_none_is_a_type_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
