#include "core/base/limits.h"
#include "core/base/memory.h"
#include "tests/unit/core/model/item_fixture.h"

#include <stdio.h>
#include <string.h>

static void test_an_item_without_attributes_is_two_bytes(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();

    ASSERT_BYTES(finished(builder), 1, 0);
}

static void test_scalars_stand_as_the_format_says(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    put_string(builder, "a", "xy");
    put_number(builder, "b", "1");
    item_builder_name(builder, slice_of_text("c"));
    item_builder_binary(builder, slice_of("\xff", 1));
    item_builder_name(builder, slice_of_text("d"));
    item_builder_null(builder);
    item_builder_name(builder, slice_of_text("e"));
    item_builder_bool(builder, false);
    item_builder_name(builder, slice_of_text("f"));
    item_builder_bool(builder, true);

    ASSERT_BYTES(finished(builder), 1, 6, 1, 'a', 1, 2, 'x', 'y', 1, 'b', 2, 0xc1, 0x02, 1, 'c', 3,
                 1, 0xff, 1, 'd', 4, 1, 'e', 5, 1, 'f', 6);
}

static void test_containers_say_their_size_and_count(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    open_named(builder, "l", VALUE_LIST);
    item_builder_open(builder, VALUE_MAP);
    put_string(builder, "k", "");
    item_builder_close(builder);
    item_builder_open(builder, VALUE_LIST);
    item_builder_close(builder);
    item_builder_close(builder);
    open_named(builder, "n", VALUE_NUMBER_SET);
    item_builder_number(builder, number_of("1"));
    item_builder_close(builder);

    ASSERT_BYTES(finished(builder), 1, 2, 1, 'l', 7, 0, 0, 0, 17, 2, 8, 0, 0, 0, 5, 1, 1, 'k', 1, 0,
                 7, 0, 0, 0, 1, 0, 1, 'n', 10, 0, 0, 0, 3, 1, 0xc1, 0x02);
}

static void test_attributes_are_sorted_by_the_bytes_of_their_names(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    put_string(builder, "longer than a prefix 2", "7");
    put_string(builder, "b", "4");
    put_string(builder, "", "1");
    put_string(builder, "\xc3\xa9", "8");
    put_string(builder, "aa", "3");
    put_string(builder, "longer than a prefix", "5");
    put_string(builder, "a", "2");
    put_string(builder, "longer than a prefix 1", "6");

    struct value_cursor cursor = item_cursor(finished(builder));
    struct slice name;
    struct value value;
    for (char digit = '1'; digit <= '8'; digit++) {
        assert_true(value_cursor_next(&cursor, &name, &value));
        assert_int_equal(value_bytes(value).bytes[0], digit);
    }
    assert_false(value_cursor_next(&cursor, &name, &value));
}

/* Names and elements in two opposite orders, so that the way of sorting cannot matter. */
static void put_many(struct item_builder *builder, unsigned count, bool is_descending)
{
    for (unsigned i = 0; i < count; i++) {
        char name[16];
        snprintf(name, sizeof name, "%05u", is_descending ? count - 1 - i : i);
        put_string(builder, name, name);
    }
    open_named(builder, "set", VALUE_NUMBER_SET);
    for (unsigned i = 0; i < count; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d", (int)(is_descending ? count - 1 - i : i) - 40);
        item_builder_number(builder, number_of(text));
    }
    item_builder_close(builder);
}

static void test_equal_items_are_equal_bytes_whatever_their_order_was(void **state)
{
    (void)state;
    for (unsigned count = 1; count < 700; count = count * 2 + 1) {
        OWNED(item_builder) ascending = item_builder_create();
        OWNED(item_builder) descending = item_builder_create();
        put_many(ascending, count, false);
        put_many(descending, count, true);

        assert_true(slice_is_equal(finished(ascending), finished(descending)));
    }
}

static void test_a_count_of_several_bytes_moves_what_follows(void **state)
{
    (void)state;
    static const unsigned counts[] = {127, 128, 129, 16383, 16384};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        OWNED(item_builder) builder = item_builder_create();
        open_named(builder, "l", VALUE_LIST);
        for (unsigned j = 0; j < counts[i]; j++)
            item_builder_bool(builder, j % 2 == 0);
        item_builder_close(builder);
        put_string(builder, "z", "end");

        struct slice item = finished(builder);

        assert_int_equal(value_cursor(found(item, "l")).left_count, counts[i]);
        assert_true(slice_is_text(value_bytes(found(item, "z")), "end"));
    }
}

static void test_a_name_that_stands_twice_is_a_fault(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    put_string(builder, "a", "1");
    put_string(builder, "b", "2");
    put_string(builder, "a", "3");

    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_DUPLICATE_NAME);
}

static void test_names_of_different_maps_may_be_the_same(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    put_string(builder, "a", "1");
    open_named(builder, "m", VALUE_MAP);
    put_string(builder, "a", "1");
    put_string(builder, "m", "1");
    item_builder_close(builder);

    assert_int_equal(value_cursor(found(finished(builder), "m")).left_count, 2);
}

static void test_an_element_that_stands_twice_is_a_fault_when_its_set_is_closed(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    open_named(builder, "s", VALUE_NUMBER_SET);
    item_builder_number(builder, number_of("1"));
    item_builder_number(builder, number_of("2"));
    item_builder_number(builder, number_of("1.0"));
    assert_int_equal(item_builder_fault(builder), ITEM_FAULT_NONE);

    item_builder_close(builder);

    assert_int_equal(item_builder_fault(builder), ITEM_FAULT_DUPLICATE_ELEMENT);
    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_DUPLICATE_ELEMENT);
}

static void test_an_empty_set_is_a_fault_and_an_empty_string_in_one_is_not(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    open_named(builder, "s", VALUE_STRING_SET);
    item_builder_string(builder, slice_of_text(""));
    item_builder_close(builder);
    (void)finished(builder);

    item_builder_reset(builder);
    open_named(builder, "s", VALUE_BINARY_SET);
    item_builder_close(builder);
    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_EMPTY_SET);
}

static void test_the_deepest_list_may_hold_scalars_and_sets(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    open_lists(builder, LIMIT_ITEM_DEPTH);
    item_builder_null(builder);
    item_builder_open(builder, VALUE_STRING_SET);
    item_builder_string(builder, slice_of_text("x"));
    item_builder_close(builder);
    close_containers(builder, LIMIT_ITEM_DEPTH);

    assert_int_equal(value_depth(found(finished(builder), "deep")), LIMIT_ITEM_DEPTH);
}

static void test_one_level_more_is_a_fault_though_it_be_empty(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    open_lists(builder, LIMIT_ITEM_DEPTH + 1);
    close_containers(builder, LIMIT_ITEM_DEPTH + 1);

    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_DEPTH);
}

static void test_a_value_taken_from_another_item_counts_its_own_levels(void **state)
{
    (void)state;
    OWNED(item_builder) source = item_builder_create();
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    open_lists(source, 2);
    close_containers(source, 2);
    struct value two_levels = found(finished(source), "deep");

    open_lists(builder, LIMIT_ITEM_DEPTH - 2);
    item_builder_value(builder, two_levels);
    close_containers(builder, LIMIT_ITEM_DEPTH - 2);
    (void)finished(builder);

    item_builder_reset(builder);
    open_lists(builder, LIMIT_ITEM_DEPTH - 1);
    item_builder_value(builder, two_levels);
    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_DEPTH);
}

/* Everything of one item again, value by value. */
static void copy_elements(struct item_builder *builder, struct value_cursor cursor)
{
    struct slice name;
    struct value value;
    while (value_cursor_next(&cursor, &name, &value)) {
        if (cursor.has_names)
            item_builder_name(builder, name);
        item_builder_value(builder, value);
    }
}

static void test_values_taken_from_an_item_make_the_same_item(void **state)
{
    (void)state;
    OWNED(item_builder) source = item_builder_create();
    OWNED(item_builder) builder = item_builder_create();
    put_many(source, 20, true);
    struct slice item = finished(source);

    copy_elements(builder, item_cursor(item));
    assert_true(slice_is_equal(finished(builder), item));

    item_builder_reset(builder);
    open_named(builder, "set", VALUE_NUMBER_SET);
    copy_elements(builder, value_cursor(found(item, "set")));
    item_builder_close(builder);
    assert_true(
        slice_is_equal(found(finished(builder), "set").payload, found(item, "set").payload));
}

/* `count` elements after the first `skipped`. */
static struct value_run run_of(struct value_cursor cursor, unsigned skipped, unsigned count)
{
    struct value_run run = {.count = count};
    struct value value;
    for (unsigned i = 0; i < skipped; i++)
        assert_true(value_cursor_next(&cursor, &run.last_name, &value));
    run.bytes.bytes = cursor.reader.rest.bytes;
    for (unsigned i = 0; i < count; i++)
        assert_true(value_cursor_next(&cursor, &run.last_name, &value));
    run.bytes.size = (size_t)(cursor.reader.rest.bytes - run.bytes.bytes);
    return run;
}

static void test_runs_and_single_entries_make_the_same_item(void **state)
{
    (void)state;
    OWNED(item_builder) source = item_builder_create();
    put_many(source, 20, true);
    struct slice item = finished(source);
    for (unsigned before = 0; before <= 20; before++) {
        OWNED(item_builder) builder = item_builder_create();
        struct value_cursor cursor = item_cursor(item);
        item_builder_run(builder, run_of(cursor, 0, before));
        struct slice name;
        struct value value;
        for (unsigned i = 0; i <= before; i++)
            assert_true(value_cursor_next(&cursor, &name, &value));
        item_builder_name(builder, name);
        item_builder_value(builder, value);
        struct value_run rest = {cursor.reader.rest, cursor.left_count, {0}};
        item_builder_run(builder, rest);

        assert_true(slice_is_equal(finished(builder), item));
    }
}

static void test_a_run_of_a_list_stands_among_its_elements(void **state)
{
    (void)state;
    OWNED(item_builder) source = item_builder_create();
    OWNED(item_builder) builder = item_builder_create();
    open_named(source, "l", VALUE_LIST);
    for (int i = 0; i < 200; i++)
        item_builder_bool(source, i % 3 == 0);
    item_builder_close(source);
    struct slice item = finished(source);

    open_named(builder, "l", VALUE_LIST);
    item_builder_bool(builder, true);
    item_builder_run(builder, run_of(value_cursor(found(item, "l")), 1, 198));
    item_builder_bool(builder, 199 % 3 == 0);
    item_builder_close(builder);

    assert_true(slice_is_equal(finished(builder), item));
}

static void test_a_set_in_the_deepest_list_takes_values_of_another_item(void **state)
{
    (void)state;
    OWNED(item_builder) source = item_builder_create();
    OWNED(item_builder) builder = item_builder_create();
    put_number(source, "n", "7");
    struct value number = found(finished(source), "n");
    open_lists(builder, LIMIT_ITEM_DEPTH);
    item_builder_open(builder, VALUE_NUMBER_SET);

    item_builder_value(builder, number);

    close_containers(builder, LIMIT_ITEM_DEPTH + 1);
    (void)finished(builder);
}

static void test_the_first_fault_stays_and_what_follows_is_ignored(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    open_named(builder, "s", VALUE_STRING_SET);
    item_builder_close(builder);
    put_string(builder, "s", "again");
    open_lists(builder, LIMIT_ITEM_DEPTH + 5);

    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_EMPTY_SET);
}

static void test_more_than_a_request_holds_is_a_fault(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    void *bytes = memory_alloc_zeroed(LIMIT_REQUEST_SIZE / 2);
    for (const char *name = "abc"; *name != '\0'; name++) {
        item_builder_name(builder, slice_of(name, 1));
        item_builder_binary(builder, slice_of(bytes, LIMIT_REQUEST_SIZE / 2 - 64));
    }
    memory_free(bytes);

    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_TOO_LARGE);
}

static void test_a_reset_builder_has_forgotten_faults_and_open_containers(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    open_lists(builder, LIMIT_ITEM_DEPTH + 1);

    item_builder_reset(builder);

    ASSERT_BYTES(finished(builder), 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_item_without_attributes_is_two_bytes),
        cmocka_unit_test(test_scalars_stand_as_the_format_says),
        cmocka_unit_test(test_containers_say_their_size_and_count),
        cmocka_unit_test(test_attributes_are_sorted_by_the_bytes_of_their_names),
        cmocka_unit_test(test_equal_items_are_equal_bytes_whatever_their_order_was),
        cmocka_unit_test(test_a_count_of_several_bytes_moves_what_follows),
        cmocka_unit_test(test_a_name_that_stands_twice_is_a_fault),
        cmocka_unit_test(test_names_of_different_maps_may_be_the_same),
        cmocka_unit_test(test_an_element_that_stands_twice_is_a_fault_when_its_set_is_closed),
        cmocka_unit_test(test_an_empty_set_is_a_fault_and_an_empty_string_in_one_is_not),
        cmocka_unit_test(test_the_deepest_list_may_hold_scalars_and_sets),
        cmocka_unit_test(test_one_level_more_is_a_fault_though_it_be_empty),
        cmocka_unit_test(test_a_value_taken_from_another_item_counts_its_own_levels),
        cmocka_unit_test(test_values_taken_from_an_item_make_the_same_item),
        cmocka_unit_test(test_runs_and_single_entries_make_the_same_item),
        cmocka_unit_test(test_a_run_of_a_list_stands_among_its_elements),
        cmocka_unit_test(test_a_set_in_the_deepest_list_takes_values_of_another_item),
        cmocka_unit_test(test_the_first_fault_stays_and_what_follows_is_ignored),
        cmocka_unit_test(test_more_than_a_request_holds_is_a_fault),
        cmocka_unit_test(test_a_reset_builder_has_forgotten_faults_and_open_containers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
