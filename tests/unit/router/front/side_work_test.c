#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/env/env_uv.h"
#include "router/front/side_work.h"

enum { WORK_COUNT = 7 };

struct job {
    struct side_work work;
    struct order *order;
    int number;
    bool is_read;
};

struct order {
    struct side_works works;
    size_t running_count_most;
    int done[WORK_COUNT];
    size_t done_count;
    size_t orphan_count;
};

static void job_work(void *context)
{
    struct job *job = context;
    job->is_read = true;
}

static void job_done(void *context)
{
    struct job *job = context;
    struct order *order = job->order;
    assert_true(job->is_read);
    if (job->work.works == NULL) {
        order->orphan_count++;
        return;
    }
    /* Its own place has been given away already. */
    if (order->works.running_count > order->running_count_most)
        order->running_count_most = order->works.running_count;
    order->done[order->done_count++] = job->number;
}

static void jobs_start(struct order *order, struct job *jobs)
{
    for (int i = 0; i < WORK_COUNT; i++) {
        jobs[i] = (struct job){.order = order, .number = i};
        side_work_start(&order->works, &jobs[i].work, job_work, job_done, &jobs[i]);
    }
}

static void test_a_few_works_are_under_way_at_a_time_and_all_are_done(void **state)
{
    (void)state;
    struct env *env = env_uv_create(&(struct env_uv_options){0});
    struct order order = {0};
    struct job jobs[WORK_COUNT];
    side_works_init(&order.works, env);

    jobs_start(&order, jobs);
    assert_int_equal(order.works.running_count, SIDE_WORKS_MAX);
    env_uv_finish_works(env);

    assert_int_equal(order.done_count, WORK_COUNT);
    assert_int_equal(order.running_count_most, SIDE_WORKS_MAX);
    assert_int_equal(order.works.running_count, 0);
    side_works_deinit(&order.works);
    env_uv_destroy(env);
}

static void test_works_that_wait_are_forgotten_and_those_under_way_end_as_orphans(void **state)
{
    (void)state;
    struct env *env = env_uv_create(&(struct env_uv_options){0});
    struct order order = {0};
    struct job jobs[WORK_COUNT];
    side_works_init(&order.works, env);
    jobs_start(&order, jobs);

    side_works_deinit(&order.works);
    env_uv_finish_works(env);

    assert_int_equal(order.done_count, 0);
    assert_int_equal(order.orphan_count, SIDE_WORKS_MAX);
    env_uv_destroy(env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_few_works_are_under_way_at_a_time_and_all_are_done),
        cmocka_unit_test(test_works_that_wait_are_forgotten_and_those_under_way_end_as_orphans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
