#include "core/base/limits.h"
#include "tests/unit/core/expression/key_condition_fixture.h"

static void assert_fault(const char *text, const char *values, enum value_type sort_type,
                         const char *expected)
{
    OWNED(arena) arena = arena_create();
    struct key_condition condition;
    struct expression_fault fault = read_key_condition(arena, text, values, sort_type, &condition);
    assert_string_equal(arena_copy_text(arena, fault.message), expected);
}

static void test_the_partition_key_alone_will_do(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct key_condition condition;
    struct expression_fault fault =
        read_key_condition(arena, "pk = :s", ":s='x'", VALUE_NUMBER, &condition);
    assert_true(expression_fault_is_none(fault));
    assert_true(slice_is_text(value_bytes(condition.partition), "x"));
    assert_int_equal(condition.relation, KEY_ANY);
}

static void test_terms_stand_in_any_order(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct key_condition condition;
    struct expression_fault fault = read_key_condition(
        arena, "sk BETWEEN :n AND :m AND pk = :s", ":s='x';:n=1;:m=2", VALUE_NUMBER, &condition);
    assert_true(expression_fault_is_none(fault));
    assert_true(slice_is_text(value_bytes(condition.partition), "x"));
    assert_int_equal(condition.relation, KEY_BETWEEN);
    assert_int_equal(value_number(condition.values[0]).digits, 1);
    assert_int_equal(value_number(condition.values[1]).digits, 2);
}

static void test_a_missing_key_attribute_is_named(void **state)
{
    (void)state;
    assert_fault("sk = :s", ":s='x'", VALUE_STRING,
                 "Query condition missed key schema element: pk");
    assert_fault("a = :s AND b = :s", ":s='x'", VALUE_STRING,
                 "Query condition missed key schema element: pk");
    assert_fault("pk = :s AND b = :s", ":s='x'", VALUE_STRING,
                 "Query condition missed key schema element: sk");
}

static void test_the_partition_key_is_equal_to_a_value(void **state)
{
    (void)state;
    const char *support = "Query key condition not supported";
    assert_fault("pk > :s", ":s='x'", VALUE_STRING, support);
    assert_fault("begins_with(pk, :s) AND sk = :s", ":s='x'", VALUE_STRING, support);
    assert_fault("pk BETWEEN :s AND :s", ":s='x'", VALUE_STRING, support);
    assert_fault("pk = :s AND sk = :s", ":s='x'", 0, support);
}

static void test_values_are_of_the_types_of_the_key(void **state)
{
    (void)state;
    const char *type = "One or more parameter values were invalid: Condition parameter type does "
                       "not match schema type";
    assert_fault("pk = :n", ":n=1", 0, type);
    assert_fault("pk = :s AND sk = :s", ":s='x'", VALUE_NUMBER, type);
    assert_fault("pk = :s AND begins_with(sk, :s)", ":s='x'", VALUE_NUMBER, type);
    assert_fault("pk = :s AND sk = :t", ":s='x';:t=true", VALUE_STRING, type);
}

static void test_key_values_are_not_empty(void **state)
{
    (void)state;
    assert_fault("pk = :e", ":e=''", VALUE_STRING,
                 "One or more parameter values are not valid. The AttributeValue for a key "
                 "attribute cannot contain an empty string value. Key: pk");
    assert_fault("pk = :s AND sk > :e", ":s='x';:e=b''", VALUE_BINARY,
                 "One or more parameter values are not valid. The AttributeValue for a key "
                 "attribute cannot contain an empty binary value. Key: sk");
}

/* A key condition with a string of that many bytes for :x. */
static void assert_size(const char *text, size_t size, const char *expected)
{
    OWNED(arena) arena = arena_create();
    char *long_text = arena_alloc(arena, size + 1);
    memset(long_text, 'x', size);
    long_text[size] = '\0';
    assert_fault(text, arena_format(arena, ":s='s';:x='%s'", long_text), VALUE_STRING, expected);
}

static void test_key_values_have_a_bound(void **state)
{
    (void)state;
    assert_size("pk = :x AND sk = :s", LIMIT_PARTITION_KEY_SIZE, "");
    assert_size("pk = :x AND sk = :s", LIMIT_PARTITION_KEY_SIZE + 1,
                "One or more parameter values were invalid: Size of hashkey has exceeded the "
                "maximum size limit of2048 bytes");
    assert_size("pk = :s AND sk < :x", LIMIT_SORT_KEY_SIZE, "");
    assert_size("pk = :s AND sk BETWEEN :s AND :x", LIMIT_SORT_KEY_SIZE + 1,
                "One or more parameter values were invalid: Aggregated size of all range keys has "
                "exceeded the size limit of 1024 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_partition_key_alone_will_do),
        cmocka_unit_test(test_terms_stand_in_any_order),
        cmocka_unit_test(test_a_missing_key_attribute_is_named),
        cmocka_unit_test(test_the_partition_key_is_equal_to_a_value),
        cmocka_unit_test(test_values_are_of_the_types_of_the_key),
        cmocka_unit_test(test_key_values_are_not_empty),
        cmocka_unit_test(test_key_values_have_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
