#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "replication/log/chain.h"

enum { END = 5000 };

static struct chain_segment opened(uint64_t generation, uint64_t previous)
{
    return (struct chain_segment){
        .generation = generation,
        .has_opening = true,
        .opening = {.previous_generation = previous, .previous_end = previous > 0 ? END : 0},
        .end = END,
    };
}

static struct chain_segment unopened(uint64_t generation)
{
    return (struct chain_segment){.generation = generation};
}

static void test_segments_that_name_each_other_are_the_log(void **state)
{
    (void)state;
    struct chain_segment segments[] = {opened(1, 0), opened(2, 1), opened(3, 2)};
    segments[2].opening.previous_end = 4800;

    assert_int_equal(chain_find(segments, 3, 2), STATUS_OK);

    assert_true(segments[0].belongs && segments[1].belongs && segments[2].belongs);
    assert_int_equal(segments[0].end, END);
    assert_int_equal(segments[1].end, 4800);
}

static void test_the_log_begins_behind_what_was_recycled(void **state)
{
    (void)state;
    struct chain_segment segments[] = {opened(7, 6), opened(8, 7)};

    assert_int_equal(chain_find(segments, 2, 1), STATUS_OK);

    assert_true(segments[0].belongs && segments[1].belongs);
}

static void test_what_was_prepared_ahead_does_not_belong(void **state)
{
    (void)state;
    struct chain_segment segments[] = {opened(1, 0), unopened(2), unopened(3)};

    assert_int_equal(chain_find(segments, 3, 0), STATUS_OK);

    assert_true(segments[0].belongs);
    assert_false(segments[1].belongs || segments[2].belongs);
}

static void test_an_opening_cut_off_does_not_belong(void **state)
{
    (void)state;
    struct chain_segment segments[] = {opened(1, 0), opened(2, 1), opened(4, 1)};

    assert_int_equal(chain_find(segments, 3, 0), STATUS_OK);
    assert_false(segments[1].belongs || segments[2].belongs);

    assert_int_equal(chain_find(segments, 3, 2), STATUS_OK);
    assert_true(segments[2].belongs && segments[0].belongs);
    assert_false(segments[1].belongs);
}

static void test_a_missing_segment_is_corruption(void **state)
{
    (void)state;
    struct chain_segment middle[] = {opened(1, 0), opened(3, 2)};
    struct chain_segment last[] = {opened(1, 0), opened(3, 2)};

    assert_int_equal(chain_find(middle, 2, 1), STATUS_CORRUPT);
    assert_int_equal(chain_find(last, 2, 0), STATUS_CORRUPT);
}

static void test_a_segment_that_was_never_opened_cannot_be_followed(void **state)
{
    (void)state;
    struct chain_segment segments[] = {unopened(1), opened(2, 1)};

    assert_int_equal(chain_find(segments, 2, 1), STATUS_CORRUPT);
}

static void test_a_last_segment_shorter_than_an_opening_says_is_corruption(void **state)
{
    (void)state;
    struct chain_segment segments[] = {opened(1, 0), opened(2, 1)};
    segments[0].end = END - 8;

    assert_int_equal(chain_find(segments, 2, 0), STATUS_CORRUPT);
}

static void test_names_that_lead_nowhere_are_corruption(void **state)
{
    (void)state;
    struct chain_segment itself[] = {opened(2, 2)};
    struct chain_segment later[] = {opened(2, 3), opened(3, 0)};
    struct chain_segment endless[] = {opened(1, 0), opened(2, 1)};
    endless[1].opening.previous_end = 0;

    assert_int_equal(chain_find(itself, 1, 0), STATUS_CORRUPT);
    assert_int_equal(chain_find(later, 2, 0), STATUS_CORRUPT);
    assert_int_equal(chain_find(endless, 2, 1), STATUS_CORRUPT);
}

static void test_a_log_that_was_never_begun_has_no_segments_before_it(void **state)
{
    (void)state;
    struct chain_segment prepared[] = {unopened(1), opened(2, 0)};
    struct chain_segment continued[] = {unopened(1), opened(2, 1)};

    assert_int_equal(chain_find_none(NULL, 0), STATUS_OK);
    assert_int_equal(chain_find_none(prepared, 2), STATUS_OK);
    assert_int_equal(chain_find_none(continued, 2), STATUS_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_segments_that_name_each_other_are_the_log),
        cmocka_unit_test(test_the_log_begins_behind_what_was_recycled),
        cmocka_unit_test(test_what_was_prepared_ahead_does_not_belong),
        cmocka_unit_test(test_an_opening_cut_off_does_not_belong),
        cmocka_unit_test(test_a_missing_segment_is_corruption),
        cmocka_unit_test(test_a_segment_that_was_never_opened_cannot_be_followed),
        cmocka_unit_test(test_a_last_segment_shorter_than_an_opening_says_is_corruption),
        cmocka_unit_test(test_names_that_lead_nowhere_are_corruption),
        cmocka_unit_test(test_a_log_that_was_never_begun_has_no_segments_before_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
