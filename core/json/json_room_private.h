/*
 * Room in a buffer for what is written often and in small pieces.
 */
#pragma once

#include "core/base/buffer.h"

#include <stddef.h>
#include <stdint.h>

enum { JSON_ROOM_SLACK = 8 };

/*
 * Room for `size` bytes and JSON_ROOM_SLACK more, so that pieces can be copied as whole words. As
 * buffer_reserve, but without a call where there is room, as there nearly always is.
 */
static inline uint8_t *json_room(struct buffer *buffer, size_t size)
{
    if (buffer->capacity - buffer->size < size + JSON_ROOM_SLACK)
        (void)buffer_reserve(buffer, size + JSON_ROOM_SLACK);
    return buffer->bytes + buffer->size;
}

static inline void json_put_byte(struct buffer *buffer, char byte)
{
    *json_room(buffer, 1) = (uint8_t)byte;
    buffer->size += 1;
}
