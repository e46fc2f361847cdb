#include "tests/unit/node/catalog/catalog_fixture.h"

static void test_registering_again_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    uint64_t node_id = node_register(fixture, INSTANCE, "n0:0");
    world_run_for(fixture->world, SECOND_US);
    uint64_t version = catalog_view_version(view_of(fixture));
    assert_int_equal(node_register(fixture, INSTANCE, "n0:0"), node_id);
    world_run_for(fixture->world, SECOND_US);
    assert_int_equal(catalog_view_version(view_of(fixture)), version);
}

static void test_a_node_that_has_moved_keeps_its_id(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    uint64_t node_id = node_register(fixture, INSTANCE, "n0:0");
    assert_int_equal(node_register(fixture, INSTANCE, "elsewhere:0"), node_id);
    world_run_for(fixture->world, SECOND_US);
    assert_true(
        slice_is_text(catalog_view_find_node(view_of(fixture), node_id)->address, "elsewhere:0"));
}

static void test_another_data_directory_is_another_node(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    uint64_t first = node_register(fixture, INSTANCE, "n0:0");
    uint64_t second = node_register(fixture, INSTANCE + 1, "n0:0");
    assert_true(second > first);
}

static void test_a_name_or_an_address_of_a_node_that_is_up_is_taken(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    fixture->up_id = node_register(fixture, INSTANCE, "n0:0");

    assert_int_equal(node_register_as(fixture, INSTANCE + 1, "n0", "elsewhere:0"), 0);
    assert_int_equal(node_register_as(fixture, INSTANCE + 2, "n1", "n0:0"), 0);
    assert_true(node_register_as(fixture, INSTANCE + 3, "n1", "elsewhere:0") > fixture->up_id);
    assert_int_equal(node_register(fixture, INSTANCE, "n0:0"), fixture->up_id);
    /* Nobody answers elsewhere. */
    assert_true(node_register_as(fixture, INSTANCE + 4, "n2", "elsewhere:0") > fixture->up_id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_registering_again_changes_nothing),
        TEST(test_a_node_that_has_moved_keeps_its_id),
        TEST(test_another_data_directory_is_another_node),
        TEST(test_a_name_or_an_address_of_a_node_that_is_up_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
