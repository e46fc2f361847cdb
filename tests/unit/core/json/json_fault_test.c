#include "tests/unit/core/json/json_fixture.h"

static void assert_mismatch(struct arena *arena, struct json_node found, enum json_target wanted,
                            const char *message)
{
    assert_fault(json_fault_mismatch(arena, &found, wanted), JSON_FAULT_TYPE, message);
}

static const struct json_node number = {.kind = JSON_NUMBER, .text = {(const uint8_t *)"23", 2}};

static void test_scalars_are_named_as_found_and_as_wanted(void **state)
{
    struct arena *arena = ((struct json_fixture *)*state)->arena;
    struct json_node text = {.kind = JSON_STRING};
    struct json_node yes = {.kind = JSON_TRUE};
    struct json_node no = {.kind = JSON_FALSE};
    struct json_node decimal = {.kind = JSON_NUMBER, .text = slice_of_text("1E5")};

    assert_mismatch(arena, number, JSON_TARGET_STRING,
                    "NUMBER_VALUE cannot be converted to String");
    assert_mismatch(arena, decimal, JSON_TARGET_STRING,
                    "DECIMAL_VALUE cannot be converted to String");
    assert_mismatch(arena, text, JSON_TARGET_BOOLEAN,
                    "STRING_VALUE cannot be converted to Boolean");
    assert_mismatch(arena, yes, JSON_TARGET_INTEGER, "TRUE_VALUE cannot be converted to Integer");
    assert_mismatch(arena, no, JSON_TARGET_LONG, "FALSE_VALUE cannot be converted to Long");
}

static void test_scalars_in_the_place_of_others_are_unexpected(void **state)
{
    struct arena *arena = ((struct json_fixture *)*state)->arena;
    assert_mismatch(arena, number, JSON_TARGET_LIST, "Unexpected field type");
    assert_mismatch(arena, number, JSON_TARGET_STRING_MAP, "Unexpected field type");
    assert_mismatch(arena, number, JSON_TARGET_ITEM, "Unexpected field type");
    assert_mismatch(arena, number, JSON_TARGET_STRUCTURE, "Unexpected value type in payload");
    assert_mismatch(arena, number, JSON_TARGET_ATTRIBUTE_VALUE, "Unexpected value type in payload");
    assert_mismatch(arena, number, JSON_TARGET_BLOB,
                    "only base-64-encoded strings are convertible to bytes");
}

static void test_objects_and_items_are_not_expected_elsewhere(void **state)
{
    struct arena *arena = ((struct json_fixture *)*state)->arena;
    static const char message[] = "Start of structure or map found where not expected.";
    assert_mismatch(arena, (struct json_node){.kind = JSON_OBJECT}, JSON_TARGET_LIST, message);
    assert_mismatch(arena, (struct json_node){.kind = JSON_ITEM}, JSON_TARGET_STRING, message);
    assert_mismatch(arena, (struct json_node){.kind = JSON_VALUE}, JSON_TARGET_BLOB, message);
}

static void test_arrays_name_the_class_that_is_no_collection(void **state)
{
    struct arena *arena = ((struct json_fixture *)*state)->arena;
    struct json_node array = {.kind = JSON_ARRAY};
    assert_mismatch(arena, array, JSON_TARGET_INTEGER,
                    "Unrecognized collection type class java.lang.Integer");
    assert_mismatch(arena, array, JSON_TARGET_LONG,
                    "Unrecognized collection type class java.lang.Long");
    assert_mismatch(arena, array, JSON_TARGET_STRING_MAP,
                    "Unrecognized collection type java.util.Map<java.lang.String, "
                    "java.lang.String>");
    assert_mismatch(arena, array, JSON_TARGET_STRUCTURE, "Start of list found where not expected");
}

static void test_a_message_is_formatted_into_the_arena(void **state)
{
    struct arena *arena = ((struct json_fixture *)*state)->arena;
    struct json_fault fault = json_fault_of(JSON_FAULT_VALIDATION, arena, "%d of %s", 3, "a kind");

    assert_fault(fault, JSON_FAULT_VALIDATION, "3 of a kind");
}

#define TEST(function)                                                                             \
    cmocka_unit_test_setup_teardown(function, json_fixture_create, json_fixture_destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_scalars_are_named_as_found_and_as_wanted),
        TEST(test_scalars_in_the_place_of_others_are_unexpected),
        TEST(test_objects_and_items_are_not_expected_elsewhere),
        TEST(test_arrays_name_the_class_that_is_no_collection),
        TEST(test_a_message_is_formatted_into_the_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
