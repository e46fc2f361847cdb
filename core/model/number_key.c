/* The key form of numbers: docs/formats/number.md has it byte by byte. */
#include "core/base/check.h"
#include "core/model/number.h"

enum {
    PAIRS_MAX = 20,       /* 38 digits, the first and the last pair half filled */
    HEAD_POSITIVE = 0x80, /* the head of the smallest place, that of 1E-130 */
    PLACE_MIN = -65,      /* of the first pair, as a power of 100: 100^-65 is 1E-130 */
    PLACE_MAX = 62,
    PAIR_MAX = 99,
};

/* Digits by twos, aligned at the point, the most significant first: `place` is the power of 100. */
struct pairs {
    uint8_t values[PAIRS_MAX];
    int count;
    int place;
};

/* Half of it, rounded down; `>>` on negative numbers is only what compilers agree to do. */
static int half_floor(int number)
{
    return number >= 0 ? number / 2 : -((1 - number) / 2);
}

static struct pairs pairs_of_number(struct number number)
{
    struct pairs reversed = {0};
    bool is_aligned = number.exponent % 2 == 0;
    if (!is_aligned) {
        reversed.values[reversed.count++] = (uint8_t)(number.digits % 10 * 10);
        number.digits /= 10;
    }
    for (; number.digits != 0; number.digits /= 100) {
        CHECK(reversed.count < PAIRS_MAX);
        reversed.values[reversed.count++] = (uint8_t)(number.digits % 100);
    }
    struct pairs pairs = {
        .count = reversed.count,
        .place = half_floor(number.exponent) + reversed.count - 1,
    };
    for (int i = 0; i < pairs.count; i++)
        pairs.values[i] = reversed.values[pairs.count - 1 - i];
    return pairs;
}

size_t number_key_encode(struct number number, uint8_t out_key[static NUMBER_KEY_SIZE_MAX])
{
    /* Zero stands below all positive numbers: the smallest place, and nothing there. */
    struct pairs pairs = {.count = 1, .place = PLACE_MIN};
    if (number.digits != 0)
        pairs = pairs_of_number(number);
    CHECK(pairs.place >= PLACE_MIN);
    CHECK(pairs.place <= PLACE_MAX);

    uint8_t flip = number.is_negative ? 0xff : 0;
    size_t size = 0;
    out_key[size++] = (uint8_t)(HEAD_POSITIVE + pairs.place - PLACE_MIN) ^ flip;
    for (int i = 0; i < pairs.count; i++) {
        bool has_more = i + 1 < pairs.count;
        out_key[size++] = (uint8_t)(pairs.values[i] << 1 | has_more) ^ flip;
    }
    return size;
}

/* Reads the pairs up to the one that says it is the last. */
static enum status read_pairs(struct slice bytes, uint8_t flip, struct pairs *pairs)
{
    bool has_more = true;
    while (has_more) {
        if (pairs->count == PAIRS_MAX || (size_t)pairs->count == bytes.size)
            return STATUS_CORRUPT;
        uint8_t byte = bytes.bytes[pairs->count] ^ flip;
        has_more = byte & 1;
        if (byte >> 1 > PAIR_MAX)
            return STATUS_CORRUPT;
        pairs->values[pairs->count++] = byte >> 1;
    }
    return STATUS_OK;
}

/* Zero, or pairs that neither begin nor end with an empty one and hold at most 38 digits. */
static bool are_normalised(const struct pairs *pairs, bool is_negative)
{
    uint8_t first = pairs->values[0];
    uint8_t last = pairs->values[pairs->count - 1];
    if (first == 0)
        return pairs->count == 1 && pairs->place == PLACE_MIN && !is_negative;
    int digit_count = pairs->count * 2 - (first < 10) - (last % 10 == 0);
    return last != 0 && digit_count <= NUMBER_DIGITS_MAX;
}

static struct number number_of_pairs(const struct pairs *pairs, bool is_negative)
{
    struct number number = {
        .exponent = 2 * (pairs->place - (pairs->count - 1)),
        .is_negative = is_negative,
    };
    for (int i = 0; i + 1 < pairs->count; i++)
        number.digits = number.digits * 100 + pairs->values[i];

    uint8_t last = pairs->values[pairs->count - 1];
    if (last % 10 != 0) {
        number.digits = number.digits * 100 + last;
    } else {
        number.digits = number.digits * 10 + last / 10;
        number.exponent++;
    }
    return number;
}

enum status number_key_decode(struct slice bytes, struct number *out_number, size_t *out_size)
{
    if (bytes.size == 0)
        return STATUS_CORRUPT;
    bool is_negative = bytes.bytes[0] < HEAD_POSITIVE;
    uint8_t flip = is_negative ? 0xff : 0;
    struct pairs pairs = {.place = (bytes.bytes[0] ^ flip) - HEAD_POSITIVE + PLACE_MIN};
    TRY(read_pairs(slice_skip(bytes, 1), flip, &pairs));
    if (!are_normalised(&pairs, is_negative))
        return STATUS_CORRUPT;

    *out_size = 1 + (size_t)pairs.count;
    *out_number = pairs.values[0] == 0 ? (struct number){0} : number_of_pairs(&pairs, is_negative);
    return STATUS_OK;
}

size_t number_key_size(struct slice bytes)
{
    size_t size = 1;
    uint8_t flip = bytes.size > 0 && bytes.bytes[0] < HEAD_POSITIVE ? 0xff : 0;
    while (size < bytes.size && ((bytes.bytes[size] ^ flip) & 1) != 0)
        size++;
    return size + 1;
}

/* From the key itself: large sets of numbers are measured with every write. */
size_t number_key_item_size(struct slice key)
{
    CHECK(key.size >= 2);
    bool is_negative = key.bytes[0] < HEAD_POSITIVE;
    uint8_t flip = is_negative ? 0xff : 0;
    int pair_count = (int)key.size - 1;
    int first = (key.bytes[1] ^ flip) >> 1;
    int last = (key.bytes[key.size - 1] ^ flip) >> 1;
    if (first == 0)
        return 1;
    int place = (key.bytes[0] ^ flip) - HEAD_POSITIVE + PLACE_MIN;
    bool is_half = last % 10 == 0;
    int digit_count = 2 * pair_count - (first < 10) - is_half;
    int exponent = 2 * (place - (pair_count - 1)) + is_half;
    int fraction_count = exponent >= 0 ? 0 : -exponent;
    if (fraction_count > digit_count)
        fraction_count = digit_count;
    int integer_count = digit_count - fraction_count;
    return 1 + (size_t)(integer_count + 1) / 2 + (size_t)(fraction_count + 1) / 2 + is_negative;
}
