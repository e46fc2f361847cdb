/*
 * Number: DynamoDB's exact decimals of up to 38 significant digits.
 *
 * The value is digits x 10^exponent. A number is always normalised: `digits` has no trailing
 * zero, and zero is digits 0, exponent 0, not negative; so equal numbers are equal field by field.
 * The magnitude is zero or lies between 1E-130 and 9.99...E+125.
 */
#pragma once

#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    NUMBER_DIGITS_MAX = 38,
    NUMBER_TEXT_SIZE_MAX = 170, /* sign, "0.", 129 zeros and 38 digits */
    NUMBER_KEY_SIZE_MAX = 21,
};

struct number {
    unsigned __int128 digits;
    int32_t exponent;
    bool is_negative;
};

enum number_fault {
    NUMBER_FAULT_NONE,
    NUMBER_FAULT_NOT_A_NUMBER,
    NUMBER_FAULT_OVERFLOW,  /* magnitude too large */
    NUMBER_FAULT_UNDERFLOW, /* magnitude too small, yet not zero */
    NUMBER_FAULT_DIGITS,    /* more than 38 significant digits */
};

/*
 * Reads decimal text: sign, digits, point, exponent. Surrounding blanks are not allowed. A number
 * that breaks several bounds is reported as out of range before it is reported as too long.
 */
MUST_USE enum number_fault number_parse(struct slice text, struct number *out_number);

/* Writes the number without an exponent, as DynamoDB answers it; returns the size. No NUL. */
size_t number_print(struct number number, char out_text[static NUMBER_TEXT_SIZE_MAX]);

int number_compare(struct number left, struct number right);

/* Exact, or NUMBER_FAULT_OVERFLOW / NUMBER_FAULT_UNDERFLOW / NUMBER_FAULT_DIGITS. */
MUST_USE enum number_fault number_add(struct number left, struct number right,
                                      struct number *out_sum);
MUST_USE enum number_fault number_subtract(struct number left, struct number right,
                                           struct number *out_difference);

/*
 * The key form: self-delimiting bytes that sort as the numbers do (docs/formats/number.md). It is
 * also how a number stands in an item's bytes.
 */
size_t number_key_encode(struct number number, uint8_t out_key[static NUMBER_KEY_SIZE_MAX]);

/* STATUS_CORRUPT when the bytes do not begin with a number in its one normalised form. */
MUST_USE enum status number_key_decode(struct slice bytes, struct number *out_number,
                                       size_t *out_size);

/*
 * The size of the number that begins `bytes`, which is taken to be one; more than there are bytes
 * when it goes on past them.
 */
size_t number_key_size(struct slice bytes);

/* What DynamoDB counts for the number of that key against the item limit, in bytes. */
size_t number_key_item_size(struct slice key);
