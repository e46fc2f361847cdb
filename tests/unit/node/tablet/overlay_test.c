#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/buffer.h"
#include "node/tablet/overlay.h"
#include "node/tablet/row_entry.h"

static struct slice key = {(const uint8_t *)"key", 3};
static struct slice other = {(const uint8_t *)"other", 5};

static void add(struct overlay *overlay, uint64_t index, struct slice of_key, const char *row)
{
    overlay_add(overlay, index, of_key, slice_of_text("<"), slice_of_text(row));
}

static void assert_newest(const struct overlay *overlay, struct slice of_key, uint64_t index,
                          const char *row)
{
    struct overlay_row found;
    assert_true(overlay_find(overlay, of_key, &found));
    assert_int_equal(found.index, index);
    assert_true(slice_is_text(found.row, row));
}

static void released_note(void *context, struct row_entry *entry)
{
    struct buffer *text = context;
    struct slice row = row_entry_row(entry);
    buffer_append(text, row_entry_key(entry));
    buffer_append_text(text, row.bytes == NULL ? "-" : "=");
    buffer_append(text, row);
    buffer_append_text(text, " ");
    row_entry_destroy(entry);
}

static void test_the_newest_row_of_a_key_is_found(void **state)
{
    (void)state;
    OWNED(overlay) overlay = overlay_create(1);
    add(overlay, 5, key, "one");
    add(overlay, 6, key, "two");
    assert_newest(overlay, key, 6, "<two");
    assert_false(overlay_find(overlay, other, &(struct overlay_row){0}));
}

static void test_a_deleted_row_is_found_as_missing(void **state)
{
    (void)state;
    OWNED(overlay) overlay = overlay_create(1);
    add(overlay, 5, key, "one");
    overlay_add_deletion(overlay, 6, key);
    struct overlay_row found;
    assert_true(overlay_find(overlay, key, &found));
    assert_null(found.row.bytes);
    assert_int_equal(found.index, 6);
}

static void test_an_empty_row_is_not_a_missing_one(void **state)
{
    (void)state;
    OWNED(overlay) overlay = overlay_create(1);
    overlay_add(overlay, 1, key, (struct slice){0}, (struct slice){0});
    struct overlay_row found;
    assert_true(overlay_find(overlay, key, &found));
    assert_non_null(found.row.bytes);
}

static void test_release_gives_each_row_that_is_still_the_newest(void **state)
{
    (void)state;
    OWNED(overlay) overlay = overlay_create(1);
    SCOPED(buffer) released;
    buffer_init(&released);
    add(overlay, 1, key, "one");
    add(overlay, 2, other, "two");
    overlay_add_deletion(overlay, 3, other);
    add(overlay, 4, key, "three");

    overlay_release(overlay, 3, released_note, &released);

    assert_true(slice_is_text(buffer_slice(&released), "other- "));
    assert_newest(overlay, key, 4, "<three");
    assert_false(overlay_find(overlay, other, &(struct overlay_row){0}));
}

static void test_truncation_uncovers_what_was_there_before(void **state)
{
    (void)state;
    OWNED(overlay) overlay = overlay_create(1);
    add(overlay, 1, key, "one");
    add(overlay, 2, key, "two");
    overlay_add_deletion(overlay, 3, key);
    add(overlay, 3, other, "three");

    overlay_truncate(overlay, 1);

    assert_newest(overlay, key, 1, "<one");
    assert_false(overlay_find(overlay, other, &(struct overlay_row){0}));
    assert_int_equal(overlay_last_index(overlay), 1);
}

static void test_what_is_gone_is_not_counted(void **state)
{
    (void)state;
    OWNED(overlay) overlay = overlay_create(1);
    SCOPED(buffer) released;
    buffer_init(&released);
    assert_int_equal(overlay_bytes(overlay), 0);
    add(overlay, 1, key, "one");
    add(overlay, 2, key, "two");
    assert_true(overlay_bytes(overlay) > 0);
    overlay_truncate(overlay, 1);
    overlay_release(overlay, 1, released_note, &released);
    assert_int_equal(overlay_bytes(overlay), 0);
    assert_int_equal(overlay_last_index(overlay), 0);
}

static void test_a_range_has_the_newest_rows_in_the_order_of_their_keys(void **state)
{
    (void)state;
    OWNED(overlay) overlay = overlay_create(1);
    SCOPED(overlay_rows) found = {0};
    add(overlay, 1, slice_of_text("c"), "old");
    add(overlay, 2, slice_of_text("a"), "before the range");
    add(overlay, 3, slice_of_text("d"), "three");
    add(overlay, 4, slice_of_text("c"), "four");
    overlay_add_deletion(overlay, 5, slice_of_text("b"));
    add(overlay, 6, slice_of_text("e"), "behind the range");
    struct key_range range = {.first = slice_of_text("b"), .end = slice_of_text("e")};

    overlay_find_range(overlay, range, &found);

    assert_int_equal(found.count, 3);
    assert_true(slice_is_text(found.rows[0].key, "b"));
    assert_null(found.rows[0].newest.row.bytes);
    assert_true(slice_is_text(found.rows[1].key, "c"));
    assert_int_equal(found.rows[1].newest.index, 4);
    assert_true(slice_is_text(found.rows[1].newest.row, "<four"));
    assert_true(slice_is_text(found.rows[2].key, "d"));
    overlay_find_range(overlay, (struct key_range){.first = slice_of_text("f")}, &found);
    assert_int_equal(found.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_newest_row_of_a_key_is_found),
        cmocka_unit_test(test_a_deleted_row_is_found_as_missing),
        cmocka_unit_test(test_an_empty_row_is_not_a_missing_one),
        cmocka_unit_test(test_release_gives_each_row_that_is_still_the_newest),
        cmocka_unit_test(test_truncation_uncovers_what_was_there_before),
        cmocka_unit_test(test_a_range_has_the_newest_rows_in_the_order_of_their_keys),
        cmocka_unit_test(test_what_is_gone_is_not_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
