#include "core/base/hash.h"

#include <string.h>

static uint64_t mix(uint64_t value)
{
    value ^= value >> 32;
    value *= 0xd6e8feb86659fd93u;
    value ^= value >> 32;
    value *= 0xd6e8feb86659fd93u;
    return value ^ value >> 32;
}

uint64_t hash_bytes(uint64_t seed, struct slice bytes)
{
    uint64_t hash = mix(seed ^ bytes.size);
    size_t at = 0;
    for (; at + 8 <= bytes.size; at += 8) {
        uint64_t word;
        memcpy(&word, bytes.bytes + at, sizeof word);
        hash = mix(hash ^ word) + seed;
    }
    uint64_t last = 0;
    if (at < bytes.size)
        memcpy(&last, bytes.bytes + at, bytes.size - at);
    return mix(hash ^ last);
}
