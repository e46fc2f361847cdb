#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/timer_heap.h"
#include "tests/unit/seed.h"

static void test_the_timer_due_first_comes_first_and_stays(void **state)
{
    (void)state;
    struct timer late = {0}, early = {0};
    OWNED(timer_heap) heap = timer_heap_create();
    assert_null(timer_heap_first(heap));
    timer_heap_add(heap, &late, 20);
    timer_heap_add(heap, &early, 10);
    assert_ptr_equal(timer_heap_first(heap), &early);
    assert_ptr_equal(timer_heap_first(heap), &early);
    assert_true(timer_is_waiting(&early));
    timer_heap_remove(heap, &early);
    assert_false(timer_is_waiting(&early));
    assert_ptr_equal(timer_heap_first(heap), &late);
}

static void test_timers_due_together_come_in_the_order_of_their_adding(void **state)
{
    (void)state;
    enum { COUNT = 100 };
    struct timer timers[COUNT] = {0};
    OWNED(timer_heap) heap = timer_heap_create();
    for (int i = 0; i < COUNT; i++)
        timer_heap_add(heap, &timers[i], 7);
    for (int i = 0; i < COUNT; i++) {
        assert_ptr_equal(timer_heap_first(heap), &timers[i]);
        timer_heap_remove(heap, &timers[i]);
    }
    assert_null(timer_heap_first(heap));
}

static void test_a_timer_that_is_not_waiting_may_be_removed(void **state)
{
    (void)state;
    struct timer timer = {0}, other = {0};
    OWNED(timer_heap) heap = timer_heap_create();
    timer_heap_add(heap, &other, 1);
    timer_heap_remove(heap, &timer);
    assert_ptr_equal(timer_heap_first(heap), &other);
    timer_heap_remove(heap, &other);
    timer_heap_remove(heap, &other);
    assert_null(timer_heap_first(heap));
}

static void test_a_removed_timer_may_be_added_again(void **state)
{
    (void)state;
    struct timer timer = {0}, other = {0};
    OWNED(timer_heap) heap = timer_heap_create();
    timer_heap_add(heap, &timer, 1);
    timer_heap_add(heap, &other, 2);
    timer_heap_remove(heap, &timer);
    timer_heap_add(heap, &timer, UINT64_MAX);
    assert_ptr_equal(timer_heap_first(heap), &other);
}

static void test_timers_outlive_their_heap_and_wait_no_more(void **state)
{
    (void)state;
    struct timer timer = {0};
    struct timer_heap *heap = timer_heap_create();
    timer_heap_add(heap, &timer, 1);
    timer_heap_destroy(heap);
    timer_heap_destroy(NULL);
    assert_false(timer_is_waiting(&timer));
}

enum { TIMER_COUNT = 200 };

/* The waiting timer that is due first, of equal ones the one added first, found by looking at all.
 */
static struct timer *naive_first(struct timer timers[static TIMER_COUNT],
                                 const uint64_t added_at[static TIMER_COUNT])
{
    size_t first = TIMER_COUNT;
    for (size_t i = 0; i < TIMER_COUNT; i++) {
        if (!timer_is_waiting(&timers[i]))
            continue;
        bool is_before =
            first == TIMER_COUNT || timers[i].due_us < timers[first].due_us ||
            (timers[i].due_us == timers[first].due_us && added_at[i] < added_at[first]);
        if (is_before)
            first = i;
    }
    return first == TIMER_COUNT ? NULL : &timers[first];
}

static void test_a_long_life_goes_as_that_of_a_naive_heap(void **state)
{
    (void)state;
    struct random random = random_of_test();
    struct timer timers[TIMER_COUNT] = {0};
    uint64_t added_at[TIMER_COUNT] = {0};
    OWNED(timer_heap) heap = timer_heap_create();
    for (uint64_t i = 0; i < 50000; i++) {
        bool is_growing = i / 1000 % 2 == 0;
        size_t which = random_below(&random, TIMER_COUNT);
        if (random_one_in(&random, is_growing ? 4 : 2)) {
            struct timer *first = timer_heap_first(heap);
            if (first != NULL)
                timer_heap_remove(heap, first);
        } else if (timer_is_waiting(&timers[which])) {
            timer_heap_remove(heap, &timers[which]);
        } else {
            added_at[which] = i;
            timer_heap_add(heap, &timers[which], random_below(&random, 50));
        }
        assert_ptr_equal(timer_heap_first(heap), naive_first(timers, added_at));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_timer_due_first_comes_first_and_stays),
        cmocka_unit_test(test_timers_due_together_come_in_the_order_of_their_adding),
        cmocka_unit_test(test_a_timer_that_is_not_waiting_may_be_removed),
        cmocka_unit_test(test_a_removed_timer_may_be_added_again),
        cmocka_unit_test(test_timers_outlive_their_heap_and_wait_no_more),
        cmocka_unit_test(test_a_long_life_goes_as_that_of_a_naive_heap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
