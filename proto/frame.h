/*
 * Frame: the bytes of an envelope's Frame message, checked before they are believed.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/base/slice.h"

#include "proto/schema/envelope.pb-c.h"

#include <stdbool.h>

enum { FRAME_VERSION = 1 };

/* Lets protobuf-c unpack into an arena. */
ProtobufCAllocator frame_allocator(struct arena *arena);

static inline struct slice frame_slice(ProtobufCBinaryData data)
{
    return slice_of(data.data, data.len);
}

/* For packing only: the message does not own the bytes. */
static inline ProtobufCBinaryData frame_data(struct slice bytes)
{
    return (ProtobufCBinaryData){.len = bytes.size, .data = (uint8_t *)bytes.bytes};
}

/* Appends any message. */
void frame_pack(const ProtobufCMessage *message, struct buffer *buffer);

/*
 * Opens a frame of our own version; NULL for any other bytes, and for those that would take up
 * memory far beyond their size. It lives in the arena.
 */
Graticule__Wire__Frame *frame_unpack(struct slice bytes, struct arena *arena);

/* A hello that offers what this program speaks. */
void frame_init_hello(Graticule__Wire__Hello *hello, const char *name, bool wants_answer);

/* The other side speaks a version that we do. */
bool frame_hello_is_understood(const Graticule__Wire__Hello *hello);
