#include "core/base/buffer.h"
#include "core/base/limits.h"
#include "tests/unit/core/model/item_fixture.h"

#include <string.h>

#define ASSERT_CORRUPT(...)                                                                        \
    do {                                                                                           \
        const uint8_t bytes_[] = {__VA_ARGS__};                                                    \
        assert_int_equal(item_check(slice_of(bytes_, sizeof bytes_)), STATUS_CORRUPT);             \
    } while (0)

#define ASSERT_CANONICAL(...)                                                                      \
    do {                                                                                           \
        const uint8_t bytes_[] = {__VA_ARGS__};                                                    \
        assert_int_equal(item_check(slice_of(bytes_, sizeof bytes_)), STATUS_OK);                  \
    } while (0)

static void put_one_of_each(struct item_builder *builder)
{
    put_string(builder, "a", "x");
    put_number(builder, "b", "-12.5");
    open_named(builder, "c", VALUE_MAP);
    open_named(builder, "l", VALUE_LIST);
    item_builder_null(builder);
    item_builder_bool(builder, true);
    item_builder_close(builder);
    item_builder_close(builder);
    open_named(builder, "d", VALUE_STRING_SET);
    item_builder_string(builder, slice_of_text("p"));
    item_builder_string(builder, slice_of_text("q"));
    item_builder_close(builder);
    open_named(builder, "e", VALUE_NUMBER_SET);
    item_builder_number(builder, number_of("1"));
    item_builder_number(builder, number_of("2"));
    item_builder_close(builder);
    item_builder_name(builder, slice_of_text("f"));
    item_builder_binary(builder, slice_of("\xff", 1));
}

static void test_nothing_that_is_cut_short_passes(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    put_one_of_each(builder);
    struct slice item = finished(builder);

    for (size_t size = 0; size < item.size; size++)
        assert_int_equal(item_check(slice_of(item.bytes, size)), STATUS_CORRUPT);
}

static void test_bytes_behind_the_item_do_not_pass(void **state)
{
    (void)state;
    ASSERT_CANONICAL(1, 0);
    ASSERT_CORRUPT(1, 0, 0);
}

static void test_another_version_does_not_pass(void **state)
{
    (void)state;
    ASSERT_CORRUPT(0, 0);
    ASSERT_CORRUPT(2, 0);
}

static void test_unknown_types_do_not_pass(void **state)
{
    (void)state;
    ASSERT_CANONICAL(1, 1, 1, 'a', 4);
    ASSERT_CORRUPT(1, 1, 1, 'a', 0);
    ASSERT_CORRUPT(1, 1, 1, 'a', 12);
    ASSERT_CORRUPT(1, 1, 1, 'a', 255);
}

static void test_names_out_of_order_or_repeated_do_not_pass(void **state)
{
    (void)state;
    ASSERT_CANONICAL(1, 2, 1, 'a', 4, 1, 'b', 4);
    ASSERT_CORRUPT(1, 2, 1, 'b', 4, 1, 'a', 4);
    ASSERT_CORRUPT(1, 2, 1, 'a', 4, 1, 'a', 4);
    ASSERT_CANONICAL(1, 2, 0, 4, 1, 'a', 4);
    ASSERT_CORRUPT(1, 2, 0, 4, 0, 4);
    ASSERT_CORRUPT(1, 1, 0, 8, 0, 0, 0, 7, 2, 1, 'b', 4, 1, 'a', 4);
}

static void test_set_elements_out_of_order_repeated_or_missing_do_not_pass(void **state)
{
    (void)state;
    ASSERT_CANONICAL(1, 1, 0, 9, 0, 0, 0, 5, 2, 1, 'a', 1, 'b');
    ASSERT_CORRUPT(1, 1, 0, 9, 0, 0, 0, 5, 2, 1, 'b', 1, 'a');
    ASSERT_CORRUPT(1, 1, 0, 9, 0, 0, 0, 5, 2, 1, 'a', 1, 'a');
    ASSERT_CORRUPT(1, 1, 0, 9, 0, 0, 0, 1, 0);
    ASSERT_CANONICAL(1, 1, 0, 10, 0, 0, 0, 5, 2, 0xc1, 0x02, 0xc1, 0x04);
    ASSERT_CORRUPT(1, 1, 0, 10, 0, 0, 0, 5, 2, 0xc1, 0x04, 0xc1, 0x02);
    ASSERT_CORRUPT(1, 1, 0, 10, 0, 0, 0, 5, 2, 0xc1, 0x02, 0xc1, 0x02);
}

static void test_elements_of_sets_are_ordered_by_their_bytes_and_not_by_their_sizes(void **state)
{
    (void)state;
    ASSERT_CANONICAL(1, 1, 0, 9, 0, 0, 0, 6, 2, 2, 'a', 'a', 1, 'b');
    ASSERT_CORRUPT(1, 1, 0, 9, 0, 0, 0, 6, 2, 1, 'b', 2, 'a', 'a');
}

static void test_text_that_is_no_utf8_does_not_pass_and_binary_does(void **state)
{
    (void)state;
    ASSERT_CANONICAL(1, 1, 0, 3, 1, 0xff);
    ASSERT_CORRUPT(1, 1, 0, 1, 1, 0xff);
    ASSERT_CORRUPT(1, 1, 1, 0xff, 4);
    ASSERT_CANONICAL(1, 1, 0, 11, 0, 0, 0, 3, 1, 1, 0xff);
    ASSERT_CORRUPT(1, 1, 0, 9, 0, 0, 0, 3, 1, 1, 0xff);
}

static void test_numbers_that_are_not_normalised_do_not_pass(void **state)
{
    (void)state;
    ASSERT_CANONICAL(1, 1, 0, 2, 0xc1, 0x02);
    ASSERT_CORRUPT(1, 1, 0, 2, 0xc1, 0x03, 0x00);
    ASSERT_CORRUPT(1, 1, 0, 2, 0x7f, 0xff);
}

static void test_sizes_that_are_not_exact_do_not_pass(void **state)
{
    (void)state;
    ASSERT_CANONICAL(1, 1, 0, 7, 0, 0, 0, 2, 1, 4);
    ASSERT_CORRUPT(1, 1, 0, 7, 0, 0, 0, 1, 1, 4);
    ASSERT_CORRUPT(1, 1, 0, 7, 0, 0, 0, 3, 1, 4);
    ASSERT_CORRUPT(1, 1, 0, 7, 0, 0, 0, 3, 1, 4, 4);
    ASSERT_CORRUPT(1, 1, 0, 7, 0xff, 0xff, 0xff, 0xff, 1, 4);
    ASSERT_CORRUPT(1, 1, 0, 10, 0, 0, 0, 2, 1, 0xc1, 0x02);
    ASSERT_CORRUPT(1, 1, 0, 7, 0, 0, 0, 0, 0);
    /* A list that reaches into what follows it. */
    ASSERT_CORRUPT(1, 1, 0, 7, 0, 0, 0, 8, 1, 7, 0, 0, 0, 3, 1, 4);
}

static void test_counts_that_are_not_written_the_short_way_do_not_pass(void **state)
{
    (void)state;
    ASSERT_CORRUPT(1, 0x80, 0x00);
    ASSERT_CORRUPT(1, 1, 0, 1, 0x80, 0x00);
}

static void test_a_count_beyond_the_bytes_does_not_pass(void **state)
{
    (void)state;
    ASSERT_CORRUPT(1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0, 4);
    ASSERT_CORRUPT(1, 1, 0, 9, 0, 0, 0, 12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                   0x01, 0, 0);
}

/* An item of lists within each other, without a builder's help. */
static struct slice nested_lists(struct buffer *buffer, unsigned count)
{
    buffer_append(buffer, slice_of("\x01\x01\x00", 3));
    for (unsigned i = count; i > 0; i--) {
        buffer_append_u8(buffer, VALUE_LIST);
        buffer_append_u32(buffer, 1 + 6 * (i - 1));
        buffer_append_u8(buffer, i > 1);
    }
    return buffer_slice(buffer);
}

static void test_items_that_are_too_deep_do_not_pass(void **state)
{
    (void)state;
    SCOPED(buffer) deep = {0};
    SCOPED(buffer) too_deep = {0};
    SCOPED(buffer) far_too_deep = {0};

    assert_int_equal(item_check(nested_lists(&deep, LIMIT_ITEM_DEPTH)), STATUS_OK);
    assert_int_equal(item_check(nested_lists(&too_deep, LIMIT_ITEM_DEPTH + 1)), STATUS_CORRUPT);
    assert_int_equal(item_check(nested_lists(&far_too_deep, 100000)), STATUS_CORRUPT);
}

static void test_a_value_alone_passes_by_the_same_rules(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    SCOPED(buffer) bytes = {0};
    put_one_of_each(builder);
    struct value whole = found(finished(builder), "c");
    struct value value;
    buffer_append_u8(&bytes, (uint8_t)whole.type);
    buffer_append(&bytes, whole.payload);

    assert_int_equal(item_check_value(buffer_slice(&bytes), &value), STATUS_OK);
    assert_int_equal(value.type, VALUE_MAP);
    assert_true(slice_is_equal(value.payload, whole.payload));

    for (size_t size = 0; size < bytes.size; size++)
        assert_int_equal(item_check_value(slice_of(bytes.bytes, size), &value), STATUS_CORRUPT);
    buffer_append_u8(&bytes, 0);
    assert_int_equal(item_check_value(buffer_slice(&bytes), &value), STATUS_CORRUPT);
}

/* A list within a list and so on, alone. */
static enum status lone_depth_status(unsigned count)
{
    OWNED(item_builder) builder = item_builder_create();
    SCOPED(buffer) bytes = {0};
    struct value value;
    open_lists(builder, count - 1);
    close_containers(builder, count - 1);
    struct value inner = found(finished(builder), "deep");
    buffer_append_u8(&bytes, VALUE_LIST);
    buffer_append_u32(&bytes, (uint32_t)(2 + inner.payload.size));
    buffer_append_varint(&bytes, 1);
    buffer_append_u8(&bytes, (uint8_t)inner.type);
    buffer_append(&bytes, inner.payload);
    return item_check_value(buffer_slice(&bytes), &value);
}

static void test_a_value_alone_is_as_deep_as_one_in_an_item(void **state)
{
    (void)state;
    assert_int_equal(lone_depth_status(LIMIT_ITEM_DEPTH), STATUS_OK);
    assert_int_equal(lone_depth_status(LIMIT_ITEM_DEPTH + 1), STATUS_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_that_is_cut_short_passes),
        cmocka_unit_test(test_bytes_behind_the_item_do_not_pass),
        cmocka_unit_test(test_another_version_does_not_pass),
        cmocka_unit_test(test_unknown_types_do_not_pass),
        cmocka_unit_test(test_names_out_of_order_or_repeated_do_not_pass),
        cmocka_unit_test(test_set_elements_out_of_order_repeated_or_missing_do_not_pass),
        cmocka_unit_test(test_elements_of_sets_are_ordered_by_their_bytes_and_not_by_their_sizes),
        cmocka_unit_test(test_text_that_is_no_utf8_does_not_pass_and_binary_does),
        cmocka_unit_test(test_numbers_that_are_not_normalised_do_not_pass),
        cmocka_unit_test(test_sizes_that_are_not_exact_do_not_pass),
        cmocka_unit_test(test_counts_that_are_not_written_the_short_way_do_not_pass),
        cmocka_unit_test(test_a_count_beyond_the_bytes_does_not_pass),
        cmocka_unit_test(test_items_that_are_too_deep_do_not_pass),
        cmocka_unit_test(test_a_value_alone_passes_by_the_same_rules),
        cmocka_unit_test(test_a_value_alone_is_as_deep_as_one_in_an_item),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
