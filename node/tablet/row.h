/*
 * Row: an item as it rests, behind a header that is not the user's.
 *
 *     row := version u8 (ROW_VERSION) . flags u8 . time u64 . region u16 . extension sized . item
 *
 * `time` and `region` are the stamp of the write that made it; region is also its origin. The
 * extension is for what later versions add, such as the transaction that prepared the row.
 *
 * Ownership: a decoded row borrows from its bytes.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "replication/global/hybrid_clock.h"

#include <stdint.h>

enum { ROW_VERSION = 1 };

/* On disk: never renumber. */
enum row_flags {
    ROW_IS_TOMBSTONE = 1,
    ROW_IS_PREPARED = 2,
};

struct row {
    uint8_t flags;
    struct stamp stamp;
    struct slice extension;
    struct slice item;
};

/* Of all but the item. */
size_t row_header_size(const struct row *row);

/* Appends as much. */
void row_encode_header(const struct row *row, struct buffer *bytes);

/* STATUS_CORRUPT, or STATUS_UNSUPPORTED for a later version. Does not look into the item. */
MUST_USE enum status row_decode(struct slice bytes, struct row *out_row);
