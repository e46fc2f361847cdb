#include "core/base/quantity.h"

#include <stdbool.h>

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

enum status quantity_parse_number(struct slice digits, uint64_t *out_value)
{
    uint64_t value = 0;
    if (digits.size == 0)
        return STATUS_INVALID;
    for (size_t i = 0; i < digits.size; i++) {
        if (!is_digit(digits.bytes[i]))
            return STATUS_INVALID;
        uint64_t digit = digits.bytes[i] - (uint64_t)'0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, digit, &value))
            return STATUS_TOO_LARGE;
    }
    *out_value = value;
    return STATUS_OK;
}

enum status quantity_parse(struct slice text, const struct quantity_unit *units, size_t unit_count,
                           uint64_t *out_value)
{
    size_t digit_count = 0;
    while (digit_count < text.size && is_digit(text.bytes[digit_count]))
        digit_count++;
    struct slice unit = slice_skip(text, digit_count);

    for (size_t i = 0; i < unit_count; i++) {
        uint64_t value;
        if (!slice_is_text(unit, units[i].name))
            continue;
        TRY(quantity_parse_number(slice_of(text.bytes, digit_count), &value));
        if (__builtin_mul_overflow(value, units[i].factor, &value))
            return STATUS_TOO_LARGE;
        *out_value = value;
        return STATUS_OK;
    }
    return STATUS_INVALID;
}
