/* Numbers for tests: written ones, random ones, and whether two are the same. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/random.h"
#include "core/model/number.h"

#define NINES_19 "9999999999999999999"
#define NINES_38 NINES_19 NINES_19

static inline struct number number_of(const char *text)
{
    struct number number;
    assert_int_equal(number_parse(slice_of_text(text), &number), NUMBER_FAULT_NONE);
    return number;
}

static inline bool are_same(struct number left, struct number right)
{
    return left.digits == right.digits && left.exponent == right.exponent &&
           left.is_negative == right.is_negative;
}

/* Any number, small and large ones and those of few and of many digits alike. */
static inline struct number random_number(struct random *random)
{
    if (random_one_in(random, 50))
        return (struct number){0};
    int count = 1 + (int)random_below(random, NUMBER_DIGITS_MAX);
    int place = -130 + (int)random_below(random, 256);
    if (random_one_in(random, 2))
        place = -3 + (int)random_below(random, 6);
    struct number number = {.is_negative = random_one_in(random, 2)};
    number.digits = 1 + random_below(random, 9);
    for (int i = 1; i < count; i++)
        number.digits = number.digits * 10 + random_below(random, 10);
    number.exponent = place - count + 1;
    while (number.digits % 10 == 0) {
        number.digits /= 10;
        number.exponent++;
    }
    return number;
}
