/*
 * Tree codec: trees as bytes, for the way from the router to the node that evaluates them.
 *
 * docs/formats/tree.md has the layout:
 *
 *     tree       := version u8 (TREE_VERSION) . kind u8 (enum tree_kind) . its body
 *     condition  := kind u8 . count varint . { condition }      AND, OR, NOT
 *                 | kind u8 . count varint . { operand }        all others
 *     operand    := kind u8 . path | value | { operand }        by its kind
 *     update     := count varint . { kind u8 . path . operand }   no operand for REMOVE
 *     projection := count varint . { path }
 *     path       := count varint . name sized . { 0 u8 . name sized | 1 u8 . index varint }
 *     value      := sized; within, `type u8 . payload`, as in an item
 *
 * Decoding trusts nothing: a tree that it gives has the shape that tree.h describes, and may be
 * evaluated, whoever wrote the bytes. It has one form in bytes only.
 *
 * Ownership: a decoded tree lies in the arena, and borrows names and values from the bytes.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/base/status.h"
#include "core/expression/tree.h"

enum { TREE_VERSION = 1 };

/* On the wire: never renumber. */
enum tree_kind {
    TREE_CONDITION = 1,
    TREE_UPDATE = 2,
    TREE_PROJECTION = 3,
};

/* On the wire: never renumber. What a further step of a path is. */
enum tree_step {
    TREE_STEP_NAME = 0,
    TREE_STEP_INDEX = 1,
};

/* Appends to the buffer. */
void tree_encode_condition(const struct condition *condition, struct buffer *buffer);
void tree_encode_update(const struct update *update, struct buffer *buffer);
void tree_encode_projection(const struct projection *projection, struct buffer *buffer);

/* STATUS_UNSUPPORTED for a later version, STATUS_CORRUPT for anything else that is not the tree. */
MUST_USE enum status tree_decode_condition(struct slice bytes, struct arena *arena,
                                           struct condition *out_condition);
MUST_USE enum status tree_decode_update(struct slice bytes, struct arena *arena,
                                        struct update *out_update);
MUST_USE enum status tree_decode_projection(struct slice bytes, struct arena *arena,
                                            struct projection *out_projection);
