#include "tests/unit/core/model/item_fixture.h"

static void test_an_attribute_is_found_by_its_whole_name(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    put_string(builder, "ab", "2");
    put_string(builder, "a", "1");
    put_string(builder, "c", "3");
    struct slice item = finished(builder);
    struct value value;

    assert_true(slice_is_text(value_bytes(found(item, "a")), "1"));
    assert_true(slice_is_text(value_bytes(found(item, "ab")), "2"));
    assert_true(slice_is_text(value_bytes(found(item, "c")), "3"));
    assert_false(item_find(item, slice_of_text(""), &value));
    assert_false(item_find(item, slice_of_text("abc"), &value));
    assert_false(item_find(item, slice_of_text("d"), &value));
}

static void test_names_within_maps_are_no_attributes(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    open_named(builder, "map", VALUE_MAP);
    put_string(builder, "inner", "x");
    item_builder_close(builder);
    struct value value;

    assert_false(item_find(finished(builder), slice_of_text("inner"), &value));
}

static void test_an_item_counts_its_names_and_values(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    assert_int_equal(item_size(finished(builder)), 0);

    item_builder_reset(builder);
    put_string(builder, "id", "abc");
    put_number(builder, "n", "10");
    open_named(builder, "list", VALUE_LIST);
    item_builder_close(builder);

    assert_int_equal(item_size(finished(builder)), (2 + 3) + (1 + 2) + (4 + 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_attribute_is_found_by_its_whole_name),
        cmocka_unit_test(test_names_within_maps_are_no_attributes),
        cmocka_unit_test(test_an_item_counts_its_names_and_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
