/*
 * Record: one entry of the write-ahead log as bytes (docs/formats/log.md).
 *
 * A record belongs to one place in one life of one segment, and its checksum covers that place:
 * moved elsewhere, or left over from an earlier life of the segment, its bytes do not decode.
 *
 * Everything here is pure.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/limits.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "replication/log/log.h"

#include <stdint.h>

enum {
    RECORD_HEADER_SIZE = 40,
    RECORD_ALIGNMENT = 8,
    RECORD_BODY_SIZE_MAX = LIMIT_LOG_ENTRY_SIZE + 64,
    RECORD_SIZE_MAX = RECORD_HEADER_SIZE + RECORD_BODY_SIZE_MAX,
};

/* On disk: never renumber. */
enum record_type {
    RECORD_OPENING = 1, /* the first of a segment */
    RECORD_GROUP = 2,  /* what a group is when the segment opens: one for each, after the opening */
    RECORD_ADD = 3,    /* a new replica of a group */
    RECORD_REMOVE = 4, /* its end */
    RECORD_VOTE = 5,
    RECORD_ENTRY = 6, /* drops those at its index and above, first */
    RECORD_BASE = 7,
};

/* One life of a segment file: it is different each time the file is used. */
struct record_life {
    uint32_t tag;  /* stands in each record, to tell quickly what cannot be one */
    uint32_t seed; /* what each checksum begins with */
};

struct record_life record_life_of(uint64_t generation, uint64_t salt);

struct record_opening {
    uint64_t previous_generation; /* of the segment before; 0: there is none */
    uint64_t previous_end;        /* where its last record ends */
    uint64_t group_count;
};

struct record_vote {
    uint64_t term;
    uint64_t vote;
};

struct record_base {
    struct log_base base;
    uint64_t last_index; /* the group's, after this record */
};

struct record_group {
    struct record_vote vote;
    struct record_base base;
};

struct record {
    enum record_type type;
    uint16_t gap;         /* bytes between the end of the record before and this one */
    uint32_t synced_end;  /* all before it in the segment was synced before this was written */
    uint32_t group_id;    /* this one and the next are 0 in an opening */
    uint64_t incarnation; /* of the replica, above 0 */
    uint64_t commit_hint;
    union {
        struct record_opening opening;
        struct record_group group;
        struct record_vote vote;
        struct record_base base;
        struct log_entry entry;
    };
};

/* How many bytes it takes, a multiple of RECORD_ALIGNMENT. */
size_t record_size(const struct record *record);

/* Appends the record for the given offset of its segment. */
void record_encode(struct buffer *buffer, struct record_life life, uint64_t offset,
                   const struct record *record);

/*
 * Reads the record at the start of `bytes`, which it then borrows from. STATUS_CORRUPT when none of
 * this life stands at that offset; STATUS_UNSUPPORTED when one does, but is of no known form.
 */
MUST_USE enum status record_decode(struct slice bytes, struct record_life life, uint64_t offset,
                                   struct record *out_record);
