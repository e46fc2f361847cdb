/*
 * What the parts of the log share.
 *
 *   log_append_* -> log_layout: places each record in a batch of a segment, which it numbers ahead
 *                -> log_writer: writes and syncs one batch at a time, on a worker
 *                -> log_keeper: prepares segments ahead and retires old ones, on a worker
 *   log_open     -> log_restore: reads a directory; log_apply: what each record means
 *
 * A segment is laid out in memory before its file is ready; only writing waits for the file.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/list.h"
#include "core/env/env.h"
#include "replication/log/faults.h"
#include "replication/log/log.h"
#include "replication/log/record.h"
#include "replication/log/segment.h"

enum {
    LOG_BATCH_SIZE_MAX = 4 << 20,       /* but for an opening, which is never cut */
    LOG_PENDING_SIZE_MAX = 32 << 20,    /* above it log_has_room says no */
    LOG_FIRST_SEGMENT_SIZE = 256 << 10, /* a new log is ready at once; later ones are larger */
    LOG_SPARE_COUNT_MAX = 4,
    LOG_READ_SIZE_MAX = 4 << 20,
    LOG_READ_COUNT_MAX = 4096,
};

/* --- Segments -------------------------------------------------------------------------------- */

struct log_segment {
    struct list link; /* in log->segments */
    struct segment_header header;
    struct record_life life;
    struct env_file *file; /* NULL until it is ready */

    /* Offsets of its last record's end: of those laid out, written, and synced. */
    uint64_t end;
    uint64_t written_end;
    uint64_t synced_end;

    uint64_t live_count;   /* entries of groups that stand in it */
    uint64_t free_lsn;     /* of the last record that made one of them needless */
    uint32_t reader_count; /* of log_read */
};

/* --- Groups ---------------------------------------------------------------------------------- */

/* Where an entry's record stands. */
struct log_place {
    uint64_t lsn;
    struct log_segment *segment;
    uint64_t offset;
};

struct log_item {
    uint64_t term;
    struct log_segment *segment;
    uint8_t *bytes; /* NULL: released */
    uint32_t offset;
    uint32_t size;
    enum log_entry_type type;
};

/* The items are those of the indexes from `first_index` on; above the base, once log_open is done.
 */
struct log_group {
    uint32_t id;
    uint64_t incarnation;
    struct record_vote vote;
    uint64_t commit_hint;
    struct log_base base; /* owns its configuration */
    uint64_t first_index;
    struct log_item *items; /* a ring */
    size_t item_start;
    size_t item_count;
    size_t item_capacity; /* a power of two */
};

struct log_group *log_group_create(uint32_t id, uint64_t incarnation);

/* Its entries are not needed once `lsn` is synced. */
void log_group_destroy(struct log_group *group, uint64_t lsn);

/* NULL when the entry is not there. */
struct log_item *log_group_item(const struct log_group *group, uint64_t index);

/* Drops the entries from its index on, and appends it; it follows the last one then. */
void log_group_put(struct log_group *group, const struct log_entry *entry,
                   const struct log_place *place);

/* The last index that setting the base leaves. */
uint64_t log_group_last_after(const struct log_group *group, const struct log_base *base);

void log_group_set_base(struct log_group *group, const struct record_base *base, uint64_t lsn);

/* What the group is, for an opening; borrows the configuration. */
struct record log_group_record(const struct log_group *group);

/* --- The log --------------------------------------------------------------------------------- */

/* Records that are written with one write. */
struct log_batch {
    struct list link; /* in log->batches */
    struct log_segment *segment;
    uint64_t start;
    uint64_t end;        /* of its last record */
    uint64_t synced_end; /* what its records say of the bytes before them */
    struct buffer bytes;
    uint64_t last_lsn;
};

/* One write, one sync, or both, under way on a worker. */
struct log_writer {
    struct env_task task;
    struct env_work work;
    struct env_timer sync_timer; /* relaxed: when the next sync is due */
    bool is_busy;
    bool is_sync_due;
    struct log_batch *batch;         /* NULL: only a sync */
    struct log_segment *written;     /* the segment that the last write went to */
    struct log_segment *sync_before; /* the batch needs it synced first; may be NULL */
    bool syncs;
    enum status status;
    uint64_t started_us;
};

enum log_keeping { LOG_KEEPING_NOTHING, LOG_KEEPING_PREPARES, LOG_KEEPING_RETIRES };

/* One segment prepared, or retired, on a worker. */
struct log_keeper {
    struct env_work work;
    struct env_timer retry_timer;
    enum log_keeping keeping;
    struct log_segment *segment;
    uint64_t spare;        /* the spare that it is made of; 0: none */
    bool removes;          /* the retired segment is not kept as a spare */
    struct env_file *file; /* what was prepared */
    enum status status;
    bool is_disk_full;
    uint64_t spares[LOG_SPARE_COUNT_MAX]; /* generations of the spares */
    size_t spare_count;
};

struct log {
    struct env *env;
    char *path;
    uint64_t segment_size;
    enum log_durability durability;
    struct log_faults faults;
    void (*synced_fn)(void *context, uint64_t lsn);
    void *context;

    struct log_group **groups; /* by id */
    size_t group_count;
    size_t group_capacity;

    struct list segments;     /* the oldest first; behind the tail, those to be filled next */
    struct log_segment *tail; /* being filled; NULL only while the log opens */
    uint64_t next_generation;

    struct list batches; /* not under way yet */
    uint64_t pending_bytes;
    uint64_t appended_lsn;
    uint64_t acknowledged_lsn; /* as synced_fn was told */
    uint64_t written_lsn;
    uint64_t durable_lsn; /* the same, unless durability is relaxed */

    struct log_writer writer;
    struct log_keeper keeper;
    struct list reads;
    size_t work_count; /* under way */
    bool is_closed;    /* freed when the last work is done */
    struct log_stats stats;
};

/* --- log.c and log_open.c -------------------------------------------------------------------- */

/* Puts the group among the others, or takes it out. */
void log_insert_group(struct log *log, struct log_group *group);
void log_take_group(struct log *log, const struct log_group *group);

/* Every work is started and ended by these. The second one is false when the log is gone. */
void log_work_start(struct log *log, struct env_work *work, env_fn work_fn, env_fn done_fn,
                    void *context);
bool log_work_end(struct log *log);

/* --- log_layout.c ---------------------------------------------------------------------------- */

/* Appends a segment to those to be filled. With the same env, its file is ready later. */
struct log_segment *log_plan_segment(struct log *log, uint64_t size);
struct log_segment *log_segment_create(struct log *log, const struct segment_header *header);
void log_segment_destroy(struct log_segment *segment);

/* NULL after the last; the first one after NULL. */
struct log_segment *log_segment_after(const struct log *log, const struct log_segment *segment);

/* What an opening takes now. */
uint64_t log_opening_size(const struct log *log);

/* Lets the next segment be filled: lays out its opening. */
void log_switch_segment(struct log *log);

/* Places, numbers and encodes a record; `type`, replica, hint and body are given. */
struct log_place log_place_record(struct log *log, struct record *record);

/* Pads the batch to a whole page, so that no page need be read to be written. */
void log_batch_close(struct log_batch *batch);
void log_batch_destroy(struct log_batch *batch);

/* --- log_writer.c ---------------------------------------------------------------------------- */

void log_writer_init(struct log *log);

/* Writes and syncs the opening that log_open laid out. Blocks. */
MUST_USE enum status log_write_first(struct log *log);
void log_writer_stop(struct log *log);

/* Something may be ready to be written. */
void log_writer_wake(struct log *log);

/* --- log_keeper.c ---------------------------------------------------------------------------- */

void log_keeper_stop(struct log *log);

/* Something may be there to be prepared or retired. */
void log_keeper_wake(struct log *log);

/* The size of the segment that follows the tail. */
uint64_t log_next_size(const struct log *log);

/* False when there are enough spares already: the file is to be removed. */
bool log_keep_spare(struct log *log, uint64_t generation);

/* --- log_read.c ------------------------------------------------------------------------------ */

/* For a log whose env is over. */
void log_reads_forget(struct log *log);

/* --- log_apply.c ----------------------------------------------------------------------------- */

/*
 * Does to the groups what a record of a replayed segment says. STATUS_CORRUPT when it cannot have
 * been written in the state that the records before it led to.
 */
MUST_USE enum status log_apply(struct log *log, const struct record *record,
                               const struct log_place *place);

/* STATUS_CORRUPT unless every group has all its entries above its base. */
MUST_USE enum status log_check_groups(const struct log *log);

/* --- log_restore.c --------------------------------------------------------------------------- */

/* Fills an empty log from its directory. Blocks. */
MUST_USE enum status log_restore(struct log *log);
