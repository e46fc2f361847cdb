#include "core/model/number.h"

#include "core/base/check.h"

#include <string.h>

/* Where the first significant digit may stand: 9.99...E+125 down to 1E-130. */
enum { PLACE_MAX = 125, PLACE_MIN = -130 };

/* Far outside the range, yet far from overflowing once the size of any text is added to it. */
#define EXPONENT_BOUND ((int64_t)1 << 60)

/* `count` is at most 38. */
static unsigned __int128 power_of_ten(int count)
{
    static const uint64_t powers[] = {
        1u,
        10u,
        100u,
        1000u,
        10000u,
        100000u,
        1000000u,
        10000000u,
        100000000u,
        1000000000u,
        10000000000u,
        100000000000u,
        1000000000000u,
        10000000000000u,
        100000000000000u,
        1000000000000000u,
        10000000000000000u,
        100000000000000000u,
        1000000000000000000u,
        10000000000000000000u,
    };
    return count < 20 ? powers[count] : (unsigned __int128)powers[19] * powers[count - 19];
}

/* 0 for zero. 1233 / 4096 is just above the decimal digits in a binary one. */
static int digit_count(unsigned __int128 digits)
{
    if (digits == 0)
        return 0;
    uint64_t high = (uint64_t)(digits >> 64);
    int bit_count =
        high != 0 ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll((uint64_t)digits);
    int guess = bit_count * 1233 >> 12;
    return guess + (digits >= power_of_ten(guess));
}

static enum number_fault place_check(int64_t place)
{
    if (place > PLACE_MAX)
        return NUMBER_FAULT_OVERFLOW;
    return place < PLACE_MIN ? NUMBER_FAULT_UNDERFLOW : NUMBER_FAULT_NONE;
}

/* What has been read of a number's text; significant digits run from the first nonzero to the last.
 */
struct mantissa {
    unsigned __int128 digits;
    int64_t digit_count;    /* as many as there are, though `digits` holds 38 */
    int64_t zero_count;     /* since the last nonzero digit */
    int64_t fraction_count; /* digits after the point, zeros too */
    bool has_digits;
    bool has_point;
};

static void mantissa_add(struct mantissa *mantissa, unsigned digit)
{
    mantissa->has_digits = true;
    mantissa->fraction_count += mantissa->has_point;
    if (digit == 0) {
        mantissa->zero_count += mantissa->digit_count > 0;
        return;
    }
    mantissa->digit_count += mantissa->zero_count + 1;
    if (mantissa->digit_count <= NUMBER_DIGITS_MAX)
        mantissa->digits = mantissa->digits * power_of_ten((int)mantissa->zero_count + 1) + digit;
    mantissa->zero_count = 0;
}

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/* Takes a sign, if there is one; true when it is a minus. */
static bool take_sign(struct slice *text)
{
    if (text->size == 0 || (text->bytes[0] != '-' && text->bytes[0] != '+'))
        return false;
    bool is_minus = text->bytes[0] == '-';
    *text = slice_skip(*text, 1);
    return is_minus;
}

static struct mantissa take_mantissa(struct slice *text)
{
    struct mantissa mantissa = {0};
    size_t size = 0;
    for (; size < text->size; size++) {
        uint8_t byte = text->bytes[size];
        if (is_digit(byte))
            mantissa_add(&mantissa, byte - '0');
        else if (byte == '.' && !mantissa.has_point)
            mantissa.has_point = true;
        else
            break;
    }
    *text = slice_skip(*text, size);
    return mantissa;
}

/* Reads what is left after the mantissa: nothing, or an exponent. False when it is something else.
 */
static bool read_exponent(struct slice text, int64_t *out_exponent)
{
    *out_exponent = 0;
    if (text.size == 0)
        return true;
    if (text.bytes[0] != 'e' && text.bytes[0] != 'E')
        return false;
    text = slice_skip(text, 1);
    bool is_negative = take_sign(&text);
    int64_t exponent = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (!is_digit(text.bytes[i]))
            return false;
        if (exponent < EXPONENT_BOUND / 10)
            exponent = exponent * 10 + (text.bytes[i] - '0');
    }
    *out_exponent = is_negative ? -exponent : exponent;
    return text.size > 0;
}

enum number_fault number_parse(struct slice text, struct number *out_number)
{
    bool is_negative = take_sign(&text);
    struct mantissa mantissa = take_mantissa(&text);
    int64_t exponent;
    if (!mantissa.has_digits || !read_exponent(text, &exponent))
        return NUMBER_FAULT_NOT_A_NUMBER;
    if (mantissa.digit_count == 0) {
        *out_number = (struct number){0};
        return NUMBER_FAULT_NONE;
    }
    exponent += mantissa.zero_count - mantissa.fraction_count;
    enum number_fault fault = place_check(exponent + mantissa.digit_count - 1);
    if (fault != NUMBER_FAULT_NONE)
        return fault;
    if (mantissa.digit_count > NUMBER_DIGITS_MAX)
        return NUMBER_FAULT_DIGITS;
    *out_number = (struct number){mantissa.digits, (int32_t)exponent, is_negative};
    return NUMBER_FAULT_NONE;
}

/* Writes the last `count` digits in decimal. */
static void print_digits(unsigned __int128 digits, int count, char *out_text)
{
    for (int i = count; i > 0; i--) {
        out_text[i - 1] = (char)('0' + (int)(digits % 10));
        digits /= 10;
    }
}

size_t number_print(struct number number, char out_text[static NUMBER_TEXT_SIZE_MAX])
{
    char *at = out_text;
    int count = number.digits == 0 ? 1 : digit_count(number.digits);
    int integer_count = count + number.exponent; /* below 0: zeros between point and digits */
    CHECK(count <= NUMBER_DIGITS_MAX);
    CHECK(place_check(integer_count - 1) == NUMBER_FAULT_NONE);
    if (number.is_negative)
        *at++ = '-';
    if (number.exponent >= 0) {
        print_digits(number.digits, count, at);
        memset(at + count, '0', (size_t)number.exponent);
        return (size_t)(at + integer_count - out_text);
    }
    if (integer_count <= 0) {
        memset(at, '0', (size_t)(2 - integer_count));
        at[1] = '.';
        print_digits(number.digits, count, at + 2 - integer_count);
        return (size_t)(at + 2 - integer_count + count - out_text);
    }
    print_digits(number.digits, count, at + 1);
    memmove(at, at + 1, (size_t)integer_count);
    at[integer_count] = '.';
    return (size_t)(at + count + 1 - out_text);
}

static int compare_digits(unsigned __int128 left, unsigned __int128 right)
{
    return (left > right) - (left < right);
}

/* Compares without the signs; neither is zero. */
static int compare_magnitudes(struct number left, struct number right)
{
    int left_count = digit_count(left.digits);
    int right_count = digit_count(right.digits);
    int left_end = left.exponent + left_count;
    int right_end = right.exponent + right_count;
    if (left_end != right_end)
        return left_end < right_end ? -1 : 1;
    if (left_count < right_count)
        left.digits *= power_of_ten(right_count - left_count);
    else
        right.digits *= power_of_ten(left_count - right_count);
    return compare_digits(left.digits, right.digits);
}

static int sign_of(struct number number)
{
    if (number.digits == 0)
        return 0;
    return number.is_negative ? -1 : 1;
}

int number_compare(struct number left, struct number right)
{
    int left_sign = sign_of(left);
    int right_sign = sign_of(right);
    if (left_sign != right_sign)
        return left_sign < right_sign ? -1 : 1;
    return left_sign == 0 ? 0 : left_sign * compare_magnitudes(left, right);
}

/* Makes a number of a result of arithmetic, whose digits may end in zeros or be too many. */
static enum number_fault finish(struct number number, struct number *out_number)
{
    if (number.digits == 0) {
        *out_number = (struct number){0};
        return NUMBER_FAULT_NONE;
    }
    while (number.digits % 10 == 0) {
        number.digits /= 10;
        number.exponent++;
    }
    int count = digit_count(number.digits);
    enum number_fault fault = place_check(number.exponent + count - 1);
    if (fault != NUMBER_FAULT_NONE)
        return fault;
    if (count > NUMBER_DIGITS_MAX)
        return NUMBER_FAULT_DIGITS;
    *out_number = number;
    return NUMBER_FAULT_NONE;
}

/*
 * Appends zeros to the digits, so that its exponent falls to `exponent`. False when the result is
 * 2E38 or more: a number of up to 38 digits added to it or taken from it then leaves 39 or more.
 */
static bool lower_exponent(struct number *number, int32_t exponent)
{
    int count = digit_count(number->digits);
    int shift = number->exponent - exponent;
    if (count + shift > NUMBER_DIGITS_MAX + 1)
        return false;
    if (count + shift == NUMBER_DIGITS_MAX + 1 && number->digits >= 2 * power_of_ten(count - 1))
        return false;
    number->digits *= power_of_ten(shift);
    number->exponent = exponent;
    return true;
}

enum number_fault number_add(struct number left, struct number right, struct number *out_sum)
{
    if (left.digits == 0 || right.digits == 0) {
        *out_sum = left.digits == 0 ? right : left;
        return NUMBER_FAULT_NONE;
    }
    struct number high = left.exponent >= right.exponent ? left : right;
    struct number low = left.exponent >= right.exponent ? right : left;
    /* Where the exponents differ, the last digit of the sum is that of `low`, and not zero. */
    if (!lower_exponent(&high, low.exponent))
        return NUMBER_FAULT_DIGITS;

    struct number sum = high;
    if (high.is_negative == low.is_negative) {
        sum.digits = high.digits + low.digits;
    } else if (high.digits >= low.digits) {
        sum.digits = high.digits - low.digits;
    } else {
        sum.digits = low.digits - high.digits;
        sum.is_negative = low.is_negative;
    }
    return finish(sum, out_sum);
}

enum number_fault number_subtract(struct number left, struct number right,
                                  struct number *out_difference)
{
    right.is_negative = right.digits != 0 && !right.is_negative;
    return number_add(left, right, out_difference);
}
