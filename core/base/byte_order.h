/*
 * Integers as bytes, big-endian, and a reader of bytes that never runs over their end.
 */
#pragma once

#include "core/base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum { VARINT_SIZE_MAX = 10 };

static inline void byte_order_put_u16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static inline void byte_order_put_u32(uint8_t *at, uint32_t value)
{
    value = __builtin_bswap32(value);
    memcpy(at, &value, sizeof value);
}

static inline void byte_order_put_u64(uint8_t *at, uint64_t value)
{
    value = __builtin_bswap64(value);
    memcpy(at, &value, sizeof value);
}

static inline uint16_t byte_order_get_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t byte_order_get_u32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return __builtin_bswap32(value);
}

static inline uint64_t byte_order_get_u64(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return __builtin_bswap64(value);
}

/*
 * Reads bytes front to back. What does not fit yields zero or nothing and sets `has_failed`, which
 * stays: read a whole structure, then ask once.
 */
struct byte_reader {
    struct slice rest;
    bool has_failed;
};

static inline struct byte_reader byte_reader_of(struct slice bytes)
{
    return (struct byte_reader){.rest = bytes};
}

static inline struct slice byte_reader_bytes(struct byte_reader *reader, uint64_t size)
{
    if (reader->has_failed || size > reader->rest.size) {
        reader->has_failed = true;
        return (struct slice){0};
    }
    struct slice bytes = slice_of(reader->rest.bytes, (size_t)size);
    reader->rest = slice_skip(reader->rest, (size_t)size);
    return bytes;
}

static inline uint8_t byte_reader_u8(struct byte_reader *reader)
{
    struct slice bytes = byte_reader_bytes(reader, 1);
    return bytes.size == 1 ? bytes.bytes[0] : 0;
}

static inline uint16_t byte_reader_u16(struct byte_reader *reader)
{
    struct slice bytes = byte_reader_bytes(reader, 2);
    return bytes.size == 2 ? byte_order_get_u16(bytes.bytes) : 0;
}

static inline uint32_t byte_reader_u32(struct byte_reader *reader)
{
    struct slice bytes = byte_reader_bytes(reader, 4);
    return bytes.size == 4 ? byte_order_get_u32(bytes.bytes) : 0;
}

static inline uint64_t byte_reader_u64(struct byte_reader *reader)
{
    struct slice bytes = byte_reader_bytes(reader, 8);
    return bytes.size == 8 ? byte_order_get_u64(bytes.bytes) : 0;
}

/* Refuses what does not fit 64 bits and what could have been written shorter. */
static inline uint64_t byte_reader_varint(struct byte_reader *reader)
{
    /* Most are sizes and counts of one byte. */
    if (!reader->has_failed && reader->rest.size > 0 && reader->rest.bytes[0] < 0x80) {
        uint8_t byte = reader->rest.bytes[0];
        reader->rest = slice_skip(reader->rest, 1);
        return byte;
    }
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = byte_reader_u8(reader);
        bool overflows = shift == 63 && byte > 1;
        bool is_padded = shift > 0 && byte == 0;
        if (reader->has_failed || overflows || is_padded)
            break;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
    reader->has_failed = true;
    return 0;
}

/* What buffer_append_sized wrote. */
static inline struct slice byte_reader_sized(struct byte_reader *reader)
{
    return byte_reader_bytes(reader, byte_reader_varint(reader));
}

/* Everything was there, and nothing is left over. */
static inline bool byte_reader_is_done(const struct byte_reader *reader)
{
    return !reader->has_failed && reader->rest.size == 0;
}
