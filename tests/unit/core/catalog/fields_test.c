#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/catalog/fields.h"

static void test_fields_come_back_in_the_order_they_were_put(void **state)
{
    (void)state;
    SCOPED(buffer) record = {0};
    fields_begin(&record);
    fields_put_number(&record, 7, UINT64_MAX);
    fields_put_bytes(&record, 300, slice_of_text("text"));
    fields_put_bytes(&record, 7, (struct slice){0});

    struct fields_cursor cursor = fields_cursor(buffer_slice(&record));
    unsigned tag;
    struct slice value;
    assert_true(fields_next(&cursor, &tag, &value));
    assert_int_equal(tag, 7);
    assert_true(fields_number(&cursor, value, UINT64_MAX) == UINT64_MAX);
    assert_true(fields_next(&cursor, &tag, &value));
    assert_int_equal(tag, 300);
    assert_true(slice_is_text(value, "text"));
    assert_true(fields_next(&cursor, &tag, &value));
    assert_int_equal(value.size, 0);
    assert_false(fields_next(&cursor, &tag, &value));
    assert_true(fields_is_done(&cursor));
}

static void test_the_number_zero_takes_no_room(void **state)
{
    (void)state;
    SCOPED(buffer) record = {0};
    fields_begin(&record);

    fields_put_number(&record, 1, 0);

    assert_int_equal(record.size, 1);
}

static void test_a_record_of_no_fields_is_done_at_once(void **state)
{
    (void)state;
    const uint8_t bytes[] = {FIELDS_VERSION};
    struct fields_cursor cursor = fields_cursor(slice_of(bytes, sizeof bytes));
    unsigned tag;
    struct slice value;

    assert_false(fields_next(&cursor, &tag, &value));
    assert_true(fields_is_done(&cursor));
}

/* Reads to the end, as numbers of at most 9; says whether all of it was well formed. */
static bool is_record(const uint8_t *bytes, size_t size)
{
    struct fields_cursor cursor = fields_cursor(slice_of(bytes, size));
    unsigned tag;
    struct slice value;
    while (fields_next(&cursor, &tag, &value))
        (void)fields_number(&cursor, value, 9);
    return fields_is_done(&cursor);
}

#define IS_RECORD(...) is_record((const uint8_t[]){__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__}))

static void test_malformed_records_are_never_done(void **state)
{
    (void)state;
    assert_true(IS_RECORD(1, 5, 1, 9));

    assert_false(is_record(NULL, 0));
    assert_false(IS_RECORD(2, 5, 1, 9)); /* of another version */
    assert_false(IS_RECORD(1, 5));       /* no value */
    assert_false(IS_RECORD(1, 5, 2, 9)); /* a value cut short */
    assert_false(IS_RECORD(1, 0x85, 0, 1, 9));
}

static void test_a_tag_over_32_bits_is_malformed_and_not_cut_to_another(void **state)
{
    (void)state;
    assert_false(IS_RECORD(1, 0x81, 0x80, 0x80, 0x80, 0x10, 1, 9));
}

static void test_a_number_that_is_malformed_or_too_large_fails_the_cursor(void **state)
{
    (void)state;
    assert_false(IS_RECORD(1, 5, 0));          /* nothing */
    assert_false(IS_RECORD(1, 5, 2, 9, 9));    /* something left over */
    assert_false(IS_RECORD(1, 5, 1, 10));      /* above the greatest */
    assert_false(IS_RECORD(1, 5, 2, 0x89, 0)); /* not its shortest form */
}

static void test_a_cursor_that_failed_gives_nothing_more(void **state)
{
    (void)state;
    const uint8_t bytes[] = {FIELDS_VERSION, 5, 0, 6, 1, 1};
    struct fields_cursor cursor = fields_cursor(slice_of(bytes, sizeof bytes));
    unsigned tag;
    struct slice value;
    assert_true(fields_next(&cursor, &tag, &value));

    assert_int_equal(fields_number(&cursor, value, 9), 0);

    assert_false(fields_next(&cursor, &tag, &value));
    assert_false(fields_is_done(&cursor));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields_come_back_in_the_order_they_were_put),
        cmocka_unit_test(test_the_number_zero_takes_no_room),
        cmocka_unit_test(test_a_record_of_no_fields_is_done_at_once),
        cmocka_unit_test(test_malformed_records_are_never_done),
        cmocka_unit_test(test_a_tag_over_32_bits_is_malformed_and_not_cut_to_another),
        cmocka_unit_test(test_a_number_that_is_malformed_or_too_large_fails_the_cursor),
        cmocka_unit_test(test_a_cursor_that_failed_gives_nothing_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
