#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/api/shape_fixture.h"

static void assert_fault(const char *body, const char *message)
{
    OWNED(arena) arena = arena_create();
    const struct json_node *nodes[SHAPE_MEMBER_COUNT_MAX];
    fixture_read(body, arena, nodes);

    struct json_fault fault = shape_check_types(&fixture_shape, nodes, arena);

    assert_int_equal(fault.kind, JSON_FAULT_TYPE);
    assert_string_equal(arena_copy_text(arena, fault.message), message);
}

static void assert_fine(const char *body)
{
    OWNED(arena) arena = arena_create();
    const struct json_node *nodes[SHAPE_MEMBER_COUNT_MAX];
    fixture_read(body, arena, nodes);

    assert_int_equal(shape_check_types(&fixture_shape, nodes, arena).kind, JSON_FAULT_NONE);
}

static void test_a_member_of_another_type_is_told_in_javas_words(void **state)
{
    (void)state;
    assert_fault("{\"Name\":1}", "NUMBER_VALUE cannot be converted to String");
    assert_fault("{\"Name\":{}}", "Start of structure or map found where not expected.");
    assert_fault("{\"Count\":\"1\"}", "STRING_VALUE cannot be converted to Integer");
    assert_fault("{\"Count\":1.5}", "DECIMAL_VALUE cannot be converted to Integer");
    assert_fault("{\"Flag\":\"true\"}", "STRING_VALUE cannot be converted to Boolean");
    assert_fault("{\"Items\":\"x\"}", "Unexpected field type");
    assert_fault("{\"SSEPart\":[]}", "Start of list found where not expected");
}

static void test_what_lies_within_lists_maps_and_structures_is_checked_too(void **state)
{
    (void)state;
    assert_fault("{\"Items\":[{\"Name\":\"a\"},{\"Name\":true}]}",
                 "TRUE_VALUE cannot be converted to String");
    assert_fault("{\"Items\":[1]}", "Unexpected value type in payload");
    assert_fault("{\"Map\":{\"a\":\"b\",\"c\":1}}", "NUMBER_VALUE cannot be converted to String");
    assert_fault("{\"SSEPart\":{\"Choice\":[]}}",
                 "Unrecognized collection type class java.lang.String");
}

static void test_null_is_the_same_as_missing_and_unknown_members_are_passed_over(void **state)
{
    (void)state;
    assert_fine("{\"Name\":null,\"Items\":[null],\"Map\":{\"a\":null},\"Other\":{\"Name\":1}}");
    assert_fine("{\"Name\":\"x\",\"Count\":1,\"Flag\":false,\"Items\":[{}],\"SSEPart\":{}}");
}

static int64_t integer_of(const char *text)
{
    return shape_integer(&(struct json_node){.kind = JSON_NUMBER, .text = slice_of_text(text)});
}

static void test_integers_beyond_64_bits_become_the_nearest(void **state)
{
    (void)state;
    assert_true(integer_of("0") == 0);
    assert_true(integer_of("-12") == -12);
    assert_true(integer_of("9223372036854775807") == INT64_MAX);
    assert_true(integer_of("9223372036854775808") == INT64_MAX);
    assert_true(integer_of("-9223372036854775808") == INT64_MIN);
    assert_true(integer_of("-9223372036854775809") == INT64_MIN);
    assert_true(integer_of("100000000000000000000000") == INT64_MAX);
    assert_true(integer_of("-100000000000000000000000") == INT64_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_member_of_another_type_is_told_in_javas_words),
        cmocka_unit_test(test_what_lies_within_lists_maps_and_structures_is_checked_too),
        cmocka_unit_test(test_null_is_the_same_as_missing_and_unknown_members_are_passed_over),
        cmocka_unit_test(test_integers_beyond_64_bits_become_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
