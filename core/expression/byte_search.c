#define _GNU_SOURCE /* memmem */
#include "core/expression/byte_search.h"

#include <string.h>

/*
 * glibc's memmem hashes pairs of bytes for parts of up to 256 bytes, and comes to 25 ns a byte
 * where the pairs are all alike; only longer parts it searches in linear time.
 */
enum {
    SHORT_PART_MAX = 256,
    WORK_OF_COMPARISON = 2,
    WORK_OF_LEAP = 4,
    WORK_OF_LONG_BYTE = 4,
};

/* How much of the part's beginning stands also at the end of its first i + 1 bytes, not all. */
static void borders_fill(struct slice part, uint16_t *borders)
{
    uint16_t matched = 0;
    borders[0] = 0;
    for (size_t i = 1; i < part.size; i++) {
        while (matched > 0 && part.bytes[i] != part.bytes[matched])
            matched = borders[matched - 1];
        if (part.bytes[i] == part.bytes[matched])
            matched++;
        borders[i] = matched;
    }
}

/* Where the byte stands from `at` on; the end when nowhere. */
static size_t leap(struct slice whole, size_t at, uint8_t byte, struct work *work)
{
    const uint8_t *found = memchr(whole.bytes + at, byte, whole.size - at);
    size_t to = found == NULL ? whole.size : (size_t)(found - whole.bytes);
    work_add(work, WORK_OF_LEAP);
    work_add_bytes(work, to - at);
    return to;
}

/*
 * Knuth, Morris, Pratt: Fast Pattern Matching in Strings (SIAM Journal on Computing 6, 1977): at
 * most two comparisons for a byte. Where nothing is matched, memchr finds the next beginning.
 */
static bool search(struct slice whole, struct slice part, struct work *work)
{
    uint16_t borders[SHORT_PART_MAX];
    size_t matched = 0;
    size_t at = 0;
    uint64_t step_count = 0;
    borders_fill(part, borders);
    while (matched < part.size && at < whole.size) {
        step_count++;
        if (whole.bytes[at] == part.bytes[matched]) {
            at++;
            matched++;
        } else if (matched > 0) {
            matched = borders[matched - 1];
        } else {
            at = leap(whole, at + 1, part.bytes[0], work);
        }
    }
    work_add(work, WORK_OF_COMPARISON * (step_count + part.size));
    return matched == part.size;
}

bool bytes_contain(struct slice whole, struct slice part, struct work *work)
{
    if (part.size == 0 || part.size > whole.size)
        return part.size == 0;
    if (part.size <= SHORT_PART_MAX)
        return search(whole, part, work);
    work_add(work, WORK_OF_LONG_BYTE * (whole.size + part.size));
    return memmem(whole.bytes, whole.size, part.bytes, part.size) != NULL;
}
