#include "core/base/buffer.h"

#include "core/base/byte_order.h"
#include "core/base/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { CAPACITY_MIN = 64 };

void buffer_init(struct buffer *buffer)
{
    *buffer = (struct buffer){0};
}

void buffer_deinit(struct buffer *buffer)
{
    memory_free(buffer->bytes);
    *buffer = (struct buffer){0};
}

void buffer_clear(struct buffer *buffer)
{
    buffer->size = 0;
}

void buffer_grow(struct buffer *buffer, size_t size)
{
    CHECK(size <= BUFFER_SIZE_MAX);
    CHECK(buffer->size + size <= BUFFER_SIZE_MAX);
    size_t capacity = buffer->capacity < CAPACITY_MIN ? CAPACITY_MIN : buffer->capacity * 2;
    if (capacity < buffer->size + size)
        capacity = buffer->size + size;
    buffer->bytes = memory_resize(buffer->bytes, capacity);
    buffer->capacity = capacity;
}

void buffer_append_format(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    CHECK(size >= 0);

    char *text = (char *)buffer_reserve(buffer, (size_t)size + 1);
    va_start(arguments, format);
    vsnprintf(text, (size_t)size + 1, format, arguments);
    va_end(arguments);
    buffer->size += (size_t)size;
}

void buffer_append_u16(struct buffer *buffer, uint16_t value)
{
    byte_order_put_u16(buffer_reserve(buffer, 2), value);
    buffer->size += 2;
}

void buffer_append_u32(struct buffer *buffer, uint32_t value)
{
    byte_order_put_u32(buffer_reserve(buffer, 4), value);
    buffer->size += 4;
}

void buffer_append_u64(struct buffer *buffer, uint64_t value)
{
    byte_order_put_u64(buffer_reserve(buffer, 8), value);
    buffer->size += 8;
}

void buffer_append_varint(struct buffer *buffer, uint64_t value)
{
    uint8_t *at = buffer_reserve(buffer, VARINT_SIZE_MAX);
    size_t size = 0;
    while (value >= 0x80) {
        at[size++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    at[size++] = (uint8_t)value;
    buffer->size += size;
}

void buffer_append_sized(struct buffer *buffer, struct slice bytes)
{
    buffer_append_varint(buffer, bytes.size);
    buffer_append(buffer, bytes);
}
