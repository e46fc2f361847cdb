/*
 * Effects: what a command does to a tablet, as its leader decided it: absolute puts and deletes.
 *
 * They are the payload of the Raft log's commands. Applying them reads nothing, so that they mean
 * the same whatever state they meet: replay from a checkpoint runs over newer state, and replicas
 * may run different versions of the program.
 *
 *     effects   := version u8 (EFFECTS_VERSION) . time u64 (the commit stamp)
 *                  . value count varint . { value sized }
 *                  . operation count varint . { operation }
 *                  . change count varint . { change record sized }
 *     operation := 1 put row . key sized . header sized . value number varint . projection varint
 *                | 2 put     . key sized . value sized
 *                | 3 delete  . key sized
 *
 * Item bytes stand once, in the value table; rows refer to them by number. Projection 0 is the
 * whole item, and the only one yet. Keys are the engine's (node/engine/keyspace.h). There are no
 * change records yet: the count is 0.
 *
 * Ownership: the builder copies; what is decoded borrows from the bytes.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/byte_order.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "node/tablet/row.h"

#include <stdbool.h>
#include <stdint.h>

enum { EFFECTS_VERSION = 1 };

/* Builds effects, all values before all operations when they are finished. */
struct effects {
    uint64_t time;
    struct buffer values;
    struct buffer operations;
    uint64_t value_count;
    uint64_t operation_count;
};

void effects_init(struct effects *effects);
void effects_deinit(struct effects *effects);
void effects_clear(struct effects *effects, uint64_t time);

/* Returns the value's number. */
uint64_t effects_add_value(struct effects *effects, struct slice item);

/* A row with the header of `row` (whose item is not looked at) and the value of that number. */
void effects_put_row(struct effects *effects, struct slice key, const struct row *row,
                     uint64_t value_number);
void effects_put(struct effects *effects, struct slice key, struct slice value);
void effects_delete(struct effects *effects, struct slice key);

/* Appends the whole. */
void effects_encode(const struct effects *effects, struct buffer *bytes);

enum effect_kind {
    EFFECT_PUT_ROW = 1,
    EFFECT_PUT = 2,
    EFFECT_DELETE = 3,
};

/* One operation: the value to store is `header` and `value`, one after the other. */
struct effect {
    enum effect_kind kind;
    struct slice key;
    struct slice header; /* of a row */
    struct slice value;
};

/* Walks encoded effects that effects_open has passed. */
struct effects_cursor {
    struct slice values;
    uint64_t value_count;
    struct byte_reader operations;
    uint64_t left_count;
};

/* STATUS_CORRUPT, or STATUS_UNSUPPORTED for a later version, unless every part is well formed. */
MUST_USE enum status effects_open(struct slice bytes, struct effects_cursor *out_cursor,
                                  uint64_t *out_time);
bool effects_next(struct effects_cursor *cursor, struct effect *out_effect);
