#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/world.h"

struct counter {
    struct world *world;
    struct env *env;
    struct env_timer timer;
    int count;
    uint64_t last_us; /* true time of the last call */
};

static void count(void *context)
{
    struct counter *counter = context;
    counter->count++;
    counter->last_us = world_now_us(counter->world);
}

static void count_every_ms(void *context)
{
    struct counter *counter = context;
    count(counter);
    env_timer_start(counter->env, &counter->timer, 1000, count_every_ms, counter);
}

static struct counter counter_on(struct world *world, uint32_t machine)
{
    return (struct counter){.world = world, .env = world_boot(world, machine)};
}

static void test_time_moves_to_what_is_due_and_not_beyond(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct counter early = {.world = world}, late = {.world = world};
    world_timer_start(world, &late.timer, 2000, count, &late);
    world_timer_start(world, &early.timer, 1000, count, &early);

    world_run_until(world, 1999);

    assert_int_equal(early.last_us, 1000);
    assert_int_equal(late.count, 0);
    assert_int_equal(world_now_us(world), 1999);
    assert_true(world_step(world));
    assert_int_equal(late.last_us, 2000);
    assert_false(world_step(world));
}

static void test_a_power_cut_silences_the_process_for_good(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct counter counter = counter_on(world, 0);
    env_timer_start(counter.env, &counter.timer, 1000, count_every_ms, &counter);
    world_run_until(world, 10500);
    int count_before = counter.count;

    world_crash(world, 0);
    env_timer_start(counter.env, &counter.timer, 1, count_every_ms, &counter);
    world_run_until(world, 100000);

    assert_true(count_before > 0);
    assert_int_equal(counter.count, count_before);
    assert_false(world_is_running(world, 0));
    world_env_destroy(counter.env);
}

static void test_a_machine_boots_again_before_the_dead_is_buried(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct counter first = counter_on(world, 0);
    world_shutdown(world, 0);
    struct counter second = counter_on(world, 0);
    env_timer_start(second.env, &second.timer, 1000, count, &second);

    world_env_destroy(first.env);
    world_run_until(world, 2000);

    assert_int_equal(second.count, 1);
}

static void test_power_cuts_are_counted_also_when_no_process_runs(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct counter counter = counter_on(world, 0);
    assert_int_equal(world_power_cut_count(world, 0), 0);
    world_shutdown(world, 0);
    assert_int_equal(world_power_cut_count(world, 0), 0);
    world_crash(world, 0);
    world_crash(world, 0);
    assert_int_equal(world_power_cut_count(world, 0), 2);
    assert_int_equal(world_power_cut_count(world, 1), 0);
    world_env_destroy(counter.env);
}

static void test_a_fatal_error_kills_and_is_remembered_until_the_next_boot(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct counter counter = counter_on(world, 0);
    assert_null(world_fatal_reason(world, 0));

    env_fatal(counter.env, "the disk is gone");
    env_fatal(counter.env, "said by a dead process");

    assert_string_equal(world_fatal_reason(world, 0), "the disk is gone");
    assert_false(world_is_running(world, 0));
    (void)world_boot(world, 0);
    assert_null(world_fatal_reason(world, 0));
}

static void on_death(void *context, uint32_t machine)
{
    *(uint32_t *)context = machine;
}

static void test_deaths_are_told(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    uint32_t dead = 0;
    world_watch_deaths(world, on_death, &dead);
    (void)world_boot(world, 3);

    world_crash(world, 3);

    assert_int_equal(dead, 3);
}

static void test_a_paused_process_does_nothing_until_the_end_of_the_pause(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct counter paused = counter_on(world, 0);
    struct counter other = counter_on(world, 1);
    env_timer_start(paused.env, &paused.timer, 1000, count, &paused);
    env_timer_start(other.env, &other.timer, 1000, count, &other);

    world_pause(world, 0, 50000);
    world_run_until(world, 49999);
    assert_int_equal(paused.count, 0);
    assert_int_equal(other.count, 1);
    world_run_until(world, 60000);

    assert_int_equal(paused.count, 1);
    assert_true(paused.last_us >= 50000);
}

static void test_a_pause_can_be_ended_early(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct counter counter = counter_on(world, 0);
    env_timer_start(counter.env, &counter.timer, 1000, count, &counter);
    world_pause(world, 0, 1000000);
    world_run_until(world, 2000);

    world_pause(world, 0, 0);
    world_run_until(world, 3000);

    assert_int_equal(counter.count, 1);
}

static void test_a_jump_moves_the_wall_clock_only(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct env *env = world_boot(world, 0);
    world_run_until(world, 5000000);
    uint64_t boot_us = env_boot_us(env);
    uint64_t wall_us = env_wall_us(env);

    world_clock_jump(world, 0, -3000000);

    assert_int_equal(env_boot_us(env), boot_us);
    assert_int_equal(env_wall_us(env), wall_us - 3000000);
}

static void test_the_boot_clock_never_runs_back_whatever_happens_to_the_clock(void **state)
{
    (void)state;
    OWNED(world) world = world_create(7);
    struct env *env = world_boot(world, 0);
    uint64_t last_us = env_boot_us(env);
    for (int i = 0; i < 1000; i++) {
        if (random_one_in(world_random(world), 2))
            world_clock_jump(world, 0, (int64_t)random_below(world_random(world), 2000) - 1000);
        else
            world_clock_drift(world, 0, (int32_t)random_below(world_random(world), 2000) - 1000);
        world_run_for(world, random_below(world_random(world), 1000));
        assert_true(env_boot_us(env) >= last_us);
        last_us = env_boot_us(env);
    }
}

static void test_the_boot_clock_starts_anew_after_a_power_cut_and_not_after_a_kill(void **state)
{
    (void)state;
    enum { HOUR_US = 3600 * 1000 * 1000u };
    OWNED(world) world = world_create(1);
    (void)world_boot(world, 0);
    world_run_until(world, HOUR_US);

    world_shutdown(world, 0);
    struct env *second = world_boot(world, 0);
    assert_true(env_boot_us(second) >= HOUR_US);
    uint64_t wall_us = env_wall_us(second);
    world_crash(world, 0);
    struct env *third = world_boot(world, 0);

    assert_true(env_boot_us(third) < HOUR_US);
    assert_int_equal(env_wall_us(third), wall_us);
}

static void test_a_timer_waits_its_time_on_a_drifting_clock(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct counter fast = counter_on(world, 0);
    struct counter slow = counter_on(world, 1);
    world_clock_drift(world, 0, 100000);
    world_clock_drift(world, 1, -100000);
    env_timer_start(fast.env, &fast.timer, 10000000, count, &fast);
    env_timer_start(slow.env, &slow.timer, 10000000, count, &slow);

    world_run_until(world, 20000000);

    assert_in_range(fast.last_us, 9090909, 9092000);
    assert_in_range(slow.last_us, 11111111, 11113000);
}

static void test_a_drift_that_begins_later_counts_for_timers_that_wait(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct counter counter = counter_on(world, 0);
    env_timer_start(counter.env, &counter.timer, 10000000, count, &counter);
    world_run_until(world, 5000000);

    world_clock_drift(world, 0, 500000);
    world_run_until(world, 20000000);

    assert_in_range(counter.last_us, 8333333, 8335000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_moves_to_what_is_due_and_not_beyond),
        cmocka_unit_test(test_a_power_cut_silences_the_process_for_good),
        cmocka_unit_test(test_a_machine_boots_again_before_the_dead_is_buried),
        cmocka_unit_test(test_power_cuts_are_counted_also_when_no_process_runs),
        cmocka_unit_test(test_a_fatal_error_kills_and_is_remembered_until_the_next_boot),
        cmocka_unit_test(test_deaths_are_told),
        cmocka_unit_test(test_a_paused_process_does_nothing_until_the_end_of_the_pause),
        cmocka_unit_test(test_a_pause_can_be_ended_early),
        cmocka_unit_test(test_a_jump_moves_the_wall_clock_only),
        cmocka_unit_test(test_the_boot_clock_never_runs_back_whatever_happens_to_the_clock),
        cmocka_unit_test(test_the_boot_clock_starts_anew_after_a_power_cut_and_not_after_a_kill),
        cmocka_unit_test(test_a_timer_waits_its_time_on_a_drifting_clock),
        cmocka_unit_test(test_a_drift_that_begins_later_counts_for_timers_that_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
