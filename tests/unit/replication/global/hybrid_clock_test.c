#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "replication/global/hybrid_clock.h"
#include "tests/sim/world.h"

enum { REGION = 7, MS = 1000 };

struct fixture {
    struct world *world;
    struct hybrid_clock clock;
};

static int setup(void **state)
{
    struct fixture *fixture = memory_alloc_zeroed(sizeof *fixture);
    fixture->world = world_create(1);
    hybrid_clock_init(&fixture->clock, world_boot(fixture->world, 0), REGION);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    world_env_destroy(fixture->clock.env);
    world_destroy(fixture->world);
    memory_free(fixture);
    return 0;
}

static void test_stamps_follow_the_wall_clock(void **state)
{
    struct fixture *fixture = *state;
    struct stamp first = hybrid_clock_next(&fixture->clock);
    world_run_for(fixture->world, 250 * MS);
    struct stamp second = hybrid_clock_next(&fixture->clock);
    assert_int_equal(first.time >> 16, env_wall_us(fixture->clock.env) / MS - 250);
    assert_int_equal((second.time >> 16) - (first.time >> 16), 250);
    assert_int_equal(second.region_id, REGION);
}

static void test_stamps_rise_though_the_clock_stands_still(void **state)
{
    struct fixture *fixture = *state;
    struct stamp last = hybrid_clock_next(&fixture->clock);
    for (int i = 0; i < 70000; i++) {
        struct stamp next = hybrid_clock_next(&fixture->clock);
        assert_true(stamp_compare(last, next) < 0);
        last = next;
    }
}

static void test_stamps_do_not_run_backwards_with_the_clock(void **state)
{
    struct fixture *fixture = *state;
    struct stamp before = hybrid_clock_next(&fixture->clock);
    world_clock_jump(fixture->world, 0, -1000 * MS);
    assert_true(stamp_compare(before, hybrid_clock_next(&fixture->clock)) < 0);
}

static void test_a_stamp_of_the_past_is_followed_however_far_ahead(void **state)
{
    struct fixture *fixture = *state;
    uint64_t ahead = hybrid_clock_next(&fixture->clock).time + ((uint64_t)3600 * MS << 16);
    hybrid_clock_recall(&fixture->clock, ahead);
    assert_true(hybrid_clock_next(&fixture->clock).time > ahead);
}

static void test_a_stamp_that_lies_behind_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct stamp last = hybrid_clock_next(&fixture->clock);
    hybrid_clock_recall(&fixture->clock, 1);
    assert_int_equal(stamp_compare(fixture->clock.last, last), 0);
}

static void test_of_equal_times_the_greater_region_is_later(void **state)
{
    (void)state;
    struct stamp left = {.time = 5, .region_id = 9};
    struct stamp right = {.time = 6, .region_id = 1};
    assert_true(stamp_compare(left, right) < 0);
    right.time = 5;
    assert_true(stamp_compare(left, right) > 0);
    right.region_id = 9;
    assert_int_equal(stamp_compare(left, right), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_stamps_follow_the_wall_clock, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stamps_rise_though_the_clock_stands_still, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_stamps_do_not_run_backwards_with_the_clock, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_stamp_of_the_past_is_followed_however_far_ahead,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_stamp_that_lies_behind_changes_nothing, setup,
                                        teardown),
        cmocka_unit_test(test_of_equal_times_the_greater_region_is_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
