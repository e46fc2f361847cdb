#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/tablet/row.h"

static void row_append(struct buffer *bytes, const struct row *row)
{
    row_encode_header(row, bytes);
    buffer_append(bytes, row->item);
}

static void test_a_row_comes_back_as_it_was(void **state)
{
    (void)state;
    struct row row = {
        .flags = ROW_IS_TOMBSTONE,
        .stamp = {.time = UINT64_MAX, .region_id = 513},
        .extension = slice_of_text("later"),
        .item = slice_of_text("item"),
    };
    SCOPED(buffer) bytes;
    buffer_init(&bytes);
    row_append(&bytes, &row);

    struct row decoded;
    assert_int_equal(row_decode(buffer_slice(&bytes), &decoded), STATUS_OK);

    assert_int_equal(decoded.flags, ROW_IS_TOMBSTONE);
    assert_int_equal(stamp_compare(decoded.stamp, row.stamp), 0);
    assert_true(slice_is_text(decoded.extension, "later"));
    assert_true(slice_is_text(decoded.item, "item"));
}

static void test_a_row_without_an_item_is_one(void **state)
{
    (void)state;
    struct row row = {.flags = ROW_IS_TOMBSTONE};
    SCOPED(buffer) bytes;
    buffer_init(&bytes);
    row_append(&bytes, &row);
    struct row decoded;
    assert_int_equal(row_decode(buffer_slice(&bytes), &decoded), STATUS_OK);
    assert_int_equal(decoded.item.size, 0);
}

static void test_a_header_is_as_long_as_it_says(void **state)
{
    (void)state;
    static uint8_t extension[300];
    const size_t sizes[] = {0, 1, 127, 128, sizeof extension};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct row row = {.extension = slice_of(extension, sizes[i])};
        SCOPED(buffer) bytes;
        buffer_init(&bytes);
        row_encode_header(&row, &bytes);
        assert_int_equal(row_header_size(&row), bytes.size);
    }
}

static void test_a_header_that_was_cut_is_corrupt(void **state)
{
    (void)state;
    struct row row = {.extension = slice_of_text("later")};
    SCOPED(buffer) bytes;
    buffer_init(&bytes);
    row_append(&bytes, &row);
    for (size_t size = 0; size < bytes.size; size++) {
        struct row decoded = {.flags = 77};
        assert_int_equal(row_decode(slice_of(bytes.bytes, size), &decoded), STATUS_CORRUPT);
        assert_int_equal(decoded.flags, 77);
    }
}

static void test_a_later_version_is_told_apart_from_corruption(void **state)
{
    (void)state;
    uint8_t later[] = {ROW_VERSION + 1, 1, 2, 3};
    struct row decoded;
    assert_int_equal(row_decode(slice_of(later, sizeof later), &decoded), STATUS_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_row_comes_back_as_it_was),
        cmocka_unit_test(test_a_row_without_an_item_is_one),
        cmocka_unit_test(test_a_header_is_as_long_as_it_says),
        cmocka_unit_test(test_a_header_that_was_cut_is_corrupt),
        cmocka_unit_test(test_a_later_version_is_told_apart_from_corruption),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
