#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/buffer.h"
#include "tests/sim/world.h"

struct fixture {
    struct world *world;
    struct env *env;
    struct buffer trace; /* a letter per callback */
    struct env_task tasks[ENV_PHASE_COUNT];
    struct env_timer timers[3];
};

static void fixture_init(struct fixture *fixture)
{
    *fixture = (struct fixture){.world = world_create(1)};
    fixture->env = world_boot(fixture->world, 0);
    buffer_init(&fixture->trace);
}

static void fixture_deinit(struct fixture *fixture)
{
    buffer_deinit(&fixture->trace);
    world_destroy(fixture->world);
}

static void trace_a(void *context)
{
    buffer_append_text(&((struct fixture *)context)->trace, "a");
}

static void trace_b(void *context)
{
    buffer_append_text(&((struct fixture *)context)->trace, "b");
}

static void trace_c(void *context)
{
    buffer_append_text(&((struct fixture *)context)->trace, "c");
}

static void trace_a_and_crash(void *context)
{
    struct fixture *fixture = context;
    trace_a(context);
    world_crash(fixture->world, 0);
}

static void trace_a_and_gather(void *context)
{
    struct fixture *fixture = context;
    trace_a(context);
    env_task_init(&fixture->tasks[ENV_PHASE_GATHER], trace_b, fixture);
    env_defer(fixture->env, ENV_PHASE_GATHER, &fixture->tasks[ENV_PHASE_GATHER]);
}

static void tasks_defer(struct fixture *fixture, env_fn gather_fn, env_fn store_fn, env_fn send_fn)
{
    const env_fn fns[] = {gather_fn, store_fn, send_fn};
    for (int phase = ENV_PHASE_COUNT - 1; phase >= 0; phase--) {
        env_task_init(&fixture->tasks[phase], fns[phase], fixture);
        env_defer(fixture->env, (enum env_phase)phase, &fixture->tasks[phase]);
    }
}

static void assert_trace(struct fixture *fixture, const char *expected)
{
    buffer_append_u8(&fixture->trace, 0);
    assert_string_equal((const char *)fixture->trace.bytes, expected);
}

static void test_tasks_run_phase_by_phase_and_not_at_once(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture);

    tasks_defer(&fixture, trace_a, trace_b, trace_c);
    assert_int_equal(fixture.trace.size, 0);
    world_run_for(fixture.world, 1000);

    assert_trace(&fixture, "abc");
}

static void test_a_task_deferred_for_an_earlier_phase_runs_in_the_same_turn(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture);
    env_task_init(&fixture.tasks[ENV_PHASE_SEND], trace_a_and_gather, &fixture);
    env_defer(fixture.env, ENV_PHASE_SEND, &fixture.tasks[ENV_PHASE_SEND]);

    assert_true(world_step(fixture.world));

    assert_trace(&fixture, "ab");
}

static void test_a_cancelled_task_and_a_stopped_timer_are_not_called(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture);
    tasks_defer(&fixture, trace_a, trace_b, trace_c);
    env_timer_start(fixture.env, &fixture.timers[0], 10, trace_a, &fixture);

    env_task_cancel(&fixture.tasks[ENV_PHASE_STORE]);
    env_timer_stop(fixture.env, &fixture.timers[0]);
    world_run_for(fixture.world, 1000);

    assert_trace(&fixture, "ac");
}

static void test_timers_fire_in_order_and_once_after_a_restart(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture);
    env_timer_start(fixture.env, &fixture.timers[0], 10, trace_a, &fixture);
    env_timer_start(fixture.env, &fixture.timers[1], 20, trace_b, &fixture);
    env_timer_start(fixture.env, &fixture.timers[2], 15, trace_c, &fixture);

    env_timer_start(fixture.env, &fixture.timers[0], 30, trace_a, &fixture);
    world_run_for(fixture.world, 1000);

    assert_trace(&fixture, "cba");
}

static void test_a_timer_that_restarts_itself_at_once_does_not_stop_time(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture);
    env_timer_start(fixture.env, &fixture.timers[0], 0, trace_a, &fixture);
    assert_int_equal(fixture.trace.size, 0);

    world_run_for(fixture.world, 1000);

    assert_int_equal(fixture.trace.size, 1);
}

static void test_a_process_that_dies_in_a_task_runs_no_other_one(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture);
    tasks_defer(&fixture, trace_a_and_crash, trace_b, trace_c);

    world_run_for(fixture.world, 1000);

    tasks_defer(&fixture, trace_a, trace_b, trace_c);
    world_run_for(fixture.world, 1000);
    assert_trace(&fixture, "a");
}

static void test_a_process_that_dies_in_a_timer_fires_no_other_one(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture);
    env_timer_start(fixture.env, &fixture.timers[0], 10, trace_a_and_crash, &fixture);
    env_timer_start(fixture.env, &fixture.timers[1], 10, trace_b, &fixture);

    world_run_for(fixture.world, 1000);

    assert_trace(&fixture, "a");
    assert_false(timer_is_waiting(&fixture.timers[1].timer));
}

static void test_random_bytes_are_those_of_the_seed_and_differ_between_processes(void **state)
{
    (void)state;
    uint8_t first[13], same[13], other[13];
    for (int i = 0; i < 2; i++) {
        OWNED(world) world = world_create(5);
        env_random(world_boot(world, 0), i == 0 ? first : same, sizeof first);
        env_random(world_boot(world, 1), other, sizeof other);
    }

    assert_memory_equal(first, same, sizeof first);
    assert_memory_not_equal(first, other, sizeof first);
}

static void test_descriptors_are_not_simulated(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture);
    struct env_watch *watch;

    assert_int_equal(env_watch_start(fixture.env, 0, trace_a, &fixture, &watch),
                     STATUS_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tasks_run_phase_by_phase_and_not_at_once),
        cmocka_unit_test(test_a_task_deferred_for_an_earlier_phase_runs_in_the_same_turn),
        cmocka_unit_test(test_a_cancelled_task_and_a_stopped_timer_are_not_called),
        cmocka_unit_test(test_timers_fire_in_order_and_once_after_a_restart),
        cmocka_unit_test(test_a_timer_that_restarts_itself_at_once_does_not_stop_time),
        cmocka_unit_test(test_a_process_that_dies_in_a_task_runs_no_other_one),
        cmocka_unit_test(test_a_process_that_dies_in_a_timer_fires_no_other_one),
        cmocka_unit_test(test_random_bytes_are_those_of_the_seed_and_differ_between_processes),
        cmocka_unit_test(test_descriptors_are_not_simulated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
