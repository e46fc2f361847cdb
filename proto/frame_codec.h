/*
 * Frame codec: the protobuf message Frame, written and read field by field.
 *
 * protobuf-c would do the same by way of a tree of messages; with a frame for a few requests that
 * costs as much as all else that RPC does (docs/decisions/0008). The bytes are the same.
 *
 * Requests and responses look alike on the wire: a part is either.
 *
 * Ownership: what is read borrows the frame's bytes.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/byte_order.h"
#include "core/base/slice.h"
#include "proto/frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame_part {
    uint64_t id;
    uint32_t code;   /* a request's method, a response's outcome */
    uint32_t detail; /* a request's milliseconds left, a response's reason */
    struct slice body;
};

enum frame_part_kind { FRAME_REQUEST = 4, FRAME_RESPONSE = 5 }; /* their fields' numbers */

/* --- Writing: begin, then the rest in any order ---------------------------------------------- */

void frame_begin(struct buffer *frame, uint64_t session);
void frame_add_hello(struct buffer *frame, const Graticule__Wire__Hello *hello);
void frame_add_part(struct buffer *frame, enum frame_part_kind kind, const struct frame_part *part);

/* --- Reading --------------------------------------------------------------------------------- */

struct frame {
    uint64_t session;
    bool has_hello;
    struct slice hello; /* packed */
    size_t request_count;
    size_t response_count;
    struct slice fields; /* checked */
};

/*
 * False for all but a whole, well-formed frame of our own version, within the bounds of limits.h
 * and rpc.h. A hello is not looked into.
 */
bool frame_open(struct slice bytes, struct frame *out_frame);

/* Walks the parts of one kind, in order. */
struct frame_cursor {
    struct byte_reader reader;
    enum frame_part_kind kind;
};

struct frame_cursor frame_cursor(const struct frame *frame, enum frame_part_kind kind);

/* False at the end. */
bool frame_cursor_next(struct frame_cursor *cursor, struct frame_part *out_part);
