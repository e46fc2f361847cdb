#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/sim_clock.h"
#include "tests/unit/seed.h"

static void test_a_clock_without_drift_shows_true_time(void **state)
{
    (void)state;
    struct sim_clock clock = {.origin_us = 100, .boot_us = 7};

    assert_int_equal(sim_clock_boot_us(&clock, 100), 7);
    assert_int_equal(sim_clock_boot_us(&clock, 350), 257);
}

static void test_a_change_of_speed_does_not_move_the_clock(void **state)
{
    (void)state;
    struct sim_clock clock = {0};
    sim_clock_drift(&clock, 1000000, 500);
    uint64_t before_us = sim_clock_boot_us(&clock, 9000000);

    sim_clock_drift(&clock, 9000000, -500);

    assert_int_equal(before_us, 9004000);
    assert_int_equal(sim_clock_boot_us(&clock, 9000000), before_us);
    assert_int_equal(sim_clock_boot_us(&clock, 11000000), before_us + 1999000);
}

static void test_a_reboot_keeps_the_wall_clock_and_restarts_the_boot_clock(void **state)
{
    (void)state;
    struct sim_clock clock = {.wall_offset_us = SIM_CLOCK_EPOCH_US, .parts_per_million = 30};
    uint64_t wall_us = sim_clock_wall_us(&clock, 5000000);

    sim_clock_reboot(&clock, 5000000, 42);

    assert_int_equal(sim_clock_wall_us(&clock, 5000000), wall_us);
    assert_int_equal(sim_clock_boot_us(&clock, 5000000), 42);
}

static void test_when_is_the_first_time_at_which_the_boot_clock_is_there(void **state)
{
    (void)state;
    struct random random = random_of_test();
    for (int i = 0; i < 1000; i++) {
        struct sim_clock clock = {.boot_us = random_below(&random, 1000),
                                  .parts_per_million = (int32_t)random_below(&random, 2000) - 1000};
        uint64_t now_us = random_below(&random, 10000000);
        uint64_t boot_us = sim_clock_boot_us(&clock, now_us) + 1 + random_below(&random, 10000000);

        uint64_t when_us = sim_clock_when(&clock, now_us, boot_us);

        assert_true(when_us > now_us);
        assert_true(sim_clock_boot_us(&clock, when_us) >= boot_us);
        assert_true(sim_clock_boot_us(&clock, when_us - 2) < boot_us);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_clock_without_drift_shows_true_time),
        cmocka_unit_test(test_a_change_of_speed_does_not_move_the_clock),
        cmocka_unit_test(test_a_reboot_keeps_the_wall_clock_and_restarts_the_boot_clock),
        cmocka_unit_test(test_when_is_the_first_time_at_which_the_boot_clock_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
