#include "tests/unit/core/catalog/record_fixture.h"

/* As on disk. */
enum { STATUS_TAG = 3, HASH_KEY_TAG = 5, PARTITION_TYPE_TAG = 8, SORT_NAME_TAG = 9 };
enum { SORT_TYPE_TAG = 10, BILLING_TAG = 11, CLASS_TAG = 14, NAME_TAG = 2 };
enum { PROTECTED_TAG = 23, TAGS_TAG = 24 };

static enum status decode(struct slice record, struct buffer *out_again)
{
    struct table table;
    TRY(table_decode(record, &table));
    table_encode(&table, out_again);
    return STATUS_OK;
}

static void assert_attribute(struct table_attribute left, struct table_attribute right)
{
    assert_true(slice_is_equal(left.name, right.name));
    assert_int_equal(left.type, right.type);
}

static void assert_same(const struct table *left, const struct table *right)
{
    assert_true(left->uid == right->uid);
    assert_true(slice_is_equal(left->name, right->name));
    assert_int_equal(left->status, right->status);
    assert_true(left->created_ms == right->created_ms);
    assert_memory_equal(left->hash_key, right->hash_key, HASH_KEY_SIZE);
    assert_int_equal(left->ring, right->ring);
    assert_attribute(left->partition_key, right->partition_key);
    assert_attribute(left->sort_key, right->sort_key);
    assert_int_equal(left->has_sort_key, right->has_sort_key);
    assert_int_equal(left->is_sort_key_defined_first, right->is_sort_key_defined_first);
    assert_int_equal(left->billing, right->billing);
    assert_true(left->read_units == right->read_units);
    assert_true(left->write_units == right->write_units);
    assert_int_equal(left->class, right->class);
    assert_int_equal(left->has_class, right->has_class);
    assert_true(left->units_raised_ms == right->units_raised_ms);
    assert_true(left->units_lowered_ms == right->units_lowered_ms);
    assert_true(left->lowered_count == right->lowered_count);
    assert_true(left->on_demand_ms == right->on_demand_ms);
    assert_true(left->read_units_max == right->read_units_max);
    assert_true(left->write_units_max == right->write_units_max);
    assert_true(left->class_change_ms == right->class_change_ms);
    assert_int_equal(left->is_protected, right->is_protected);
    assert_true(slice_is_equal(left->tags, right->tags));
    assert_true(slice_is_equal(left->expiry, right->expiry));
}

static void assert_round_trip(const struct table *table)
{
    SCOPED(buffer) record = {0};
    struct table decoded;
    table_encode(table, &record);

    assert_int_equal(table_decode(buffer_slice(&record), &decoded), STATUS_OK);

    assert_same(&decoded, table);
}

static void test_a_table_with_every_field_set_comes_back(void **state)
{
    (void)state;
    struct table table = fixture_table("orders");

    assert_round_trip(&table);
}

static void test_a_table_with_no_more_than_a_key_comes_back(void **state)
{
    (void)state;
    struct table table = {
        .name = slice_of_text("t"),
        .partition_key = {.name = slice_of_text("k"), .type = VALUE_BINARY},
        .class = TABLE_CLASS_STANDARD,
    };

    assert_round_trip(&table);
}

/* What programs wrote before tables could be changed: tags 1 to 15. */
static void test_a_record_of_before_tables_could_be_changed_is_read(void **state)
{
    (void)state;
    SCOPED(buffer) record = {0};
    fields_begin(&record);
    fields_put_number(&record, 1, 7);
    fields_put_bytes(&record, 2, slice_of_text("orders"));
    fields_put_number(&record, 3, TABLE_ACTIVE);
    fields_put_number(&record, 4, 1700000000123);
    fields_put_bytes(&record, 5, slice_of_text("sixteen bytes..."));
    fields_put_bytes(&record, 7, slice_of_text("id"));
    fields_put_number(&record, 8, VALUE_STRING);
    fields_put_number(&record, 11, TABLE_BILLING_PROVISIONED);
    fields_put_number(&record, 12, 5);
    fields_put_number(&record, 13, 6);
    struct table table;

    assert_int_equal(table_decode(buffer_slice(&record), &table), STATUS_OK);

    assert_int_equal(table.uid, 7);
    assert_int_equal(table.read_units, 5);
    assert_int_equal(table.units_lowered_ms, 0);
    assert_int_equal(table.read_units_max, 0);
    assert_false(table.is_protected);
    assert_int_equal(table.tags.size, 0);
    assert_int_equal(table.expiry.size, 0);
}

static void test_tags_that_are_none_are_corrupt(void **state)
{
    (void)state;
    SCOPED(buffer) record = {0};
    struct table table = fixture_table("orders");
    table_encode(&table, &record);

    assert_int_equal(
        fixture_decode_with(buffer_slice(&record), TAGS_TAG, slice_of_text("\001b"), decode),
        STATUS_CORRUPT);
    assert_int_equal(fixture_decode_with_number(buffer_slice(&record), PROTECTED_TAG, 2, decode),
                     STATUS_CORRUPT);
}

static void test_fields_of_a_later_version_are_skipped(void **state)
{
    (void)state;
    SCOPED(buffer) record = {0};
    struct table table = fixture_table("orders");
    table_encode(&table, &record);

    fixture_check_unknown_tags(buffer_slice(&record), decode);
}

static void test_damaged_records_are_corrupt_or_last(void **state)
{
    (void)state;
    SCOPED(buffer) record = {0};
    struct table table = fixture_table("orders");
    table_encode(&table, &record);

    fixture_check_damage(buffer_slice(&record), decode);
}

static void test_members_that_no_enum_has_are_corrupt(void **state)
{
    (void)state;
    SCOPED(buffer) record = {0};
    struct table table = fixture_table("orders");
    table_encode(&table, &record);
    const unsigned tags[] = {STATUS_TAG, PARTITION_TYPE_TAG, SORT_TYPE_TAG, BILLING_TAG, CLASS_TAG};
    const uint64_t too_large[] = {4, VALUE_NULL, VALUE_MAP, 3, 3};

    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        assert_int_equal(
            fixture_decode_with_number(buffer_slice(&record), tags[i], too_large[i], decode),
            STATUS_CORRUPT);
        /* Cut to 32 bits, this would be 1. */
        assert_int_equal(fixture_decode_with_number(buffer_slice(&record), tags[i],
                                                    ((uint64_t)1 << 32) + 1, decode),
                         STATUS_CORRUPT);
    }
}

static void test_a_hash_key_of_another_size_is_corrupt(void **state)
{
    (void)state;
    SCOPED(buffer) record = {0};
    struct table table = fixture_table("orders");
    table_encode(&table, &record);

    assert_int_equal(fixture_decode_with(buffer_slice(&record), HASH_KEY_TAG,
                                         slice_of_text("fifteen bytes.."), decode),
                     STATUS_CORRUPT);
}

static void test_a_sort_key_needs_both_its_name_and_its_type(void **state)
{
    (void)state;
    SCOPED(buffer) record = {0};
    struct table table = fixture_table("orders");
    table.has_sort_key = false;
    table_encode(&table, &record);

    assert_int_equal(
        fixture_decode_with(buffer_slice(&record), SORT_NAME_TAG, slice_of_text("ordered"), decode),
        STATUS_CORRUPT);
    assert_int_equal(
        fixture_decode_with_number(buffer_slice(&record), SORT_TYPE_TAG, VALUE_NUMBER, decode),
        STATUS_CORRUPT);
}

static void test_a_table_without_a_name_or_with_too_long_a_one_is_corrupt(void **state)
{
    (void)state;
    char name[257] = {0};
    memset(name, 'n', sizeof name - 1);
    SCOPED(buffer) record = {0};
    struct table table = fixture_table("orders");
    table_encode(&table, &record);

    assert_int_equal(
        fixture_decode_with(buffer_slice(&record), NAME_TAG, slice_of(name, 255), decode),
        STATUS_OK);
    assert_int_equal(
        fixture_decode_with(buffer_slice(&record), NAME_TAG, slice_of(name, 256), decode),
        STATUS_CORRUPT);
    assert_int_equal(
        fixture_decode_with(buffer_slice(&record), NAME_TAG, (struct slice){0}, decode),
        STATUS_CORRUPT);
}

static void test_what_is_corrupt_leaves_the_output_alone(void **state)
{
    (void)state;
    struct table table = {.uid = 42};

    assert_int_equal(table_decode(slice_of_text("\x01"), &table), STATUS_CORRUPT);

    assert_int_equal(table.uid, 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_table_with_every_field_set_comes_back),
        cmocka_unit_test(test_a_table_with_no_more_than_a_key_comes_back),
        cmocka_unit_test(test_a_record_of_before_tables_could_be_changed_is_read),
        cmocka_unit_test(test_tags_that_are_none_are_corrupt),
        cmocka_unit_test(test_fields_of_a_later_version_are_skipped),
        cmocka_unit_test(test_damaged_records_are_corrupt_or_last),
        cmocka_unit_test(test_members_that_no_enum_has_are_corrupt),
        cmocka_unit_test(test_a_hash_key_of_another_size_is_corrupt),
        cmocka_unit_test(test_a_sort_key_needs_both_its_name_and_its_type),
        cmocka_unit_test(test_a_table_without_a_name_or_with_too_long_a_one_is_corrupt),
        cmocka_unit_test(test_what_is_corrupt_leaves_the_output_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
