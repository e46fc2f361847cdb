/*
 * Frames by way of protobuf-c's own tree: what frame_codec must agree with.
 */
#pragma once

#include "core/base/arena.h"
#include "proto/frame.h"

/* NULL for what is no frame of our version. It lives in the arena. */
static inline Graticule__Wire__Frame *frame_unpack(struct slice bytes, struct arena *arena)
{
    ProtobufCAllocator allocator = frame_allocator(arena);
    Graticule__Wire__Frame *frame =
        graticule__wire__frame__unpack(&allocator, bytes.size, bytes.bytes);
    return frame != NULL && frame->version == FRAME_VERSION ? frame : NULL;
}
