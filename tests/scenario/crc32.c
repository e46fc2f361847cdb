#include "tests/scenario/crc32.h"

#define POLYNOMIAL UINT32_C(0xEDB88320)

static uint32_t after_byte(uint32_t remainder)
{
    for (int bit = 0; bit < 8; bit++)
        remainder = remainder >> 1 ^ ((remainder & 1) != 0 ? POLYNOMIAL : 0);
    return remainder;
}

uint32_t crc32_of(struct slice bytes)
{
    uint32_t table[256];
    for (uint32_t byte = 0; byte < 256; byte++)
        table[byte] = after_byte(byte);
    uint32_t checksum = UINT32_MAX;
    for (size_t i = 0; i < bytes.size; i++)
        checksum = checksum >> 8 ^ table[(checksum ^ bytes.bytes[i]) & 0xFF];
    return ~checksum;
}
