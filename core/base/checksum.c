#include "core/base/checksum.h"

#include <stdbool.h>

enum { POLYNOMIAL_REFLECTED = (int)0x82f63b78 };

static uint32_t tables[8][256];

__attribute__((constructor)) static void tables_fill(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t value = byte;
        for (int bit = 0; bit < 8; bit++)
            value = value >> 1 ^ ((value & 1) != 0 ? (uint32_t)POLYNOMIAL_REFLECTED : 0);
        tables[0][byte] = value;
    }
    for (int slice = 1; slice < 8; slice++)
        for (uint32_t byte = 0; byte < 256; byte++)
            tables[slice][byte] =
                tables[slice - 1][byte] >> 8 ^ tables[0][tables[slice - 1][byte] & 0xff];
}

/* Eight bytes a step: "slicing by 8" (Kounavis, Berry, 2005). */
static uint32_t extend_by_tables(uint32_t value, const uint8_t *at, size_t size)
{
    for (; size >= 8; at += 8, size -= 8) {
        uint32_t low, high;
        memcpy(&low, at, 4);
        memcpy(&high, at + 4, 4);
        low ^= value;
        value = tables[7][low & 0xff] ^ tables[6][low >> 8 & 0xff] ^ tables[5][low >> 16 & 0xff] ^
                tables[4][low >> 24] ^ tables[3][high & 0xff] ^ tables[2][high >> 8 & 0xff] ^
                tables[1][high >> 16 & 0xff] ^ tables[0][high >> 24];
    }
    for (; size > 0; at++, size--)
        value = value >> 8 ^ tables[0][(value ^ *at) & 0xff];
    return value;
}

#ifdef __x86_64__
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t
extend_by_instruction(uint32_t value, const uint8_t *at, size_t size)
{
    uint64_t wide = value;
    for (; size >= 8; at += 8, size -= 8) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        wide = _mm_crc32_u64(wide, word);
    }
    value = (uint32_t)wide;
    for (; size > 0; at++, size--)
        value = _mm_crc32_u8(value, *at);
    return value;
}
#endif

uint32_t checksum_extend(uint32_t checksum, struct slice bytes)
{
    uint32_t value = ~checksum;
#ifdef __x86_64__
    if (__builtin_cpu_supports("sse4.2"))
        return ~extend_by_instruction(value, bytes.bytes, bytes.size);
#endif
    return ~extend_by_tables(value, bytes.bytes, bytes.size);
}
