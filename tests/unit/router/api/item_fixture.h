/*
 * What the tests of operations on items share: a region with the tables "plain" (pk: S), "sorted"
 * (pk: S, sk: N) and "texts" (pk: S, sk: S).
 */
#pragma once

#include "tests/support/region_assert.h"

static struct region *region;

static inline int item_fixture_set_up(void **state)
{
    (void)state;
    region = region_create(NULL);
    region_make_table(region, "plain", 0);
    region_make_table(region, "sorted", 'N');
    region_make_table(region, "texts", 'S');
    return 0;
}

static inline int item_fixture_tear_down(void **state)
{
    (void)state;
    region_destroy(region);
    return 0;
}

#define INVALID "One or more parameter values were invalid: "
