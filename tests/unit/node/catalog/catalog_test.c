#include "tests/unit/node/catalog/catalog_fixture.h"

/* --- The region and its nodes ---------------------------------------------------------------- */

static void test_a_region_serves_once_its_node_is_known_and_has_made_its_tablets(void **state)
{
    struct fixture *fixture = *state;
    fixture->prepares = false;
    world_run_for(fixture->world, SECOND_US);
    assert_null(catalog_view_tablet_at(view_of(fixture), 0));
    assert_false(is_serving(fixture));

    uint64_t node_id = node_register(fixture, INSTANCE, "n0:0");
    world_run_for(fixture->world, SECOND_US);
    for (uint32_t i = 0; i < TABLETS; i++)
        assert_int_equal(catalog_view_find_tablet(view_of(fixture), i)->replicas[0].node_id,
                         node_id);
    assert_false(is_serving(fixture));

    fixture->prepares = true;
    world_run_for(fixture->world, SECOND_US);
    assert_true(is_serving(fixture));
}

/* --- Tables ---------------------------------------------------------------------------------- */

static void test_a_table_is_active_once_every_tablet_knows_it(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    fixture->configures = false;
    assert_int_equal(table_create(fixture, "users"), CATALOG_DONE);
    world_run_for(fixture->world, SECOND_US);
    assert_int_equal(table_status(fixture, "users"), TABLE_CREATING);
    fixture->configures = true;
    wait_for_status(fixture, "users", TABLE_ACTIVE);
}

static void test_no_table_is_made_before_the_region_serves(void **state)
{
    struct fixture *fixture = *state;
    fixture->prepares = false;
    node_register(fixture, INSTANCE, "n0:0");
    assert_int_equal(table_create(fixture, "users"), CATALOG_NOT_SERVING);
}

static void test_a_name_is_taken_as_long_as_its_table_is_there(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    fixture->configures = false;
    assert_int_equal(table_create(fixture, "users"), CATALOG_DONE);
    assert_int_equal(table_create(fixture, "users"), CATALOG_TABLE_EXISTS);
    fixture->configures = true;
    wait_for_status(fixture, "users", TABLE_ACTIVE);
    assert_int_equal(table_create(fixture, "users"), CATALOG_TABLE_EXISTS);
    fixture->configures = false;
    assert_int_equal(table_delete(fixture, "users"), CATALOG_DONE);
    assert_int_equal(table_create(fixture, "users"), CATALOG_TABLE_EXISTS);
    fixture->configures = true;
    wait_for_status(fixture, "users", 0);
    assert_int_equal(table_create(fixture, "users"), CATALOG_DONE);
}

static void test_a_table_goes_once_every_tablet_has_closed_it(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    table_create(fixture, "users");
    wait_for_status(fixture, "users", TABLE_ACTIVE);
    fixture->configures = false;
    assert_int_equal(table_delete(fixture, "users"), CATALOG_DONE);
    world_run_for(fixture->world, SECOND_US);
    assert_int_equal(table_status(fixture, "users"), TABLE_DELETING);
    fixture->configures = true;
    wait_for_status(fixture, "users", 0);
}

static void test_what_is_not_there_or_not_active_is_not_deleted(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    assert_int_equal(table_delete(fixture, "users"), CATALOG_TABLE_NOT_FOUND);
    fixture->configures = false;
    table_create(fixture, "users");
    assert_int_equal(table_delete(fixture, "users"), CATALOG_TABLE_BUSY);
}

static void test_no_uid_is_given_twice(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    uint64_t last_uid = 0;
    for (int i = 0; i < 4; i++) {
        table_create(fixture, "users");
        wait_for_status(fixture, "users", TABLE_ACTIVE);
        assert_true(uid_of(fixture, "users") > last_uid);
        last_uid = uid_of(fixture, "users");
        table_delete(fixture, "users");
        wait_for_status(fixture, "users", 0);
        restart(fixture, i % 2 == 0);
    }
}

/* More changes than are kept for watchers: one who comes late gets all that is there instead. */
static void test_there_are_at_most_so_many_tables(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    for (int i = 0; i < CATALOG_TABLES_MAX; i++) {
        char name[32];
        snprintf(name, sizeof name, "table-%d", i);
        assert_int_equal(table_create(fixture, name), CATALOG_DONE);
    }
    assert_int_equal(table_create(fixture, "one-more"), CATALOG_TABLE_LIMIT);
    wait_for_status(fixture, "table-2499", TABLE_ACTIVE);
    assert_int_equal(table_delete(fixture, "table-1000"), CATALOG_DONE);
    wait_for_status(fixture, "table-1000", 0);
    assert_int_equal(table_create(fixture, "one-more"), CATALOG_DONE);

    catalog_watch_destroy(fixture->watch);
    fixture->watch = catalog_watch_create(&(struct catalog_watch_options){
        .env = fixture->client_env,
        .own_name = "client",
        .seeds = &seed,
        .seed_count = 1,
        .changed_fn = view_changed,
    });
    wait_for_status(fixture, "one-more", TABLE_ACTIVE);
    assert_null(catalog_view_table_at(view_of(fixture), CATALOG_TABLES_MAX));
    assert_non_null(catalog_view_table_at(view_of(fixture), CATALOG_TABLES_MAX - 1));
}

/* --- Restarts -------------------------------------------------------------------------------- */

static void test_a_creation_goes_on_after_a_restart(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    for (int i = 0; i < 2; i++) {
        const char *name = i == 0 ? "first" : "second";
        fixture->configures = false;
        assert_int_equal(table_create(fixture, name), CATALOG_DONE);
        restart(fixture, i == 0);
        world_run_for(fixture->world, SECOND_US);
        assert_int_equal(table_status(fixture, name), TABLE_CREATING);
        fixture->configures = true;
        wait_for_status(fixture, name, TABLE_ACTIVE);
    }
}

static void test_a_deletion_goes_on_after_a_restart(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    for (int i = 0; i < 2; i++) {
        table_create(fixture, "users");
        wait_for_status(fixture, "users", TABLE_ACTIVE);
        fixture->configures = false;
        assert_int_equal(table_delete(fixture, "users"), CATALOG_DONE);
        restart(fixture, i == 0);
        world_run_for(fixture->world, SECOND_US);
        assert_int_equal(table_status(fixture, "users"), TABLE_DELETING);
        fixture->configures = true;
        wait_for_status(fixture, "users", 0);
    }
}

static void test_what_was_acknowledged_survives_power_cuts(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    for (int i = 0; i < 10; i++) {
        char name[32];
        snprintf(name, sizeof name, "table-%d", i);
        assert_int_equal(table_create(fixture, name), CATALOG_DONE);
        restart(fixture, true);
    }
    wait_for_status(fixture, "table-0", TABLE_ACTIVE);
    wait_for_status(fixture, "table-9", TABLE_ACTIVE);
    assert_non_null(catalog_view_table_at(view_of(fixture), 9));
    assert_null(catalog_view_table_at(view_of(fixture), 10));
}

static void test_a_checkpoint_lets_the_log_forget_and_loses_nothing(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    table_create(fixture, "users");
    wait_for_status(fixture, "users", TABLE_ACTIVE);
    world_run_for(fixture->world, SECOND_US);
    uint64_t index = catalog_written_index(fixture->catalog);
    /* As the node's checkpointer does, with an engine that keeps all that a kill leaves. */
    catalog_checkpointed(fixture->catalog, index);
    world_run_for(fixture->world, SECOND_US);
    assert_int_equal(log_group_base(log_find_group(fixture->log, CATALOG_GROUP_ID)).index, index);
    restart(fixture, false);
    assert_int_equal(table_create(fixture, "users"), CATALOG_TABLE_EXISTS);
    assert_int_equal(table_create(fixture, "others"), CATALOG_DONE);
    wait_for_status(fixture, "others", TABLE_ACTIVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_region_serves_once_its_node_is_known_and_has_made_its_tablets),
        TEST(test_a_table_is_active_once_every_tablet_knows_it),
        TEST(test_no_table_is_made_before_the_region_serves),
        TEST(test_a_name_is_taken_as_long_as_its_table_is_there),
        TEST(test_a_table_goes_once_every_tablet_has_closed_it),
        TEST(test_what_is_not_there_or_not_active_is_not_deleted),
        TEST(test_no_uid_is_given_twice),
        TEST(test_there_are_at_most_so_many_tables),
        TEST(test_a_creation_goes_on_after_a_restart),
        TEST(test_a_deletion_goes_on_after_a_restart),
        TEST(test_what_was_acknowledged_survives_power_cuts),
        TEST(test_a_checkpoint_lets_the_log_forget_and_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
