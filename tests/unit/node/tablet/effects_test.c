#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/tablet/effects.h"

struct fixture {
    struct effects effects;
    struct buffer bytes;
    struct effects_cursor cursor;
    uint64_t time;
};

static int setup(void **state)
{
    struct fixture *fixture = memory_alloc_zeroed(sizeof *fixture);
    effects_init(&fixture->effects);
    buffer_init(&fixture->bytes);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    effects_deinit(&fixture->effects);
    buffer_deinit(&fixture->bytes);
    memory_free(fixture);
    return 0;
}

static enum status reopen(struct fixture *fixture)
{
    buffer_clear(&fixture->bytes);
    effects_encode(&fixture->effects, &fixture->bytes);
    return effects_open(buffer_slice(&fixture->bytes), &fixture->cursor, &fixture->time);
}

static void test_effects_come_back_in_their_order(void **state)
{
    struct fixture *fixture = *state;
    struct effects *effects = &fixture->effects;
    effects_clear(effects, 99);
    effects_put(effects, slice_of_text("a"), slice_of_text("1"));
    effects_delete(effects, slice_of_text("b"));
    struct row row = {.stamp = {.time = 5, .region_id = 6}};
    effects_put_row(effects, slice_of_text("c"), &row,
                    effects_add_value(effects, slice_of_text("item")));

    assert_int_equal(reopen(fixture), STATUS_OK);

    struct effect effect;
    assert_int_equal(fixture->time, 99);
    assert_true(effects_next(&fixture->cursor, &effect));
    assert_int_equal(effect.kind, EFFECT_PUT);
    assert_true(slice_is_text(effect.key, "a"));
    assert_true(slice_is_text(effect.value, "1"));
    assert_true(effects_next(&fixture->cursor, &effect));
    assert_int_equal(effect.kind, EFFECT_DELETE);
    assert_true(slice_is_text(effect.key, "b"));
    assert_true(effects_next(&fixture->cursor, &effect));
    assert_int_equal(effect.kind, EFFECT_PUT_ROW);
    assert_true(slice_is_text(effect.key, "c"));
    assert_true(slice_is_text(effect.value, "item"));
    assert_false(effects_next(&fixture->cursor, &effect));
}

static void test_header_and_value_of_a_row_are_the_row(void **state)
{
    struct fixture *fixture = *state;
    struct row row = {.stamp = {.time = 5, .region_id = 6}};
    effects_clear(&fixture->effects, 1);
    effects_put_row(&fixture->effects, slice_of_text("c"), &row,
                    effects_add_value(&fixture->effects, slice_of_text("item")));
    assert_int_equal(reopen(fixture), STATUS_OK);
    struct effect effect;
    assert_true(effects_next(&fixture->cursor, &effect));

    SCOPED(buffer) stored;
    buffer_init(&stored);
    buffer_append(&stored, effect.header);
    buffer_append(&stored, effect.value);
    struct row decoded;
    assert_int_equal(row_decode(buffer_slice(&stored), &decoded), STATUS_OK);
    assert_int_equal(decoded.stamp.time, 5);
    assert_true(slice_is_text(decoded.item, "item"));
}

static void test_rows_refer_to_values_by_number(void **state)
{
    struct fixture *fixture = *state;
    struct effects *effects = &fixture->effects;
    struct row row = {0};
    effects_clear(effects, 1);
    uint64_t first = effects_add_value(effects, slice_of_text("one"));
    uint64_t second = effects_add_value(effects, slice_of_text("two"));
    effects_put_row(effects, slice_of_text("a"), &row, second);
    effects_put_row(effects, slice_of_text("b"), &row, first);
    effects_put_row(effects, slice_of_text("c"), &row, second);
    assert_int_equal(reopen(fixture), STATUS_OK);

    const char *const expected[] = {"two", "one", "two"};
    for (size_t i = 0; i < 3; i++) {
        struct effect effect;
        assert_true(effects_next(&fixture->cursor, &effect));
        assert_true(slice_is_text(effect.value, expected[i]));
    }
}

static void test_clearing_leaves_nothing_of_what_was_built(void **state)
{
    struct fixture *fixture = *state;
    effects_clear(&fixture->effects, 1);
    effects_delete(&fixture->effects, slice_of_text("a"));
    effects_clear(&fixture->effects, 2);
    assert_int_equal(reopen(fixture), STATUS_OK);
    struct effect effect;
    assert_false(effects_next(&fixture->cursor, &effect));
    assert_int_equal(fixture->time, 2);
}

static void test_effects_that_were_cut_anywhere_are_corrupt(void **state)
{
    struct fixture *fixture = *state;
    struct row row = {0};
    effects_clear(&fixture->effects, 1);
    effects_put_row(&fixture->effects, slice_of_text("a"), &row,
                    effects_add_value(&fixture->effects, slice_of_text("one")));
    effects_delete(&fixture->effects, slice_of_text("b"));
    assert_int_equal(reopen(fixture), STATUS_OK);
    for (size_t size = 0; size < fixture->bytes.size; size++)
        assert_int_equal(
            effects_open(slice_of(fixture->bytes.bytes, size), &fixture->cursor, &fixture->time),
            STATUS_CORRUPT);
}

static void test_bytes_after_the_end_are_corrupt(void **state)
{
    struct fixture *fixture = *state;
    effects_clear(&fixture->effects, 1);
    assert_int_equal(reopen(fixture), STATUS_OK);
    buffer_append_u8(&fixture->bytes, 0);
    assert_int_equal(effects_open(buffer_slice(&fixture->bytes), &fixture->cursor, &fixture->time),
                     STATUS_CORRUPT);
}

static void begin_by_hand(struct fixture *fixture, uint64_t value_count)
{
    buffer_clear(&fixture->bytes);
    buffer_append_u8(&fixture->bytes, EFFECTS_VERSION);
    buffer_append_u64(&fixture->bytes, 1);
    buffer_append_varint(&fixture->bytes, value_count);
}

static void test_a_row_of_a_value_that_is_not_there_is_corrupt(void **state)
{
    struct fixture *fixture = *state;
    begin_by_hand(fixture, 0);
    buffer_append_varint(&fixture->bytes, 1);
    buffer_append_u8(&fixture->bytes, EFFECT_PUT_ROW);
    buffer_append_sized(&fixture->bytes, slice_of_text("key"));
    buffer_append_sized(&fixture->bytes, slice_of_text("header"));
    buffer_append_varint(&fixture->bytes, 0);
    buffer_append_varint(&fixture->bytes, 0);
    buffer_append_varint(&fixture->bytes, 0);
    assert_int_equal(effects_open(buffer_slice(&fixture->bytes), &fixture->cursor, &fixture->time),
                     STATUS_CORRUPT);
}

static void test_an_operation_of_another_kind_is_corrupt(void **state)
{
    struct fixture *fixture = *state;
    begin_by_hand(fixture, 0);
    buffer_append_varint(&fixture->bytes, 1);
    buffer_append_u8(&fixture->bytes, 9);
    buffer_append_sized(&fixture->bytes, slice_of_text("key"));
    buffer_append_varint(&fixture->bytes, 0);
    assert_int_equal(effects_open(buffer_slice(&fixture->bytes), &fixture->cursor, &fixture->time),
                     STATUS_CORRUPT);
}

static void test_an_endless_count_ends_with_the_bytes(void **state)
{
    struct fixture *fixture = *state;
    begin_by_hand(fixture, UINT64_MAX);
    assert_int_equal(effects_open(buffer_slice(&fixture->bytes), &fixture->cursor, &fixture->time),
                     STATUS_CORRUPT);
}

static void test_change_records_are_of_a_later_version(void **state)
{
    struct fixture *fixture = *state;
    begin_by_hand(fixture, 0);
    buffer_append_varint(&fixture->bytes, 0);
    buffer_append_varint(&fixture->bytes, 1);
    buffer_append_sized(&fixture->bytes, slice_of_text("change"));
    assert_int_equal(effects_open(buffer_slice(&fixture->bytes), &fixture->cursor, &fixture->time),
                     STATUS_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_effects_come_back_in_their_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_header_and_value_of_a_row_are_the_row, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_rows_refer_to_values_by_number, setup, teardown),
        cmocka_unit_test_setup_teardown(test_clearing_leaves_nothing_of_what_was_built, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_effects_that_were_cut_anywhere_are_corrupt, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_bytes_after_the_end_are_corrupt, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_row_of_a_value_that_is_not_there_is_corrupt, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_an_operation_of_another_kind_is_corrupt, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_an_endless_count_ends_with_the_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_change_records_are_of_a_later_version, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
