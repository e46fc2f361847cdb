#include "tests/unit/core/catalog/record_fixture.h"

#include "core/catalog/table_change.h"
#include "core/catalog/table_tags.h"

#include <stdio.h>

#define NOON_MS UINT64_C(1764331200000) /* of a UTC day */
#define HOUR_MS UINT64_C(3600000)

static enum status decode(struct slice record, struct buffer *out_again)
{
    struct table_change change;
    TRY(table_change_decode(record, &change));
    table_change_encode(&change, out_again);
    return STATUS_OK;
}

/* A change with every field set; `tags` owns its tags. */
static struct table_change full_change(struct buffer *tags)
{
    table_tags_put(tags, (struct table_tag){slice_of_text("k"), slice_of_text("v")});
    return (struct table_change){
        .billing = TABLE_BILLING_PROVISIONED,
        .read_units = 5,
        .write_units = 6,
        .read_units_max = 7,
        .write_units_max = TABLE_CHANGE_NO_BOUND,
        .class = TABLE_CLASS_INFREQUENT_ACCESS,
        .protection = TABLE_CHANGE_PROTECTION_OFF,
        .tags = buffer_slice(tags),
        .tag_keys_removed = slice_of_text("\001a"),
        .expiry = TABLE_CHANGE_EXPIRY_ENABLE,
        .expiry_attribute = slice_of_text("ends"),
    };
}

static struct table provisioned(uint64_t read_units, uint64_t write_units)
{
    struct table table = fixture_table("orders");
    table.billing = TABLE_BILLING_PROVISIONED;
    table.read_units = read_units;
    table.write_units = write_units;
    table.read_units_max = table.write_units_max = 0;
    table.units_lowered_ms = table.units_raised_ms = table.lowered_count = 0;
    table.on_demand_ms = 0;
    table.tags = table.expiry = (struct slice){0};
    return table;
}

static struct table on_demand(void)
{
    struct table table = provisioned(0, 0);
    table.billing = TABLE_BILLING_ON_DEMAND;
    return table;
}

/* Of a change that leaves the tags alone. */
static enum catalog_result apply(struct table *table, uint64_t now_ms, struct table_change change)
{
    SCOPED(buffer) room = {0};
    return table_change_apply(&change, now_ms, &room, table);
}

static enum catalog_result set_units(struct table *table, uint64_t now_ms, uint64_t units)
{
    return apply(table, now_ms, (struct table_change){.read_units = units, .write_units = units});
}

/* --- Codec ----------------------------------------------------------------------------------- */

static void test_a_change_comes_back_as_it_was(void **state)
{
    (void)state;
    SCOPED(buffer) tags = {0};
    SCOPED(buffer) record = {0};
    struct table_change decoded, change = full_change(&tags);
    table_change_encode(&change, &record);

    assert_int_equal(table_change_decode(buffer_slice(&record), &decoded), STATUS_OK);

    assert_int_equal(decoded.billing, change.billing);
    assert_int_equal(decoded.read_units, 5);
    assert_int_equal(decoded.write_units, 6);
    assert_int_equal(decoded.read_units_max, 7);
    assert_true(decoded.write_units_max == TABLE_CHANGE_NO_BOUND);
    assert_int_equal(decoded.class, change.class);
    assert_int_equal(decoded.protection, change.protection);
    assert_true(slice_is_equal(decoded.tags, change.tags));
    assert_true(slice_is_equal(decoded.tag_keys_removed, change.tag_keys_removed));
    assert_int_equal(decoded.expiry, change.expiry);
    assert_true(slice_is_text(decoded.expiry_attribute, "ends"));
}

static void test_a_damaged_change_is_corrupt_or_lasts(void **state)
{
    (void)state;
    SCOPED(buffer) tags = {0};
    SCOPED(buffer) record = {0};
    struct table_change change = full_change(&tags);
    table_change_encode(&change, &record);

    fixture_check_damage(buffer_slice(&record), decode);
    fixture_check_unknown_tags(buffer_slice(&record), decode);
}

static void test_half_a_throughput_or_half_an_expiry_is_corrupt(void **state)
{
    (void)state;
    const struct table_change halves[] = {
        {.read_units = 1},
        {.write_units = 1},
        {.expiry = TABLE_CHANGE_EXPIRY_ENABLE},
        {.expiry_attribute = slice_of_text("ends")},
    };
    for (size_t i = 0; i < sizeof halves / sizeof halves[0]; i++) {
        SCOPED(buffer) record = {0};
        struct table_change decoded;
        table_change_encode(&halves[i], &record);
        assert_int_equal(table_change_decode(buffer_slice(&record), &decoded), STATUS_CORRUPT);
    }
}

/* --- Throughput ------------------------------------------------------------------------------ */

static void test_raising_and_lowering_are_dated(void **state)
{
    (void)state;
    struct table table = provisioned(5, 5);

    assert_int_equal(
        apply(&table, NOON_MS, (struct table_change){.read_units = 9, .write_units = 3}),
        CATALOG_DONE);

    assert_int_equal(table.read_units, 9);
    assert_int_equal(table.write_units, 3);
    assert_true(table.units_raised_ms == NOON_MS);
    assert_true(table.units_lowered_ms == NOON_MS);
    assert_int_equal(table.lowered_count, 1);
}

static void test_units_that_are_so_already_are_refused(void **state)
{
    (void)state;
    struct table table = provisioned(5, 5);
    assert_int_equal(set_units(&table, NOON_MS, 5), CATALOG_UNITS_UNCHANGED);
}

static void test_after_four_lowerings_there_is_one_an_hour(void **state)
{
    (void)state;
    struct table table = provisioned(100, 100);
    for (uint64_t i = 0; i < 4; i++)
        assert_int_equal(set_units(&table, NOON_MS, 99 - i), CATALOG_DONE);

    struct table before = table;
    assert_int_equal(set_units(&table, NOON_MS + HOUR_MS - 1, 50), CATALOG_LOWERING_LIMIT);
    assert_memory_equal(&before, &table, sizeof table);
    assert_true(table_change_next_lowering_ms(&table) == NOON_MS + HOUR_MS);

    assert_int_equal(set_units(&table, NOON_MS + HOUR_MS, 50), CATALOG_DONE);
    assert_int_equal(table.lowered_count, 5);
    assert_int_equal(set_units(&table, NOON_MS + HOUR_MS, 200), CATALOG_DONE);
    assert_int_equal(set_units(&table, NOON_MS + HOUR_MS, 199), CATALOG_LOWERING_LIMIT);
}

static void test_lowerings_are_counted_anew_on_the_next_day(void **state)
{
    (void)state;
    struct table table = provisioned(100, 100);
    uint64_t midnight_ms = NOON_MS + 12 * HOUR_MS;
    for (uint64_t i = 0; i < 4; i++)
        assert_int_equal(set_units(&table, midnight_ms - 1, 99 - i), CATALOG_DONE);

    assert_int_equal(set_units(&table, midnight_ms, 50), CATALOG_DONE);

    assert_int_equal(table.lowered_count, 1);
}

static void test_a_table_put_on_demand_has_no_units(void **state)
{
    (void)state;
    struct table table = provisioned(5, 6);

    assert_int_equal(
        apply(&table, NOON_MS, (struct table_change){.billing = TABLE_BILLING_ON_DEMAND}),
        CATALOG_DONE);

    assert_int_equal(table.read_units, 0);
    assert_int_equal(table.write_units, 0);
    assert_true(table.on_demand_ms == NOON_MS);
    assert_int_equal(set_units(&table, NOON_MS, 5), CATALOG_UNITS_MISPLACED);
}

static void test_a_table_put_back_remembers_that_it_was_on_demand(void **state)
{
    (void)state;
    struct table table = on_demand();
    table.read_units_max = 40;
    struct table_change change = {
        .billing = TABLE_BILLING_PROVISIONED, .read_units = 3, .write_units = 4};

    assert_int_equal(apply(&table, NOON_MS, change), CATALOG_DONE);

    assert_int_equal(table.read_units, 3);
    assert_int_equal(table.write_units, 4);
    assert_int_equal(table.read_units_max, 0);
    assert_true(table.on_demand_ms == table.created_ms);
    assert_int_equal(table.units_raised_ms, 0);
}

static void test_a_table_is_not_provisioned_without_units(void **state)
{
    (void)state;
    struct table table = on_demand();
    assert_int_equal(
        apply(&table, NOON_MS, (struct table_change){.billing = TABLE_BILLING_PROVISIONED}),
        CATALOG_UNITS_MISPLACED);
    assert_int_equal(table.billing, TABLE_BILLING_ON_DEMAND);
}

static void test_bounds_of_on_demand_tables_are_set_one_by_one(void **state)
{
    (void)state;
    struct table table = on_demand();
    assert_int_equal(
        apply(&table, NOON_MS, (struct table_change){.read_units_max = 20, .write_units_max = 15}),
        CATALOG_DONE);
    assert_int_equal(apply(&table, NOON_MS, (struct table_change){.read_units_max = 40}),
                     CATALOG_DONE);
    assert_int_equal(table.read_units_max, 40);
    assert_int_equal(table.write_units_max, 15);

    assert_int_equal(
        apply(&table, NOON_MS, (struct table_change){.write_units_max = TABLE_CHANGE_NO_BOUND}),
        CATALOG_DONE);

    assert_int_equal(table.read_units_max, 40);
    assert_int_equal(table.write_units_max, 0);
}

static void test_provisioned_tables_have_no_bounds(void **state)
{
    (void)state;
    struct table table = provisioned(5, 5);
    assert_int_equal(apply(&table, NOON_MS, (struct table_change){.write_units_max = 9}),
                     CATALOG_BOUNDS_MISPLACED);
    assert_int_equal(table.write_units_max, 0);
}

/* --- The rest -------------------------------------------------------------------------------- */

static void test_class_and_protection_are_set(void **state)
{
    (void)state;
    struct table table = provisioned(5, 5);
    table.class = TABLE_CLASS_STANDARD;
    table.has_class = table.is_protected = false;
    table.class_change_ms = 0;
    struct table_change change = {.class = TABLE_CLASS_INFREQUENT_ACCESS,
                                  .protection = TABLE_CHANGE_PROTECTION_ON};

    assert_int_equal(apply(&table, NOON_MS, change), CATALOG_DONE);
    assert_int_equal(apply(&table, NOON_MS + 1, change), CATALOG_DONE);

    assert_int_equal(table.class, TABLE_CLASS_INFREQUENT_ACCESS);
    assert_true(table.has_class);
    assert_true(table.class_change_ms == NOON_MS);
    assert_true(table.is_protected);
    change = (struct table_change){.protection = TABLE_CHANGE_PROTECTION_OFF};
    assert_int_equal(apply(&table, NOON_MS, change), CATALOG_DONE);
    assert_false(table.is_protected);
}

static void test_tags_are_put_and_removed(void **state)
{
    (void)state;
    SCOPED(buffer) tags = {0};
    SCOPED(buffer) room = {0};
    struct table table = provisioned(5, 5);
    table_tags_put(&tags, (struct table_tag){slice_of_text("a"), slice_of_text("1")});
    struct table_change change = {.tags = buffer_slice(&tags)};
    assert_int_equal(table_change_apply(&change, NOON_MS, &room, &table), CATALOG_DONE);
    assert_true(slice_is_equal(table.tags, buffer_slice(&tags)));

    SCOPED(buffer) next = {0};
    change = (struct table_change){.tag_keys_removed = slice_of_text("\001a")};
    assert_int_equal(table_change_apply(&change, NOON_MS, &next, &table), CATALOG_DONE);

    assert_int_equal(table.tags.size, 0);
}

static void test_a_table_takes_at_most_fifty_tags(void **state)
{
    (void)state;
    SCOPED(buffer) tags = {0};
    SCOPED(buffer) room = {0};
    SCOPED(buffer) more = {0};
    struct table table = provisioned(5, 5);
    for (int i = 0; i < TABLE_TAGS_MAX; i++) {
        char key[16];
        snprintf(key, sizeof key, "%03d", i);
        table_tags_put(&tags, (struct table_tag){slice_of_text(key), slice_of_text("v")});
    }
    table.tags = buffer_slice(&tags);
    table_tags_put(&more, (struct table_tag){slice_of_text("x"), slice_of_text("v")});
    struct table_change change = {.tags = buffer_slice(&more)};

    assert_int_equal(table_change_apply(&change, NOON_MS, &room, &table), CATALOG_TAG_LIMIT);

    assert_int_equal(table_tags_count(table.tags), TABLE_TAGS_MAX);
}

static void test_expiry_is_enabled_and_disabled_on_one_attribute(void **state)
{
    (void)state;
    struct table table = provisioned(5, 5);
    struct table_change enable = {.expiry = TABLE_CHANGE_EXPIRY_ENABLE,
                                  .expiry_attribute = slice_of_text("ends")};
    struct table_change disable = enable;
    disable.expiry = TABLE_CHANGE_EXPIRY_DISABLE;
    struct table_change enable_other = enable, disable_other = disable;
    enable_other.expiry_attribute = disable_other.expiry_attribute = slice_of_text("other");

    assert_int_equal(apply(&table, NOON_MS, disable), CATALOG_EXPIRY_UNCHANGED);
    assert_int_equal(apply(&table, NOON_MS, enable), CATALOG_DONE);
    assert_true(slice_is_text(table.expiry, "ends"));
    assert_int_equal(apply(&table, NOON_MS, enable), CATALOG_EXPIRY_UNCHANGED);
    assert_int_equal(apply(&table, NOON_MS, enable_other), CATALOG_EXPIRY_ELSEWHERE);
    assert_int_equal(apply(&table, NOON_MS, disable_other), CATALOG_EXPIRY_ELSEWHERE);
    assert_int_equal(apply(&table, NOON_MS, disable), CATALOG_DONE);
    assert_int_equal(table.expiry.size, 0);
}

static void test_one_part_that_is_refused_refuses_all(void **state)
{
    (void)state;
    struct table table = provisioned(5, 5);
    struct table before = table;
    struct table_change change = {.class = TABLE_CLASS_STANDARD,
                                  .protection = TABLE_CHANGE_PROTECTION_ON,
                                  .read_units = 5,
                                  .write_units = 5};

    assert_int_equal(apply(&table, NOON_MS, change), CATALOG_UNITS_UNCHANGED);

    assert_memory_equal(&before, &table, sizeof table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_change_comes_back_as_it_was),
        cmocka_unit_test(test_a_damaged_change_is_corrupt_or_lasts),
        cmocka_unit_test(test_half_a_throughput_or_half_an_expiry_is_corrupt),
        cmocka_unit_test(test_raising_and_lowering_are_dated),
        cmocka_unit_test(test_units_that_are_so_already_are_refused),
        cmocka_unit_test(test_after_four_lowerings_there_is_one_an_hour),
        cmocka_unit_test(test_lowerings_are_counted_anew_on_the_next_day),
        cmocka_unit_test(test_a_table_put_on_demand_has_no_units),
        cmocka_unit_test(test_a_table_put_back_remembers_that_it_was_on_demand),
        cmocka_unit_test(test_a_table_is_not_provisioned_without_units),
        cmocka_unit_test(test_bounds_of_on_demand_tables_are_set_one_by_one),
        cmocka_unit_test(test_provisioned_tables_have_no_bounds),
        cmocka_unit_test(test_class_and_protection_are_set),
        cmocka_unit_test(test_tags_are_put_and_removed),
        cmocka_unit_test(test_a_table_takes_at_most_fifty_tags),
        cmocka_unit_test(test_expiry_is_enabled_and_disabled_on_one_attribute),
        cmocka_unit_test(test_one_part_that_is_refused_refuses_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
