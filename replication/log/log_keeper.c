#include "core/base/check.h"
#include "replication/log/log_private.h"

enum { GROWTH = 4, RETRY_DELAY_US = 1000 * 1000 };

uint64_t log_next_size(const struct log *log)
{
    uint64_t size = log->tail->header.size * GROWTH;
    bool is_small = log->keeper.spare_count == 0 && size < log->segment_size;
    return is_small ? size : log->segment_size;
}

bool log_keep_spare(struct log *log, uint64_t generation)
{
    struct log_keeper *keeper = &log->keeper;
    if (keeper->spare_count == LOG_SPARE_COUNT_MAX)
        return false;
    keeper->spares[keeper->spare_count++] = generation;
    return true;
}

/* --- On a worker --- */

static enum status retire(struct log *log)
{
    struct log_keeper *keeper = &log->keeper;
    uint64_t generation = keeper->segment->header.generation;
    env_file_close(GIVE(keeper->segment->file));
    TRY(segment_retire(log->env, log->path, generation));
    if (keeper->removes)
        TRY(segment_remove(log->env, log->path, generation, SEGMENT_SPARE));
    return STATUS_OK;
}

static void on_retire_work(void *context)
{
    struct log *log = context;
    log->keeper.status = retire(log);
}

static void on_prepare_work(void *context)
{
    struct log *log = context;
    struct log_keeper *keeper = &log->keeper;
    keeper->status = segment_prepare(log->env, log->path, &keeper->segment->header, keeper->spare,
                                     &keeper->file);
}

/* --- On the loop --- */

static void on_retry(void *context)
{
    log_keeper_wake(context);
}

static void note_retired(struct log *log)
{
    struct log_keeper *keeper = &log->keeper;
    if (!keeper->removes)
        CHECK(log_keep_spare(log, keeper->segment->header.generation));
    log_segment_destroy(GIVE(keeper->segment));
}

static void note_prepared(struct log *log)
{
    struct log_keeper *keeper = &log->keeper;
    keeper->is_disk_full = keeper->status == STATUS_DISK_FULL;
    if (keeper->is_disk_full)
        env_timer_start(log->env, &keeper->retry_timer, RETRY_DELAY_US, on_retry, log);
    else
        keeper->segment->file = GIVE(keeper->file);
    keeper->segment = NULL;
    log_writer_wake(log);
}

static void on_done(void *context)
{
    struct log *log = context;
    struct log_keeper *keeper = &log->keeper;
    if (!log_work_end(log))
        return;
    bool is_full = keeper->keeping == LOG_KEEPING_PREPARES && keeper->status == STATUS_DISK_FULL;
    if (keeper->status != STATUS_OK && !is_full) {
        env_fatal(log->env, "a segment of the log could not be prepared or retired");
        return;
    }
    if (keeper->keeping == LOG_KEEPING_PREPARES)
        note_prepared(log);
    else
        note_retired(log);
    keeper->keeping = LOG_KEEPING_NOTHING;
    log_keeper_wake(log);
}

static void start_to_retire(struct log *log, struct log_segment *segment)
{
    struct log_keeper *keeper = &log->keeper;
    list_remove(&segment->link);
    keeper->keeping = LOG_KEEPING_RETIRES;
    keeper->segment = segment;
    keeper->removes =
        segment->header.size != log->segment_size || keeper->spare_count == LOG_SPARE_COUNT_MAX;
    log_work_start(log, &keeper->work, on_retire_work, on_done, log);
}

/* Nothing was written of the header yet, so a spare may make the segment larger than planned. */
static void start_to_prepare(struct log *log, struct log_segment *segment)
{
    struct log_keeper *keeper = &log->keeper;
    keeper->keeping = LOG_KEEPING_PREPARES;
    keeper->segment = segment;
    keeper->spare = 0;
    if (keeper->spare_count > 0) {
        keeper->spare = keeper->spares[--keeper->spare_count];
        segment->header.size = log->segment_size;
    }
    log_work_start(log, &keeper->work, on_prepare_work, on_done, log);
}

/*
 * The oldest segment, once the next one can stand for it: no entry in it is needed, for good, and
 * the next one's opening is durable.
 */
static struct log_segment *find_needless(const struct log *log)
{
    struct log_segment *oldest = LIST_ELEMENT(log->segments.next, struct log_segment, link);
    if (oldest == log->tail)
        return NULL;
    bool is_needed = oldest->live_count > 0 || oldest->free_lsn > log->durable_lsn ||
                     oldest->reader_count > 0 ||
                     log_segment_after(log, oldest)->synced_end == SEGMENT_HEADER_SIZE;
    return is_needed ? NULL : oldest;
}

static struct log_segment *find_unprepared(const struct log *log)
{
    bool must_wait = log->keeper.is_disk_full && log->keeper.spare_count == 0 &&
                     timer_is_waiting(&log->keeper.retry_timer.timer);
    if (must_wait)
        return NULL;
    LIST_FOR_EACH (link, &log->segments) {
        struct log_segment *segment = LIST_ELEMENT(link, struct log_segment, link);
        if (segment->file == NULL)
            return segment;
    }
    return NULL;
}

/* The next one is made ready as soon as a quarter of this one is used, so that nobody waits. */
static void plan_ahead(struct log *log)
{
    bool is_due = log->tail->end > log->tail->header.size / 4;
    if (is_due && log_segment_after(log, log->tail) == NULL)
        log_plan_segment(log, log_next_size(log));
}

void log_keeper_wake(struct log *log)
{
    plan_ahead(log);
    if (log->keeper.keeping != LOG_KEEPING_NOTHING)
        return;
    struct log_segment *needless = find_needless(log);
    struct log_segment *unprepared = find_unprepared(log);
    if (needless != NULL)
        start_to_retire(log, needless);
    else if (unprepared != NULL)
        start_to_prepare(log, unprepared);
}

void log_keeper_stop(struct log *log)
{
    env_timer_stop(log->env, &log->keeper.retry_timer);
}
