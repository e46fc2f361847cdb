#include "tests/unit/node/catalog/catalog_fixture.h"

static const struct table_change protect = {.protection = TABLE_CHANGE_PROTECTION_ON};

static void test_a_change_is_known_to_who_watches_and_survives_a_power_cut(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    assert_int_equal(table_create(fixture, "users"), CATALOG_DONE);
    wait_for_status(fixture, "users", TABLE_ACTIVE);
    struct table_change change = {.protection = TABLE_CHANGE_PROTECTION_ON,
                                  .tags = slice_of_text("\001a\001x"),
                                  .expiry = TABLE_CHANGE_EXPIRY_ENABLE,
                                  .expiry_attribute = slice_of_text("ends")};
    assert_int_equal(table_change(fixture, "users", &change), CATALOG_DONE);

    restart(fixture, true);
    wait_for_status(fixture, "users", TABLE_ACTIVE);

    const struct table *table = catalog_view_find_table(view_of(fixture), slice_of_text("users"));
    assert_true(table->is_protected);
    assert_true(slice_is_text(table->tags, "\001a\001x"));
    assert_true(slice_is_text(table->expiry, "ends"));
    assert_int_equal(table_change(fixture, "users", &change), CATALOG_EXPIRY_UNCHANGED);
}

static void test_only_tables_that_are_active_are_changed(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    fixture->configures = false;
    assert_int_equal(table_create(fixture, "users"), CATALOG_DONE);

    assert_int_equal(table_change(fixture, "users", &protect), CATALOG_TABLE_BUSY);
    assert_int_equal(table_change(fixture, "nobody", &protect), CATALOG_TABLE_NOT_FOUND);
}

static void test_a_protected_table_is_not_deleted(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    assert_int_equal(table_create(fixture, "users"), CATALOG_DONE);
    wait_for_status(fixture, "users", TABLE_ACTIVE);
    assert_int_equal(table_change(fixture, "users", &protect), CATALOG_DONE);

    assert_int_equal(table_delete(fixture, "users"), CATALOG_TABLE_PROTECTED);

    struct table_change expose = {.protection = TABLE_CHANGE_PROTECTION_OFF};
    assert_int_equal(table_change(fixture, "users", &expose), CATALOG_DONE);
    assert_int_equal(table_delete(fixture, "users"), CATALOG_DONE);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_change_is_known_to_who_watches_and_survives_a_power_cut),
        TEST(test_only_tables_that_are_active_are_changed),
        TEST(test_a_protected_table_is_not_deleted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
