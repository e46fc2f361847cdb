#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/buffer.h"
#include "node/tablet/page_merge.h"

/* "a=1 b=2": rows as the engine gives them. */
static void append_rows(struct buffer *rows, struct engine_page *page, const char *keys)
{
    for (; *keys != 0; keys++) {
        buffer_append_sized(rows, slice_of(keys, 1));
        buffer_append_sized(rows, slice_of_text("engine"));
        page->row_count++;
    }
    page->rows = buffer_slice(rows);
}

static void assert_merged(const char *engine_keys, const struct overlay *overlay, bool is_backward,
                          const char *expected)
{
    SCOPED(buffer) rows = {0};
    SCOPED(buffer) text = {0};
    SCOPED(overlay_rows) newer = {0};
    struct engine_page page = {0};
    struct page_merge merge;
    struct merged_row row;
    append_rows(&rows, &page, engine_keys);
    overlay_find_range(overlay, key_range_all(), &newer);
    page_merge_init(&merge, &page, &newer, is_backward);
    while (page_merge_next(&merge, &row)) {
        buffer_append(&text, row.key);
        buffer_append_text(&text, row.row.bytes == NULL ? "-" : row.index > 0 ? "!" : "");
    }
    buffer_append_u8(&text, 0);
    assert_string_equal(text.bytes, expected);
}

static struct overlay *overlay_of(const char *keys, const char *deleted_keys)
{
    struct overlay *overlay = overlay_create(1);
    uint64_t index = 1;
    for (; *keys != 0; keys++)
        overlay_add(overlay, index++, slice_of(keys, 1), (struct slice){0}, slice_of_text("row"));
    for (; *deleted_keys != 0; deleted_keys++)
        overlay_add_deletion(overlay, index++, slice_of(deleted_keys, 1));
    return overlay;
}

static void test_rows_of_either_side_alone_come_as_they_are(void **state)
{
    (void)state;
    OWNED(overlay) none = overlay_of("", "");
    OWNED(overlay) some = overlay_of("ba", "");
    assert_merged("", none, false, "");
    assert_merged("abc", none, false, "abc");
    assert_merged("", some, false, "a!b!");
    assert_merged("", some, true, "b!a!");
}

static void test_rows_of_both_sides_are_in_the_order_of_keys(void **state)
{
    (void)state;
    OWNED(overlay) overlay = overlay_of("ace", "");
    assert_merged("bd", overlay, false, "a!bc!de!");
    assert_merged("db", overlay, true, "e!dc!ba!");
}

static void test_the_overlays_row_stands_for_the_engines(void **state)
{
    (void)state;
    OWNED(overlay) overlay = overlay_of("b", "c");
    assert_merged("abcd", overlay, false, "ab!c-d");
    assert_merged("dcba", overlay, true, "dc-b!a");
}

static void test_the_last_key_of_a_page_is_found(void **state)
{
    (void)state;
    SCOPED(buffer) rows = {0};
    struct engine_page page = {0};
    append_rows(&rows, &page, "abc");
    assert_true(slice_is_text(page_merge_last_key(&page), "c"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_of_either_side_alone_come_as_they_are),
        cmocka_unit_test(test_rows_of_both_sides_are_in_the_order_of_keys),
        cmocka_unit_test(test_the_overlays_row_stands_for_the_engines),
        cmocka_unit_test(test_the_last_key_of_a_page_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
