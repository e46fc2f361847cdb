#include "tests/unit/core/env/env_fixture.h"

#include <poll.h>
#include <time.h>

enum { NOTES_MAX = 64 };

/* What was called, in order. */
struct notes {
    struct env *env;
    char text[NOTES_MAX];
};

struct noted {
    struct notes *notes;
    char letter;
    struct env_timer timer;
    struct env_task task;
    struct noted *defers;
    enum env_phase phase;
    uint64_t due_us;
};

static void note(void *context)
{
    struct noted *noted = context;
    size_t size = strlen(noted->notes->text);
    assert_true(size < NOTES_MAX - 1);
    noted->notes->text[size] = noted->letter;
    if (noted->defers != NULL)
        env_defer(noted->notes->env, noted->defers->phase, &noted->defers->task);
}

static void note_punctual(void *context)
{
    struct noted *noted = context;
    assert_true(env_boot_us(noted->notes->env) >= noted->due_us);
    note(context);
}

static void defer(struct noted *noted, enum env_phase phase)
{
    noted->phase = phase;
    env_task_init(&noted->task, note, noted);
    env_defer(noted->notes->env, phase, &noted->task);
}

static void test_timers_fire_in_the_order_in_which_they_are_due_and_never_early(void **state)
{
    (void)state;
    struct notes notes = {.env = fixture_env()};
    const uint64_t delays_us[] = {7300, 250, 12001, 2000, 1, 999};
    struct noted timers[6];
    for (int i = 0; i < 6; i++) {
        timers[i] = (struct noted){.notes = &notes, .letter = (char)('a' + i)};
        timers[i].due_us = env_boot_us(notes.env) + delays_us[i];
        env_timer_start(notes.env, &timers[i].timer, delays_us[i], note_punctual, &timers[i]);
    }

    fixture_run_for(notes.env, 20000);

    assert_string_equal(notes.text, "ebfdac");
    env_uv_destroy(notes.env);
}

static void test_a_timer_without_delay_waits_for_the_loop(void **state)
{
    (void)state;
    struct notes notes = {.env = fixture_env()};
    struct noted timer = {.notes = &notes, .letter = 'a'};

    env_timer_start(notes.env, &timer.timer, 0, note, &timer);

    assert_string_equal(notes.text, "");
    fixture_run_for(notes.env, 1);
    assert_string_equal(notes.text, "a");
    env_uv_destroy(notes.env);
}

static void test_a_stopped_timer_never_fires_and_a_restarted_one_fires_once(void **state)
{
    (void)state;
    struct notes notes = {.env = fixture_env()};
    struct noted stopped = {.notes = &notes, .letter = 's'};
    struct noted restarted = {.notes = &notes, .letter = 'r'};
    env_timer_start(notes.env, &stopped.timer, 1000, note, &stopped);
    env_timer_start(notes.env, &restarted.timer, 1000, note, &restarted);

    env_timer_stop(notes.env, &stopped.timer);
    env_timer_start(notes.env, &restarted.timer, 3000, note, &restarted);

    fixture_run_for(notes.env, 8000);
    assert_string_equal(notes.text, "r");
    env_uv_destroy(notes.env);
}

static void test_a_delay_beyond_all_time_never_comes(void **state)
{
    (void)state;
    struct notes notes = {.env = fixture_env()};
    struct noted timer = {.notes = &notes, .letter = 'a'};

    env_timer_start(notes.env, &timer.timer, UINT64_MAX, note, &timer);

    fixture_run_for(notes.env, 2000);
    assert_string_equal(notes.text, "");
    env_timer_stop(notes.env, &timer.timer);
    env_uv_destroy(notes.env);
}

static void test_tasks_run_phase_by_phase_whatever_the_order_of_deferring(void **state)
{
    (void)state;
    struct notes notes = {.env = fixture_env()};
    struct noted tasks[4];
    const enum env_phase phases[] = {ENV_PHASE_SEND, ENV_PHASE_STORE, ENV_PHASE_GATHER,
                                     ENV_PHASE_GATHER};
    for (int i = 0; i < 4; i++) {
        tasks[i] = (struct noted){.notes = &notes, .letter = (char)('a' + i)};
        defer(&tasks[i], phases[i]);
    }
    assert_string_equal(notes.text, "");

    env_uv_turn(notes.env);

    assert_string_equal(notes.text, "cdba");
    env_uv_destroy(notes.env);
}

static void test_a_task_deferred_by_a_later_phase_runs_before_the_loop_sleeps(void **state)
{
    (void)state;
    struct notes notes = {.env = fixture_env()};
    struct noted stop = {.notes = &notes};
    struct noted gather = {.notes = &notes, .letter = 'g', .phase = ENV_PHASE_GATHER};
    struct noted send = {.notes = &notes, .letter = 's', .defers = &gather};
    env_task_init(&stop.task, fixture_stop, notes.env);
    env_task_init(&gather.task, note, &gather);
    defer(&send, ENV_PHASE_SEND);
    gather.defers = &stop;

    fixture_run(notes.env);

    assert_string_equal(notes.text, "sg");
    env_uv_destroy(notes.env);
}

static void test_a_task_that_waits_already_runs_once(void **state)
{
    (void)state;
    struct notes notes = {.env = fixture_env()};
    struct noted task = {.notes = &notes, .letter = 'a'};
    defer(&task, ENV_PHASE_STORE);

    env_defer(notes.env, ENV_PHASE_GATHER, &task.task);
    env_uv_turn(notes.env);

    assert_string_equal(notes.text, "a");
    env_uv_destroy(notes.env);
}

static void test_a_cancelled_task_does_not_run(void **state)
{
    (void)state;
    struct notes notes = {.env = fixture_env()};
    struct noted task = {.notes = &notes, .letter = 'a'};
    defer(&task, ENV_PHASE_SEND);

    env_task_cancel(&task.task);
    env_uv_turn(notes.env);

    assert_string_equal(notes.text, "");
    env_uv_destroy(notes.env);
}

struct greedy {
    struct env *env;
    struct env_task task;
};

static void defer_again(void *context)
{
    struct greedy *greedy = context;
    env_defer(greedy->env, ENV_PHASE_GATHER, &greedy->task);
}

static void test_a_task_that_defers_itself_for_ever_does_not_hold_the_loop(void **state)
{
    (void)state;
    struct greedy greedy = {.env = fixture_env()};
    env_task_init(&greedy.task, defer_again, &greedy);
    env_defer(greedy.env, ENV_PHASE_GATHER, &greedy.task);

    fixture_run_for(greedy.env, 5000);

    env_task_cancel(&greedy.task);
    env_uv_destroy(greedy.env);
}

static void stay(void *context)
{
    uint64_t until_us = env_boot_us(context) + 3000;
    while (env_boot_us(context) < until_us)
        continue;
}

static void test_the_longest_turn_counts_work_and_not_sleep(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    struct env_timer timer = {0};
    env_timer_start(env, &timer, 300000, stay, env);

    fixture_run_for(env, 310000);

    assert_in_range(env_uv_longest_turn_us(env, true), 3000, 299999);
    assert_int_equal(env_uv_longest_turn_us(env, false), 0);
    env_uv_destroy(env);
}

static void block(void *context)
{
    (void)context;
    (void)poll(NULL, 0, 30);
}

static void test_a_turn_that_was_held_up_took_less_of_the_processor(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    struct env_timer timer = {0};
    env_uv_time_processor(env);
    env_timer_start(env, &timer, 0, block, env);

    fixture_run_for(env, 50000);

    uint64_t longest_us = env_uv_longest_turn_us(env, true);
    assert_true(longest_us >= 30000);
    assert_in_range(env_uv_longest_turn_cpu_us(env, true), 1, longest_us - 20000);
    assert_int_equal(env_uv_longest_turn_cpu_us(env, false), 0);
    env_uv_destroy(env);
}

static void test_processor_time_is_not_taken_unless_asked_for(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    struct env_timer timer = {0};
    env_timer_start(env, &timer, 0, stay, env);

    fixture_run_for(env, 10000);

    assert_int_equal(env_uv_longest_turn_cpu_us(env, false), 0);
    env_uv_destroy(env);
}

static void test_a_loop_that_waits_for_a_timer_sleeps(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    clock_t before = clock();

    fixture_run_for(env, 300000);

    assert_in_range(clock() - before, 0, CLOCKS_PER_SEC / 10);
    env_uv_destroy(env);
}

static void test_the_boot_clock_never_runs_backwards(void **state)
{
    (void)state;
    struct env *env = fixture_env();
    uint64_t last_us = env_boot_us(env);
    for (int i = 0; i < 1000; i++) {
        uint64_t now_us = env_boot_us(env);
        assert_true(now_us >= last_us);
        last_us = now_us;
    }
    assert_true(env_wall_us(env) > 1700000000000000u);
    env_uv_destroy(env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_timers_fire_in_the_order_in_which_they_are_due_and_never_early),
        cmocka_unit_test(test_a_timer_without_delay_waits_for_the_loop),
        cmocka_unit_test(test_a_stopped_timer_never_fires_and_a_restarted_one_fires_once),
        cmocka_unit_test(test_a_delay_beyond_all_time_never_comes),
        cmocka_unit_test(test_tasks_run_phase_by_phase_whatever_the_order_of_deferring),
        cmocka_unit_test(test_a_task_deferred_by_a_later_phase_runs_before_the_loop_sleeps),
        cmocka_unit_test(test_a_task_that_waits_already_runs_once),
        cmocka_unit_test(test_a_cancelled_task_does_not_run),
        cmocka_unit_test(test_a_task_that_defers_itself_for_ever_does_not_hold_the_loop),
        cmocka_unit_test(test_the_longest_turn_counts_work_and_not_sleep),
        cmocka_unit_test(test_a_turn_that_was_held_up_took_less_of_the_processor),
        cmocka_unit_test(test_processor_time_is_not_taken_unless_asked_for),
        cmocka_unit_test(test_a_loop_that_waits_for_a_timer_sleeps),
        cmocka_unit_test(test_the_boot_clock_never_runs_backwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
