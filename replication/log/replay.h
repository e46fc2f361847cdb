/*
 * Replay: the records of one segment, one by one, and what its end means.
 *
 * A record that cannot be read is where the log ends, if nothing proves that it had been synced: a
 * write was cut off. It is corruption
 *   - when the next segment says that this one goes on;
 *   - when any later record of the same life says that everything up to beyond this place had been
 *     synced before it was written.
 * Nothing can prove more about the last write: damage in it looks like a write cut off.
 *
 * Everything here is pure; the bytes are borrowed.
 */
#pragma once

#include "core/base/slice.h"
#include "core/base/status.h"
#include "replication/log/record.h"

#include <stdbool.h>
#include <stdint.h>

struct replay {
    struct slice segment; /* from its header on */
    struct record_life life;
    uint64_t named_end;      /* by the next segment; 0: there is none */
    bool passes_bad_records; /* a planted fault: see log_private.h */

    uint64_t end;        /* of the last record that was read */
    uint64_t synced_end; /* a record says that all before this offset was synced */
    bool has_opening;
    uint64_t groups_missing; /* that belong to the opening */
};

struct replay replay_of(struct slice segment, struct record_life life, uint64_t named_end);

/*
 * Reads the next record, which stands at `*out_offset`. STATUS_NOT_FOUND at the end of the log;
 * STATUS_CORRUPT, STATUS_UNSUPPORTED: it must not be used. All three are final.
 */
MUST_USE enum status replay_next(struct replay *replay, struct record *out_record,
                                 uint64_t *out_offset);

/* The opening was read, with all its groups: the segment belongs to the log. */
static inline bool replay_is_open(const struct replay *replay)
{
    return replay->has_opening && replay->groups_missing == 0;
}
