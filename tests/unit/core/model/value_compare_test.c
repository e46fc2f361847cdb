#include "core/model/value_compare.h"
#include "tests/unit/core/model/item_fixture.h"

/* One attribute of every type, named by its type; `variant` makes them differ. */
static void put_every_type(struct item_builder *builder, unsigned variant)
{
    const char *text = variant == 0 ? "a" : "b";
    put_string(builder, "S", text);
    put_number(builder, "N", variant == 0 ? "1" : "2");
    item_builder_name(builder, slice_of_text("B"));
    item_builder_binary(builder, slice_of_text(text));
    item_builder_name(builder, slice_of_text("BOOL"));
    item_builder_bool(builder, variant == 0);
    open_named(builder, "L", VALUE_LIST);
    item_builder_string(builder, slice_of_text(text));
    item_builder_close(builder);
    open_named(builder, "M", VALUE_MAP);
    put_string(builder, "k", text);
    item_builder_close(builder);
    open_named(builder, "SS", VALUE_STRING_SET);
    item_builder_string(builder, slice_of_text(text));
    item_builder_close(builder);
    open_named(builder, "BS", VALUE_BINARY_SET);
    item_builder_binary(builder, slice_of_text(text));
    item_builder_close(builder);
    open_named(builder, "NS", VALUE_NUMBER_SET);
    item_builder_number(builder, number_of(variant == 0 ? "1" : "2"));
    item_builder_close(builder);
}

static void test_values_are_equal_to_themselves_and_to_no_other_type(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    put_every_type(builder, 0);
    item_builder_name(builder, slice_of_text("NULL"));
    item_builder_null(builder);
    struct slice item = finished(builder);

    struct slice left_name, right_name;
    struct value left, right;
    struct value_cursor lefts = item_cursor(item);
    while (value_cursor_next(&lefts, &left_name, &left)) {
        struct value_cursor rights = item_cursor(item);
        while (value_cursor_next(&rights, &right_name, &right))
            assert_int_equal(values_are_equal(left, right), slice_is_equal(left_name, right_name));
    }
}

static void test_values_of_one_type_and_different_content_are_not_equal(void **state)
{
    (void)state;
    OWNED(item_builder) first = item_builder_create();
    OWNED(item_builder) second = item_builder_create();
    put_every_type(first, 0);
    put_every_type(second, 1);
    struct slice other = finished(second);

    struct slice name;
    struct value left, right;
    struct value_cursor cursor = item_cursor(finished(first));
    while (value_cursor_next(&cursor, &name, &left)) {
        assert_true(item_find(other, name, &right));
        assert_false(values_are_equal(left, right));
    }
}

static void test_sets_are_equal_by_content_and_lists_by_order(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    static const struct {
        const char *name;
        enum value_type type;
        const char *elements[2];
    } containers[] = {
        {"l1", VALUE_LIST, {"x", "y"}},
        {"l2", VALUE_LIST, {"y", "x"}},
        {"s1", VALUE_STRING_SET, {"x", "y"}},
        {"s2", VALUE_STRING_SET, {"y", "x"}},
    };
    for (size_t i = 0; i < sizeof containers / sizeof containers[0]; i++) {
        open_named(builder, containers[i].name, containers[i].type);
        item_builder_string(builder, slice_of_text(containers[i].elements[0]));
        item_builder_string(builder, slice_of_text(containers[i].elements[1]));
        item_builder_close(builder);
    }
    struct slice item = finished(builder);

    assert_true(values_are_equal(found(item, "s1"), found(item, "s2")));
    assert_false(values_are_equal(found(item, "l1"), found(item, "l2")));
}

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

static void test_strings_are_ordered_by_their_utf8_bytes(void **state)
{
    (void)state;
    static const char *const ascending[] = {"",  "A",        "Aa",           "B",
                                            "a", "\xc3\xa9", "\xef\xbd\xa1", "\xf0\x9d\x84\x9e"};
    enum { COUNT = sizeof ascending / sizeof ascending[0] };
    OWNED(item_builder) builder = item_builder_create();
    open_named(builder, "l", VALUE_LIST);
    for (int i = 0; i < COUNT; i++)
        item_builder_string(builder, slice_of_text(ascending[i]));
    item_builder_close(builder);
    struct value list = found(finished(builder), "l");

    struct slice name;
    struct value left, right;
    struct value_cursor lefts = value_cursor(list);
    for (int i = 0; value_cursor_next(&lefts, &name, &left); i++) {
        struct value_cursor rights = value_cursor(list);
        for (int j = 0; value_cursor_next(&rights, &name, &right); j++)
            assert_int_equal(sign(values_compare(left, right)), sign(i - j));
    }
}

static void test_a_long_string_may_come_before_a_short_one(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    char text[201];
    memset(text, 'a', 200);
    text[200] = '\0';
    put_string(builder, "long", text);
    put_string(builder, "short", "b");
    struct slice item = finished(builder);

    assert_true(values_compare(found(item, "long"), found(item, "short")) < 0);
}

static void test_numbers_are_ordered_by_value(void **state)
{
    (void)state;
    static const char *const ascending[] = {"-1E125", "-10", "-9.5", "-1E-130", "0",  "1E-130",
                                            "0.5",    "9",   "10",   "100",     "1E2"};
    OWNED(item_builder) builder = item_builder_create();
    put_number(builder, "left", "0");
    for (size_t i = 0; i + 1 < sizeof ascending / sizeof ascending[0]; i++) {
        item_builder_reset(builder);
        put_number(builder, "left", ascending[i]);
        put_number(builder, "right", ascending[i + 1]);
        struct slice item = finished(builder);
        int expected = number_compare(number_of(ascending[i]), number_of(ascending[i + 1]));
        assert_int_equal(sign(values_compare(found(item, "left"), found(item, "right"))), expected);
        assert_int_equal(sign(values_compare(found(item, "right"), found(item, "left"))),
                         -expected);
    }
}

static void test_only_strings_numbers_and_binaries_have_an_order(void **state)
{
    (void)state;
    for (enum value_type type = VALUE_STRING; type <= VALUE_BINARY_SET; type++) {
        bool is_ordered = type == VALUE_STRING || type == VALUE_NUMBER || type == VALUE_BINARY;
        assert_int_equal(value_type_is_ordered(type), is_ordered);
    }
}

static void test_a_set_has_its_elements_and_nothing_else(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    open_named(builder, "set", VALUE_NUMBER_SET);
    item_builder_number(builder, number_of("1"));
    item_builder_number(builder, number_of("3"));
    item_builder_close(builder);
    put_number(builder, "0", "0");
    put_number(builder, "1", "1.00");
    put_number(builder, "2", "2");
    put_number(builder, "3", "3");
    put_number(builder, "4", "4");
    put_string(builder, "text", "1");
    struct slice item = finished(builder);
    struct value set = found(item, "set");

    assert_true(value_set_has(set, found(item, "1")));
    assert_true(value_set_has(set, found(item, "3")));
    assert_false(value_set_has(set, found(item, "0")));
    assert_false(value_set_has(set, found(item, "2")));
    assert_false(value_set_has(set, found(item, "4")));
    assert_false(value_set_has(set, found(item, "text")));
    assert_false(value_set_has(set, set));
    assert_false(value_set_has(found(item, "1"), found(item, "1")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_equal_to_themselves_and_to_no_other_type),
        cmocka_unit_test(test_values_of_one_type_and_different_content_are_not_equal),
        cmocka_unit_test(test_sets_are_equal_by_content_and_lists_by_order),
        cmocka_unit_test(test_strings_are_ordered_by_their_utf8_bytes),
        cmocka_unit_test(test_a_long_string_may_come_before_a_short_one),
        cmocka_unit_test(test_numbers_are_ordered_by_value),
        cmocka_unit_test(test_only_strings_numbers_and_binaries_have_an_order),
        cmocka_unit_test(test_a_set_has_its_elements_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
