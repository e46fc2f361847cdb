#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/catalog/placement_balance_private.h"
#include "tests/unit/seed.h"

enum { ROWS = 5, BINS = 4 };

/* A unit of a row costs something in each bin, whatever the others do; each row has one. */
struct problem {
    int64_t costs[ROWS][BINS];
    size_t load_min;
    size_t load_max;
    size_t moved_count;
};

static int64_t cost(const void *context, uint32_t row, size_t from, size_t to)
{
    const struct problem *problem = context;
    if (problem->costs[row][to] == BALANCE_FORBIDDEN)
        return BALANCE_FORBIDDEN;
    return problem->costs[row][to] - problem->costs[row][from];
}

static void moved(void *context, uint32_t row, size_t from, size_t to)
{
    struct problem *problem = context;
    assert_true(row < ROWS && from < BINS && to < BINS && from != to);
    problem->moved_count++;
}

static struct balance *balance_of(struct problem *problem, const size_t *bins, struct arena *arena)
{
    struct balance_options options = {
        .row_count = ROWS,
        .bin_count = BINS,
        .load_min = problem->load_min,
        .load_max = problem->load_max,
        .cost_fn = cost,
        .moved_fn = moved,
        .context = problem,
    };
    struct balance *balance = balance_create(&options, arena);
    for (uint32_t row = 0; row < ROWS; row++)
        balance_add(balance, row, bins[row]);
    return balance;
}

/* The cost of where the units are; fails when that breaks a bound. */
static int64_t total_cost(const struct problem *problem, const struct balance *balance)
{
    int64_t total = 0;
    for (size_t bin = 0; bin < BINS; bin++) {
        size_t load = 0;
        for (uint32_t row = 0; row < ROWS; row++) {
            if (!balance_holds(balance, row, bin))
                continue;
            assert_true(problem->costs[row][bin] != BALANCE_FORBIDDEN);
            total += problem->costs[row][bin];
            load++;
        }
        assert_int_equal(load, balance_load(balance, bin));
        assert_in_range(load, problem->load_min, problem->load_max);
    }
    return total;
}

/* Of all the ways there are; INT64_MAX when none keeps the bounds. */
static int64_t least_cost(const struct problem *problem)
{
    int64_t least = INT64_MAX;
    for (size_t way = 0; way < BINS * BINS * BINS * BINS * BINS; way++) {
        size_t loads[BINS] = {0}, rest = way;
        int64_t total = 0;
        for (uint32_t row = 0; row < ROWS; row++, rest /= BINS) {
            int64_t part = problem->costs[row][rest % BINS];
            total = part == BALANCE_FORBIDDEN || total == INT64_MAX ? INT64_MAX : total + part;
            loads[rest % BINS]++;
        }
        for (size_t bin = 0; bin < BINS; bin++)
            if (loads[bin] < problem->load_min || loads[bin] > problem->load_max)
                total = INT64_MAX;
        least = total < least ? total : least;
    }
    return least;
}

static void test_no_other_way_within_the_bounds_is_cheaper(void **state)
{
    (void)state;
    struct random random = random_of_test();
    for (int run = 0; run < 2000; run++) {
        OWNED(arena) arena = arena_create();
        struct problem problem = {.load_min = random_below(&random, 2),
                                  .load_max = 2 + random_below(&random, 3)};
        size_t bins[ROWS];
        for (uint32_t row = 0; row < ROWS; row++) {
            bins[row] = random_below(&random, BINS);
            for (size_t bin = 0; bin < BINS; bin++)
                problem.costs[row][bin] = (int64_t)random_below(&random, 9) - 4;
        }
        struct balance *balance = balance_of(&problem, bins, arena);

        balance_run(balance);

        assert_true(total_cost(&problem, balance) == least_cost(&problem));
    }
}

static void test_no_unit_goes_where_it_may_not(void **state)
{
    (void)state;
    struct random random = random_of_test();
    for (int run = 0; run < 2000; run++) {
        OWNED(arena) arena = arena_create();
        struct problem problem = {.load_min = 1, .load_max = 2};
        size_t bins[ROWS];
        for (uint32_t row = 0; row < ROWS; row++) {
            bins[row] = random_below(&random, BINS);
            for (size_t bin = 0; bin < BINS; bin++)
                problem.costs[row][bin] = bin != bins[row] && random_one_in(&random, 3)
                                              ? BALANCE_FORBIDDEN
                                              : (int64_t)random_below(&random, 3);
        }
        int64_t least = least_cost(&problem);
        if (least == INT64_MAX)
            continue;
        struct balance *balance = balance_of(&problem, bins, arena);

        balance_run(balance);

        assert_true(total_cost(&problem, balance) == least);
    }
}

static void test_nothing_moves_when_all_is_well(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct problem problem = {.load_min = 1, .load_max = 2};
    const size_t bins[ROWS] = {0, 1, 2, 3, 3};
    struct balance *balance = balance_of(&problem, bins, arena);

    balance_run(balance);

    assert_int_equal(problem.moved_count, 0);
}

static void test_a_chain_goes_through_a_full_bin_when_there_is_no_other_way(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct problem problem = {.load_min = 0, .load_max = 2};
    /* Row 4 has to leave bin 0 and may only go to bin 1, from which row 2 may only go to bin 2. */
    for (uint32_t row = 0; row < ROWS; row++)
        for (size_t bin = 0; bin < BINS; bin++)
            problem.costs[row][bin] = BALANCE_FORBIDDEN;
    const size_t bins[ROWS] = {0, 0, 1, 1, 0};
    for (uint32_t row = 0; row < ROWS; row++)
        problem.costs[row][bins[row]] = 0;
    problem.costs[4][1] = 5;
    problem.costs[2][2] = 5;
    struct balance *balance = balance_of(&problem, bins, arena);

    balance_run(balance);

    assert_true(balance_holds(balance, 4, 1));
    assert_true(balance_holds(balance, 2, 2));
    assert_int_equal(problem.moved_count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_other_way_within_the_bounds_is_cheaper),
        cmocka_unit_test(test_no_unit_goes_where_it_may_not),
        cmocka_unit_test(test_nothing_moves_when_all_is_well),
        cmocka_unit_test(test_a_chain_goes_through_a_full_bin_when_there_is_no_other_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
