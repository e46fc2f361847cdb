/*
 * Fuzz target: bytes as a row of key values, as a number's key form, and as a number's text.
 *
 * What decodes must encode to the bytes that were decoded; text that parses must print as text that
 * parses to the same number.
 */
#include "core/base/check.h"
#include "core/key/key_codec.h"
#include "core/model/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool are_same(struct number left, struct number right)
{
    return left.digits == right.digits && left.exponent == right.exponent &&
           left.is_negative == right.is_negative;
}

static void check_keys(struct slice rest)
{
    SCOPED(buffer) scratch = {0};
    SCOPED(buffer) encoded = {0};
    struct value value;
    for (;;) {
        struct slice key = rest;
        size_t size;
        enum status status = key_decode_value(&rest, &scratch, &value);
        CHECK(key_value_size(key, &size) == status);
        if (status != STATUS_OK)
            return;
        CHECK(size == key.size - rest.size);
        buffer_clear(&encoded);
        key_encode_value(&encoded, value);
        CHECK(slice_is_equal(buffer_slice(&encoded), slice_of(key.bytes, size)));
    }
}

static void check_text(struct slice text)
{
    struct number number;
    struct number again;
    char printed[NUMBER_TEXT_SIZE_MAX];
    if (number_parse(text, &number) != NUMBER_FAULT_NONE)
        return;
    size_t size = number_print(number, printed);
    CHECK(size <= sizeof printed);
    CHECK(number_parse(slice_of(printed, size), &again) == NUMBER_FAULT_NONE);
    CHECK(are_same(number, again));
    CHECK(number_compare(number, again) == 0);
    uint8_t key[NUMBER_KEY_SIZE_MAX];
    CHECK(number_key_item_size(slice_of(key, number_key_encode(number, key))) <= 22);
}

static void check_number_key(struct slice bytes)
{
    struct number number;
    uint8_t key[NUMBER_KEY_SIZE_MAX];
    char printed[NUMBER_TEXT_SIZE_MAX];
    size_t size;
    if (number_key_decode(bytes, &number, &size) != STATUS_OK)
        return;
    CHECK(size <= bytes.size);
    CHECK(
        slice_is_equal(slice_of(key, number_key_encode(number, key)), slice_of(bytes.bytes, size)));
    check_text(slice_of(printed, number_print(number, printed)));

    /* A second number, if one follows: their keys sort as they do, and sums can be undone. */
    struct slice rest = slice_skip(bytes, size);
    struct number other, sum, difference;
    size_t other_size;
    if (number_key_decode(rest, &other, &other_size) != STATUS_OK)
        return;
    int key_order = slice_compare(slice_of(bytes.bytes, size), slice_of(rest.bytes, other_size));
    CHECK((key_order > 0) - (key_order < 0) == number_compare(number, other));
    if (number_add(number, other, &sum) != NUMBER_FAULT_NONE)
        return;
    CHECK(number_subtract(sum, other, &difference) == NUMBER_FAULT_NONE);
    CHECK(are_same(difference, number));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct slice input = slice_of(bytes, size);
    check_keys(input);
    check_number_key(input);
    check_text(input);
    return 0;
}
