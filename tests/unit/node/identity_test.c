#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/identity.h"
#include "tests/sim/sim_disk.h"
#include "tests/sim/world.h"

/* A data directory, made and durable, on a simulated machine. */
struct fixture {
    struct world *world;
    struct env *env;
};

static void start(struct fixture *fixture)
{
    fixture->env = world_boot(fixture->world, 0);
    assert_int_equal(env_directory_create(fixture->env, "/data"), STATUS_OK);
    assert_int_equal(env_directory_sync(fixture->env, "/"), STATUS_OK);
}

static int setup(void **state)
{
    struct fixture *fixture = memory_alloc_zeroed(sizeof *fixture);
    fixture->world = world_create(3);
    start(fixture);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    world_env_destroy(fixture->env);
    world_destroy(fixture->world);
    memory_free(fixture);
    return 0;
}

static void restart(struct fixture *fixture)
{
    world_crash(fixture->world, 0);
    world_env_destroy(fixture->env);
    start(fixture);
}

static void test_a_new_directory_is_a_new_node(void **state)
{
    struct fixture *fixture = *state;
    struct identity identity, other;
    assert_int_equal(identity_load(fixture->env, "/data", &identity), STATUS_OK);
    assert_true(identity.instance != 0);
    assert_int_equal(identity.node_id, 0);
    assert_int_equal(identity.tablet_count, 0);

    assert_int_equal(env_directory_create(fixture->env, "/other"), STATUS_OK);
    assert_int_equal(identity_load(fixture->env, "/other", &other), STATUS_OK);
    assert_true(other.instance != identity.instance);
}

static void test_an_identity_is_the_same_after_a_power_cut(void **state)
{
    struct fixture *fixture = *state;
    struct identity identity, again;
    assert_int_equal(identity_load(fixture->env, "/data", &identity), STATUS_OK);
    restart(fixture);
    assert_int_equal(identity_load(fixture->env, "/data", &again), STATUS_OK);
    assert_int_equal(again.instance, identity.instance);
}

static void test_what_is_saved_is_loaded(void **state)
{
    struct fixture *fixture = *state;
    struct identity saved = {.instance = 5, .node_id = 6, .tablet_count = 128}, loaded;
    assert_int_equal(identity_save(fixture->env, "/data", &saved), STATUS_OK);
    restart(fixture);
    assert_int_equal(identity_load(fixture->env, "/data", &loaded), STATUS_OK);
    assert_int_equal(loaded.instance, 5);
    assert_int_equal(loaded.node_id, 6);
    assert_int_equal(loaded.tablet_count, 128);
}

static void test_a_power_cut_while_saving_leaves_the_old_or_the_new(void **state)
{
    struct fixture *fixture = *state;
    struct identity old = {.instance = 5}, new = {.instance = 5, .node_id = 6}, loaded;
    for (uint64_t operation = 1; operation < 20; operation++) {
        assert_int_equal(identity_save(fixture->env, "/data", &old), STATUS_OK);
        world_crash_after(fixture->world, 0, operation);
        bool is_saved = identity_save(fixture->env, "/data", &new) == STATUS_OK;
        restart(fixture);
        assert_int_equal(identity_load(fixture->env, "/data", &loaded), STATUS_OK);
        assert_int_equal(loaded.instance, 5);
        assert_true(loaded.node_id == 6 || (!is_saved && loaded.node_id == 0));
    }
}

static void test_a_byte_that_rotted_is_corruption_and_not_a_new_node(void **state)
{
    struct fixture *fixture = *state;
    struct identity identity = {.instance = 5, .node_id = 6};
    for (uint64_t offset = 0; offset < 25; offset++) {
        struct identity loaded = {0};
        assert_int_equal(identity_save(fixture->env, "/data", &identity), STATUS_OK);
        assert_int_equal(sim_disk_corrupt(world_disk(fixture->world, 0), "/data/identity", offset),
                         STATUS_OK);
        enum status status = identity_load(fixture->env, "/data", &loaded);
        assert_true(status == STATUS_CORRUPT || status == STATUS_UNSUPPORTED);
        assert_int_equal(loaded.instance, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_new_directory_is_a_new_node, setup, teardown),
        cmocka_unit_test_setup_teardown(test_an_identity_is_the_same_after_a_power_cut, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_what_is_saved_is_loaded, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_power_cut_while_saving_leaves_the_old_or_the_new,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_byte_that_rotted_is_corruption_and_not_a_new_node,
                                        setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
