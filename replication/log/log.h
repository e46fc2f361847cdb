/*
 * Log: one write-ahead log per node, for all its Raft groups.
 *
 * What is appended in one turn of the loop is written and synced together, on a worker, one write
 * under way at a time. A record is numbered by the log sequence number (LSN) that appending it
 * returns; `synced_fn` tells up to which LSN all is durable.
 *
 * Segments are preallocated and recycled (docs/formats/log.md). A record's checksum covers the
 * segment's generation, its offset, its group and the replica's incarnation, so that leftovers of
 * an earlier life never pass. A batch never spans segments, and each record knows where its batch
 * began: a bad record ends the log when it belongs to the last batch (a torn write), and is
 * corruption when a later batch of the same generation is there, as that was begun only after the
 * bad one had been synced. Each segment opens with every group's base, term, vote, configuration
 * and commit hint, and names the end of the segment before it.
 *
 * Ownership: the log owns its groups, and copies what is appended.
 * Threads:   the loop thread.
 * Errors:    a failed write or sync ends the process (env_fatal): what followed could not be
 * trusted.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct env;
struct log;
struct log_faults;
struct log_group;

enum log_durability {
    LOG_DURABILITY_SYNC,    /* synced_fn follows fdatasync */
    LOG_DURABILITY_RELAXED, /* synced_fn follows the write to the page cache; synced once a second
                             */
};

struct log_options {
    const char *path;      /* a directory, made when missing */
    uint64_t segment_size; /* at least twice LIMIT_LOG_ENTRY_SIZE; 0: the default, 16 MB */
    enum log_durability durability;
    void (*synced_fn)(void *context, uint64_t lsn); /* on the loop, never inside a call */
    void *context;
    const struct log_faults *faults; /* NULL, but where the simulator is tested (faults.h) */
};

/* On disk: never renumber. */
enum log_entry_type {
    LOG_ENTRY_COMMAND = 1,
    LOG_ENTRY_BARRIER = 2,
    LOG_ENTRY_CONFIGURATION = 3,
};

struct log_entry {
    uint64_t index;
    uint64_t term;
    enum log_entry_type type;
    struct slice bytes;
};

/* Where a group's log begins: everything up to `index` is in a durable checkpoint of the engine. */
struct log_base {
    uint64_t index; /* 0: nothing yet */
    uint64_t term;
    uint64_t configuration_index;
    struct slice configuration; /* as of `index` */
};

/*
 * Opens, replaying what is there: the groups and their entries above the base are then in memory.
 * Blocks. STATUS_CORRUPT: the log holds damaged records before its end, and must not be used.
 */
MUST_USE enum status log_open(struct env *env, const struct log_options *options,
                              struct log **out_log);

/*
 * Abandons what is not synced yet. Its memory and files go when the works under way are done, which
 * the env must be left to do (env_uv_finish_works) before another log opens there. NULL is fine.
 */
void log_destroy(struct log *log);
DEFINE_CLEANUP(log)

/* Walks the groups from `*position` = 0 on, by id; NULL at the end. */
struct log_group *log_next_group(struct log *log, size_t *position);

/* NULL when there is no such group. */
struct log_group *log_find_group(struct log *log, uint32_t group_id);

/*
 * A new replica of a group, without entries. `incarnation` is above 0, and differs from that of
 * every earlier replica of the group on this node.
 */
struct log_group *log_add_group(struct log *log, uint32_t group_id, uint64_t incarnation);

/* Forgets a replica: durable once the returned LSN is synced. */
uint64_t log_remove_group(struct log *log, struct log_group *group);

uint32_t log_group_id(const struct log_group *group);
uint64_t log_group_incarnation(const struct log_group *group);
uint64_t log_group_term(const struct log_group *group);
uint64_t log_group_vote(const struct log_group *group);
uint64_t log_group_commit_hint(const struct log_group *group);
struct log_base log_group_base(const struct log_group *group);

/* The index of the last entry, or of the base when there is none above it. */
uint64_t log_group_last_index(const struct log_group *group);

/* --- Appending: each returns the LSN to wait for --------------------------------------------- */

uint64_t log_append_vote(struct log *log, struct log_group *group, uint64_t term, uint64_t vote);

/*
 * `entry->index` is at most one above the last index, and above the base; one that is not above the
 * last truncates the log from there on, first. `entry->bytes` at most LIMIT_LOG_ENTRY_SIZE.
 */
uint64_t log_append_entry(struct log *log, struct log_group *group, const struct log_entry *entry);

/* Remembered in memory; written when a segment opens or anything else of the group is written. */
void log_set_commit_hint(struct log_group *group, uint64_t commit_index);

/*
 * The engine's checkpoint holds the group up to base->index, which never falls; entries up to there
 * are dropped, and so are those above when the entry at base->index is of another term than the
 * base: they belong to another history. Segments that no group needs any more are recycled once
 * this is synced.
 */
uint64_t log_set_base(struct log *log, struct log_group *group, const struct log_base *base);

/* --- Reading --------------------------------------------------------------------------------- */

/* The term of an entry above the base, or of the base itself. False for any other index. */
bool log_group_find_term(const struct log_group *group, uint64_t index, uint64_t *out_term);

/* An entry whose bytes are in memory; false when they are not, or there is no such entry. */
bool log_group_find_entry(const struct log_group *group, uint64_t index,
                          struct log_entry *out_entry);

/* The bytes of entries up to `index` are not needed in memory any more. */
void log_group_release(struct log_group *group, uint64_t index);

/*
 * Reads released entries back from disk, on a worker: `count` of them or fewer, STATUS_NOT_FOUND
 * when they have been dropped meanwhile. The entries hold during the call of `fn` only.
 */
typedef void (*log_read_fn)(void *context, enum status status, const struct log_entry *entries,
                            size_t entry_count);
void log_group_read(struct log *log, struct log_group *group, uint64_t first_index, size_t count,
                    log_read_fn fn, void *context);

/* --- Figures --------------------------------------------------------------------------------- */

uint64_t log_synced_lsn(const struct log *log);

/* Bytes written since the oldest segment still needed: what a replay would read. */
uint64_t log_live_bytes(const struct log *log);

/*
 * False while the disk is too full to prepare the next segment, or too much waits to be written:
 * what makes data grow should be refused. Votes, bases and the like have room left then.
 */
bool log_has_room(const struct log *log);

struct log_stats {
    uint64_t sync_count;
    uint64_t record_count;
    uint64_t written_bytes;
    uint64_t sync_us_max; /* since the last log_stats */
};
void log_stats(struct log *log, struct log_stats *out_stats);
