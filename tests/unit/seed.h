/*
 * The seed of a randomized unit test: a new one each run, printed, so that a failure can be
 * repeated with GRATICULE_TEST_SEED in the environment.
 */
#pragma once

#include "core/base/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline struct random random_of_test(void)
{
    const char *wanted = getenv("GRATICULE_TEST_SEED");
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = wanted != NULL ? strtoull(wanted, NULL, 10)
                                   : (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    fprintf(stderr, "GRATICULE_TEST_SEED=%llu\n", (unsigned long long)seed);
    return random_of_seed(seed);
}
