/*
 * Buffer: owned bytes that grow at the end.
 *
 * Whoever fills one from outside input bounds that input first; past BUFFER_SIZE_MAX the process
 * stops, as somebody forgot to.
 *
 * A slice of a buffer holds until the buffer changes.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"

#include <stdint.h>

#define BUFFER_SIZE_MAX ((size_t)1 << 30)

struct buffer {
    uint8_t *bytes;
    size_t size;
    size_t capacity;
};

void buffer_init(struct buffer *buffer);
void buffer_deinit(struct buffer *buffer);

/* Forgets the content, keeps the memory. */
void buffer_clear(struct buffer *buffer);

/* Gives it more memory, for `size` more bytes: what buffer_reserve does when there is too little.
 */
void buffer_grow(struct buffer *buffer, size_t size);

/* Makes room for `size` more bytes and returns where they go; the size is not changed. */
static inline uint8_t *buffer_reserve(struct buffer *buffer, size_t size)
{
    if (size > buffer->capacity - buffer->size || buffer->bytes == NULL)
        buffer_grow(buffer, size);
    return buffer->bytes + buffer->size;
}

static inline void buffer_append(struct buffer *buffer, struct slice bytes)
{
    if (bytes.size == 0)
        return;
    memcpy(buffer_reserve(buffer, bytes.size), bytes.bytes, bytes.size);
    buffer->size += bytes.size;
}

static inline void buffer_append_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, slice_of_text(text));
}

void buffer_append_format(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Fixed-size integers go out big-endian, so that they sort as bytes. */
static inline void buffer_append_u8(struct buffer *buffer, uint8_t value)
{
    *buffer_reserve(buffer, 1) = value;
    buffer->size += 1;
}

void buffer_append_u16(struct buffer *buffer, uint16_t value);
void buffer_append_u32(struct buffer *buffer, uint32_t value);
void buffer_append_u64(struct buffer *buffer, uint64_t value);

/* 7 bits a byte, the least significant first, the top bit set on all but the last. */
void buffer_append_varint(struct buffer *buffer, uint64_t value);

/* A varint of the size, and then the bytes. */
void buffer_append_sized(struct buffer *buffer, struct slice bytes);

static inline struct slice buffer_slice(const struct buffer *buffer)
{
    return slice_of(buffer->bytes, buffer->size);
}
