#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/byte_order.h"
#include "node/engine/keyspace.h"
#include "node/tablet/page_range.h"
#include "node/tablet/tablet.h"

enum { TABLE_UID = 5, TABLETS = 4, NUMBER = 1 };

#define FIRST_TOKEN ((uint64_t)NUMBER << 62)
#define END_TOKEN   ((uint64_t)(NUMBER + 1) << 62)

struct bound {
    uint8_t bytes[9];
    size_t size;
};

/* A token, and a key of one letter or none. */
static struct bound bound_of(uint64_t token, char letter)
{
    struct bound bound = {.size = letter == 0 ? 8 : 9};
    byte_order_put_u64(bound.bytes, token);
    bound.bytes[8] = (uint8_t)letter;
    return bound;
}

static enum status set(struct page_range *range, const struct bound *first, const struct bound *end,
                       uint32_t tablet)
{
    struct tablet_range asked = {
        .table_uid = TABLE_UID,
        .first = slice_of(first->bytes, first->size),
        .end = slice_of(end->bytes, end->size),
        .is_backward = range->is_backward,
    };
    return page_range_set(range, &asked, tablet, TABLETS);
}

static void assert_row_key(struct slice key, uint64_t table_uid, uint64_t token, const char *text)
{
    SCOPED(buffer) expected = {0};
    keyspace_row(&expected, table_uid, token, slice_of_text(text));
    assert_true(slice_is_equal(key, buffer_slice(&expected)));
}

static void test_bounds_become_the_keys_of_rows(void **state)
{
    (void)state;
    SCOPED(page_range) range;
    page_range_init(&range);
    struct bound first = bound_of(FIRST_TOKEN, 'a');
    struct bound end = bound_of(FIRST_TOKEN + 1, 'b');

    assert_int_equal(set(&range, &first, &end, NUMBER), STATUS_OK);

    assert_row_key(page_range_keys(&range).first, TABLE_UID, FIRST_TOKEN, "a");
    assert_row_key(page_range_keys(&range).end, TABLE_UID, FIRST_TOKEN + 1, "b");
    assert_true(slice_is_equal(page_range_relative(page_range_keys(&range).first),
                               slice_of(first.bytes, first.size)));
}

static void test_without_an_end_it_goes_to_the_tablets(void **state)
{
    (void)state;
    SCOPED(page_range) range;
    page_range_init(&range);
    struct bound first = bound_of(FIRST_TOKEN, 0);
    struct bound none = {0};
    assert_int_equal(set(&range, &first, &none, NUMBER), STATUS_OK);
    assert_row_key(page_range_keys(&range).end, TABLE_UID, END_TOKEN, "");

    first = bound_of(UINT64_MAX, 0);
    assert_int_equal(set(&range, &first, &none, TABLETS - 1), STATUS_OK);
    assert_row_key(page_range_keys(&range).end, TABLE_UID + 1, 0, "");
}

static void test_a_range_that_leaves_the_tablet_is_refused(void **state)
{
    (void)state;
    SCOPED(page_range) range;
    page_range_init(&range);
    struct bound first = bound_of(FIRST_TOKEN, 0);
    struct bound tablet_end = bound_of(END_TOKEN, 0);
    struct bound none = {0};
    assert_int_equal(set(&range, &first, &tablet_end, NUMBER), STATUS_OK);
    struct bound behind = bound_of(END_TOKEN, 'a');
    assert_int_equal(set(&range, &first, &behind, NUMBER), STATUS_INVALID);
    assert_int_equal(set(&range, &tablet_end, &none, NUMBER), STATUS_INVALID);
    struct bound before = bound_of(FIRST_TOKEN - 1, 0);
    assert_int_equal(set(&range, &before, &tablet_end, NUMBER), STATUS_INVALID);
}

static void test_a_bound_without_a_token_is_refused(void **state)
{
    (void)state;
    SCOPED(page_range) range;
    page_range_init(&range);
    struct bound first = bound_of(FIRST_TOKEN, 0);
    struct bound none = {0};
    struct bound cut = {.bytes = {0x40}, .size = 7};
    assert_int_equal(set(&range, &none, &none, NUMBER), STATUS_INVALID);
    assert_int_equal(set(&range, &cut, &none, NUMBER), STATUS_INVALID);
    assert_int_equal(set(&range, &first, &cut, NUMBER), STATUS_INVALID);
}

static void test_it_goes_on_behind_a_key_in_its_direction(void **state)
{
    (void)state;
    SCOPED(page_range) range;
    SCOPED(buffer) key = {0};
    SCOPED(buffer) bound = {0};
    page_range_init(&range);
    struct bound first = bound_of(FIRST_TOKEN, 0);
    struct bound none = {0};
    keyspace_row(&key, TABLE_UID, FIRST_TOKEN, slice_of_text("k"));

    assert_int_equal(set(&range, &first, &none, NUMBER), STATUS_OK);
    struct key_range up_to = page_range_up_to(&range, buffer_slice(&key), &bound);
    assert_true(key_range_contains(up_to, buffer_slice(&key)));
    page_range_pass(&range, buffer_slice(&key));
    assert_true(slice_is_equal(page_range_keys(&range).first, up_to.end));
    assert_false(key_range_contains(page_range_keys(&range), buffer_slice(&key)));

    range.is_backward = true;
    assert_int_equal(set(&range, &first, &none, NUMBER), STATUS_OK);
    up_to = page_range_up_to(&range, buffer_slice(&key), &bound);
    assert_true(slice_is_equal(up_to.first, buffer_slice(&key)));
    page_range_pass(&range, buffer_slice(&key));
    assert_true(slice_is_equal(page_range_keys(&range).end, buffer_slice(&key)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds_become_the_keys_of_rows),
        cmocka_unit_test(test_without_an_end_it_goes_to_the_tablets),
        cmocka_unit_test(test_a_range_that_leaves_the_tablet_is_refused),
        cmocka_unit_test(test_a_bound_without_a_token_is_refused),
        cmocka_unit_test(test_it_goes_on_behind_a_key_in_its_direction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
