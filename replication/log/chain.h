/*
 * Chain: which of the segments in a directory make up the log.
 *
 * Each opening names the segment before it. The last segment of the log is the newest that was
 * opened wholly; those after it were prepared ahead, or a crash met their opening. From the last,
 * the names lead back to one whose predecessor has been recycled; recycling begins with the oldest,
 * so that nothing older than a missing segment may be there. What lies between two neighbours is
 * left over from an opening that a crash met, too.
 *
 * Everything here is pure.
 */
#pragma once

#include "core/base/status.h"
#include "replication/log/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chain_segment {
    uint64_t generation;
    bool has_opening; /* its first record is there */
    struct record_opening opening;
    uint64_t end; /* of its last record: given for the last of the log, found for the others */
    bool belongs; /* to the log: found */
};

/*
 * Finds what belongs to the log among segments in ascending order, of which the one at `last` is
 * the newest opened wholly. STATUS_CORRUPT when a segment is missing, or ends too early.
 */
MUST_USE enum status chain_find(struct chain_segment *segments, size_t count, size_t last);

/* The same when none was opened wholly: then the log must have no records. */
MUST_USE enum status chain_find_none(const struct chain_segment *segments, size_t count);
