#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/byte_order.h"
#include "node/tablet/page.h"
#include "tests/unit/core/model/item_fixture.h"

/* {"id": text}: its size is that of the text and 2. */
static void add_item(struct page *page, const char *key, const char *text)
{
    OWNED(item_builder) builder = item_builder_create();
    put_string(builder, "id", text);
    page_add(page, slice_of_text(key), finished(builder));
}

static void test_what_is_evaluated_is_counted_and_kept(void **state)
{
    (void)state;
    SCOPED(page) page;
    page_init(&page, &(struct page_bounds){.count_max = 10, .size_max = 1000}, NULL);
    add_item(&page, "a", "123");
    add_item(&page, "b", "4");

    assert_int_equal(page.evaluated_count, 2);
    assert_int_equal(page.matched_count, 2);
    assert_int_equal(page.evaluated_size, 8);
    assert_true(slice_is_text(buffer_slice(&page.last_key), "b"));
    struct byte_reader reader = byte_reader_of(buffer_slice(&page.items));
    assert_int_equal(item_size(byte_reader_sized(&reader)), 5);
    assert_int_equal(item_size(byte_reader_sized(&reader)), 3);
    assert_true(byte_reader_is_done(&reader));
}

static void test_a_count_keeps_no_items(void **state)
{
    (void)state;
    SCOPED(page) page;
    page_init(&page,
              &(struct page_bounds){.count_max = 10, .size_max = 1000, .is_count_only = true},
              NULL);
    add_item(&page, "a", "123");
    assert_int_equal(page.matched_count, 1);
    assert_int_equal(page.items.size, 0);
}

static void test_a_page_is_full_at_its_count(void **state)
{
    (void)state;
    SCOPED(page) page;
    page_init(&page, &(struct page_bounds){.count_max = 2, .size_max = 1000}, NULL);
    add_item(&page, "a", "1");
    assert_false(page_is_full(&page));
    add_item(&page, "b", "1");
    assert_true(page_is_full(&page));
}

static void test_a_page_is_full_with_the_item_that_reaches_its_size(void **state)
{
    (void)state;
    SCOPED(page) page;
    page_init(&page, &(struct page_bounds){.count_max = 10, .size_max = 8}, NULL);
    add_item(&page, "a", "12345");
    assert_int_equal(page.evaluated_size, 7);
    assert_false(page_is_full(&page));
    add_item(&page, "b", "1");
    assert_true(page_is_full(&page));
}

static void test_a_page_without_any_size_left_takes_one_item(void **state)
{
    (void)state;
    SCOPED(page) page;
    page_init(&page, &(struct page_bounds){.count_max = 10}, NULL);
    assert_false(page_is_full(&page));
    add_item(&page, "a", "1");
    assert_true(page_is_full(&page));
}

static void test_a_page_leaves_room_for_one_more_item_in_its_message(void **state)
{
    (void)state;
    SCOPED(page) page;
    page_init(&page, &(struct page_bounds){.count_max = UINT64_MAX, .size_max = UINT64_MAX}, NULL);
    char text[4096];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    while (!page_is_full(&page))
        add_item(&page, "a", text);
    assert_true(page.items.size > RPC_BODY_SIZE_MAX / 2);
    assert_true(page.items.size + sizeof text < RPC_BODY_SIZE_MAX);
    assert_true(PAGE_ITEMS_TARGET + LIMIT_ITEM_BYTES < RPC_BODY_SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_evaluated_is_counted_and_kept),
        cmocka_unit_test(test_a_count_keeps_no_items),
        cmocka_unit_test(test_a_page_is_full_at_its_count),
        cmocka_unit_test(test_a_page_is_full_with_the_item_that_reaches_its_size),
        cmocka_unit_test(test_a_page_leaves_room_for_one_more_item_in_its_message),
        cmocka_unit_test(test_a_page_without_any_size_left_takes_one_item),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
