#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/tablet/page_slots.h"

struct waiter {
    struct page_slot_wait wait;
    struct page_slots *slots;
    bool is_given_back_at_once;
    unsigned taken_count;
};

static void taken(void *context)
{
    struct waiter *waiter = context;
    waiter->taken_count++;
    if (waiter->is_given_back_at_once)
        page_slots_give(waiter->slots);
}

static void waiter_init(struct waiter *waiter, struct page_slots *slots)
{
    *waiter = (struct waiter){.slots = slots};
    waiter->wait = (struct page_slot_wait){.taken_fn = taken, .context = waiter};
    list_init(&waiter->wait.link);
}

static void take_all(struct page_slots *slots, struct waiter waiters[PAGE_SLOTS_MAX])
{
    page_slots_init(slots);
    for (size_t i = 0; i < PAGE_SLOTS_MAX; i++) {
        waiter_init(&waiters[i], slots);
        assert_true(page_slots_take(slots, &waiters[i].wait));
        assert_int_equal(waiters[i].taken_count, 1);
    }
}

static void test_a_slot_that_is_given_back_is_the_next_ones(void **state)
{
    (void)state;
    struct page_slots slots;
    struct waiter waiters[PAGE_SLOTS_MAX];
    struct waiter first;
    struct waiter second;
    take_all(&slots, waiters);
    waiter_init(&first, &slots);
    waiter_init(&second, &slots);
    assert_true(page_slots_take(&slots, &first.wait));
    assert_true(page_slots_take(&slots, &second.wait));
    assert_int_equal(first.taken_count, 0);

    page_slots_give(&slots);

    assert_int_equal(first.taken_count, 1);
    assert_int_equal(second.taken_count, 0);
}

static void test_a_full_line_refuses(void **state)
{
    (void)state;
    static struct waiter line[PAGE_SLOTS_WAITING_MAX];
    struct page_slots slots;
    struct waiter waiters[PAGE_SLOTS_MAX];
    struct waiter late;
    take_all(&slots, waiters);
    for (size_t i = 0; i < PAGE_SLOTS_WAITING_MAX; i++) {
        waiter_init(&line[i], &slots);
        assert_true(page_slots_take(&slots, &line[i].wait));
    }
    waiter_init(&late, &slots);

    assert_false(page_slots_take(&slots, &late.wait));
}

static void test_who_leaves_the_line_is_passed_over(void **state)
{
    (void)state;
    struct page_slots slots;
    struct waiter waiters[PAGE_SLOTS_MAX];
    struct waiter first;
    struct waiter second;
    take_all(&slots, waiters);
    waiter_init(&first, &slots);
    waiter_init(&second, &slots);
    assert_true(page_slots_take(&slots, &first.wait));
    assert_true(page_slots_take(&slots, &second.wait));

    page_slots_cancel(&slots, &first.wait);
    page_slots_give(&slots);

    assert_int_equal(first.taken_count, 0);
    assert_int_equal(second.taken_count, 1);
}

static void test_all_in_line_may_give_back_what_they_get_at_once(void **state)
{
    (void)state;
    static struct waiter line[PAGE_SLOTS_WAITING_MAX];
    struct page_slots slots;
    struct waiter waiters[PAGE_SLOTS_MAX];
    take_all(&slots, waiters);
    for (size_t i = 0; i < PAGE_SLOTS_WAITING_MAX; i++) {
        waiter_init(&line[i], &slots);
        line[i].is_given_back_at_once = true;
        assert_true(page_slots_take(&slots, &line[i].wait));
    }

    page_slots_give(&slots);

    assert_int_equal(line[PAGE_SLOTS_WAITING_MAX - 1].taken_count, 1);
    assert_int_equal(slots.free_count, 1);
    assert_int_equal(slots.waiting_count, 0);
}

static void test_a_slot_that_is_dropped_goes_to_who_asks_next(void **state)
{
    (void)state;
    struct page_slots slots;
    struct waiter waiters[PAGE_SLOTS_MAX];
    struct waiter first;
    struct waiter second;
    take_all(&slots, waiters);
    waiter_init(&first, &slots);
    waiter_init(&second, &slots);
    assert_true(page_slots_take(&slots, &first.wait));
    page_slots_drop(&slots);
    assert_int_equal(first.taken_count, 0);

    assert_true(page_slots_take(&slots, &second.wait));

    assert_int_equal(first.taken_count, 1);
    assert_int_equal(second.taken_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_slot_that_is_given_back_is_the_next_ones),
        cmocka_unit_test(test_a_full_line_refuses),
        cmocka_unit_test(test_who_leaves_the_line_is_passed_over),
        cmocka_unit_test(test_all_in_line_may_give_back_what_they_get_at_once),
        cmocka_unit_test(test_a_slot_that_is_dropped_goes_to_who_asks_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
