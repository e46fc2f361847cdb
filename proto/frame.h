/*
 * Frame: messages as bytes, and the hello that opens a conversation.
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

/* A hello that offers what this program speaks. */
void frame_init_hello(Graticule__Wire__Hello *hello, const char *name, bool wants_answer);

/* What of a hello its hearer acts upon. */
struct hello {
    bool is_understood; /* the other side speaks a version that we do */
    bool wants_answer;
};

/* False for bytes that are no hello. */
bool frame_read_hello(struct slice bytes, struct hello *out_hello);
