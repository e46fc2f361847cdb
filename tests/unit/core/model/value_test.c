#include "tests/unit/core/model/item_fixture.h"

#include <string.h>

static void test_every_type_has_its_name_and_is_found_by_it(void **state)
{
    (void)state;
    static const char *const names[] = {
        [VALUE_STRING] = "S",      [VALUE_NUMBER] = "N",      [VALUE_BINARY] = "B",
        [VALUE_NULL] = "NULL",     [VALUE_FALSE] = "BOOL",    [VALUE_TRUE] = "BOOL",
        [VALUE_LIST] = "L",        [VALUE_MAP] = "M",         [VALUE_STRING_SET] = "SS",
        [VALUE_NUMBER_SET] = "NS", [VALUE_BINARY_SET] = "BS",
    };
    for (enum value_type type = VALUE_STRING; type <= VALUE_BINARY_SET; type++) {
        assert_string_equal(value_type_name(type), names[type]);
        enum value_type same = type == VALUE_FALSE ? VALUE_TRUE : type;
        assert_int_equal(value_type_of_name(slice_of_text(names[type])), same);
    }
}

static void test_other_names_name_no_type(void **state)
{
    (void)state;
    static const char *const names[] = {"", "s", "X", "LS", "SN", "BOO", "BOOLS", "null", "Null"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(value_type_of_name(slice_of_text(names[i])), 0);
}

static void test_scalars_are_read_back(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    put_string(builder, "s", "text");
    put_number(builder, "n", "-0.5");
    struct slice item = finished(builder);

    assert_true(slice_is_text(value_bytes(found(item, "s")), "text"));
    assert_int_equal(number_compare(value_number(found(item, "n")), number_of("-0.5")), 0);
}

static void test_scalars_count_their_bytes(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    put_string(builder, "s", "\xc3\xa9t\xc3\xa9");
    put_string(builder, "empty", "");
    put_number(builder, "n", "3.14159");
    item_builder_name(builder, slice_of_text("null"));
    item_builder_null(builder);
    item_builder_name(builder, slice_of_text("bool"));
    item_builder_bool(builder, false);
    struct slice item = finished(builder);

    assert_int_equal(value_size(found(item, "s")), 5);
    assert_int_equal(value_size(found(item, "empty")), 0);
    assert_int_equal(value_size(found(item, "n")), 5);
    assert_int_equal(value_size(found(item, "null")), 1);
    assert_int_equal(value_size(found(item, "bool")), 1);
}

static void test_lists_and_maps_count_3_and_1_for_each_element(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    open_named(builder, "empty", VALUE_LIST);
    item_builder_close(builder);
    open_named(builder, "list", VALUE_LIST);
    item_builder_string(builder, slice_of_text("ab"));
    item_builder_null(builder);
    item_builder_close(builder);
    open_named(builder, "map", VALUE_MAP);
    put_string(builder, "key", "ab");
    open_named(builder, "inner", VALUE_MAP);
    item_builder_close(builder);
    item_builder_close(builder);
    struct slice item = finished(builder);

    assert_int_equal(value_size(found(item, "empty")), 3);
    assert_int_equal(value_size(found(item, "list")), 3 + (1 + 2) + (1 + 1));
    assert_int_equal(value_size(found(item, "map")), 3 + (1 + 3 + 2) + (1 + 5 + 3));
}

static void test_sets_count_their_elements_only(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    open_named(builder, "s", VALUE_STRING_SET);
    item_builder_string(builder, slice_of_text("ab"));
    item_builder_string(builder, slice_of_text("c"));
    item_builder_close(builder);
    open_named(builder, "n", VALUE_NUMBER_SET);
    item_builder_number(builder, number_of("123456"));
    item_builder_number(builder, number_of("1E125"));
    item_builder_close(builder);
    struct slice item = finished(builder);

    assert_int_equal(value_size(found(item, "s")), 3);
    assert_int_equal(value_size(found(item, "n")), 4 + 2);
}

static void test_depth_counts_lists_and_maps_and_not_sets(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    put_string(builder, "scalar", "x");
    open_named(builder, "set", VALUE_STRING_SET);
    item_builder_string(builder, slice_of_text("x"));
    item_builder_close(builder);
    open_named(builder, "empty", VALUE_MAP);
    item_builder_close(builder);
    open_named(builder, "list", VALUE_LIST);
    item_builder_null(builder);
    item_builder_open(builder, VALUE_MAP);
    item_builder_close(builder);
    item_builder_null(builder);
    item_builder_close(builder);
    struct slice item = finished(builder);

    assert_int_equal(value_depth(found(item, "scalar")), 0);
    assert_int_equal(value_depth(found(item, "set")), 0);
    assert_int_equal(value_depth(found(item, "empty")), 1);
    assert_int_equal(value_depth(found(item, "list")), 2);
}

static void test_a_cursor_gives_each_element_with_its_type(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    open_named(builder, "set", VALUE_NUMBER_SET);
    item_builder_number(builder, number_of("-1"));
    item_builder_number(builder, number_of("123.456"));
    item_builder_close(builder);
    struct slice item = finished(builder);
    struct value_cursor cursor = value_cursor(found(item, "set"));
    struct slice name;
    struct value value;

    assert_true(value_cursor_next(&cursor, &name, &value));
    assert_int_equal(name.size, 0);
    assert_int_equal(value.type, VALUE_NUMBER);
    assert_int_equal(number_compare(value_number(value), number_of("-1")), 0);
    assert_true(value_cursor_next(&cursor, &name, &value));
    assert_int_equal(number_compare(value_number(value), number_of("123.456")), 0);
    assert_false(value_cursor_next(&cursor, &name, &value));
}

static void test_a_cursor_over_a_scalar_is_at_its_end(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    put_string(builder, "s", "\x01\x01\x01\x01\x01\x01");
    struct value_cursor cursor = value_cursor(found(finished(builder), "s"));
    struct slice name;
    struct value value;

    assert_false(value_cursor_next(&cursor, &name, &value));
}

static void test_entries_are_found_by_name_and_only_those_that_are_there(void **state)
{
    (void)state;
    static const char *const there[] = {"", "a", "ab", "abc", "b", "ca", "cb", "\xc3\xa9"};
    static const char *const absent[] = {"A", "aa",  "abb", "abcd",    "ba",
                                         "c", "cab", "d",   "\xc3\xaa"};
    OWNED(item_builder) builder = item_builder_create();
    open_named(builder, "m", VALUE_MAP);
    for (size_t i = 0; i < sizeof there / sizeof there[0]; i++)
        put_string(builder, there[i], there[i]);
    item_builder_close(builder);
    struct value map = found(finished(builder), "m");

    for (size_t i = 0; i < sizeof there / sizeof there[0]; i++) {
        struct value value;
        struct value_cursor cursor = value_cursor(map);
        assert_true(value_cursor_find(&cursor, slice_of_text(there[i]), &value));
        assert_true(slice_is_text(value_bytes(value), there[i]));
    }
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
        struct value value = {.type = VALUE_NULL};
        struct value_cursor cursor = value_cursor(map);
        assert_false(value_cursor_find(&cursor, slice_of_text(absent[i]), &value));
        assert_int_equal(value.type, VALUE_NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type_has_its_name_and_is_found_by_it),
        cmocka_unit_test(test_other_names_name_no_type),
        cmocka_unit_test(test_scalars_are_read_back),
        cmocka_unit_test(test_scalars_count_their_bytes),
        cmocka_unit_test(test_lists_and_maps_count_3_and_1_for_each_element),
        cmocka_unit_test(test_sets_count_their_elements_only),
        cmocka_unit_test(test_depth_counts_lists_and_maps_and_not_sets),
        cmocka_unit_test(test_a_cursor_gives_each_element_with_its_type),
        cmocka_unit_test(test_a_cursor_over_a_scalar_is_at_its_end),
        cmocka_unit_test(test_entries_are_found_by_name_and_only_those_that_are_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
