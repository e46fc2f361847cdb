#include "core/base/check.h"
#include "replication/log/log_private.h"

enum { RELAXED_SYNC_DELAY_US = 1000 * 1000 };

/* --- On a worker --- */

static enum status write_and_sync(const struct log_writer *writer)
{
    if (writer->sync_before != NULL)
        TRY(env_file_sync(writer->sync_before->file));
    if (writer->batch != NULL)
        TRY(env_file_write(writer->written->file, writer->batch->start,
                           buffer_slice(&writer->batch->bytes)));
    return writer->syncs ? env_file_sync(writer->written->file) : STATUS_OK;
}

static void on_work(void *context)
{
    struct log *log = context;
    log->writer.status = write_and_sync(&log->writer);
}

/* --- On the loop --- */

static void acknowledge(struct log *log, uint64_t lsn)
{
    if (lsn <= log->acknowledged_lsn)
        return;
    log->acknowledged_lsn = lsn;
    log->synced_fn(log->context, lsn);
}

static void on_sync_due(void *context)
{
    struct log *log = context;
    log->writer.is_sync_due = true;
    log_writer_wake(log);
}

static void note_synced(struct log *log, struct log_segment *segment)
{
    segment->synced_end = segment->written_end;
    log->durable_lsn = log->written_lsn;
    log->stats.sync_count++;
}

static void note_batch(struct log *log, const struct log_batch *batch)
{
    log->writer.written->written_end = batch->end;
    log->written_lsn = batch->last_lsn;
    log->pending_bytes -= batch->end - batch->start;
    log->stats.written_bytes += batch->bytes.size;
}

/* In the order in which the worker did it. */
static void note_work(struct log *log)
{
    struct log_writer *writer = &log->writer;
    uint64_t took_us = env_boot_us(log->env) - writer->started_us;
    if (log->stats.sync_us_max < took_us)
        log->stats.sync_us_max = took_us;
    if (writer->sync_before != NULL)
        note_synced(log, writer->sync_before);
    if (writer->batch != NULL)
        note_batch(log, writer->batch);
    if (writer->syncs)
        note_synced(log, writer->written);
    else if (!timer_is_waiting(&writer->sync_timer.timer))
        env_timer_start(log->env, &writer->sync_timer, RELAXED_SYNC_DELAY_US, on_sync_due, log);
    log_batch_destroy(GIVE(writer->batch));
}

static void on_done(void *context)
{
    struct log *log = context;
    if (!log_work_end(log))
        return;
    log->writer.is_busy = false;
    if (log->writer.status != STATUS_OK) {
        env_fatal(log->env, "the log could not be written");
        return;
    }
    note_work(log);
    log_keeper_wake(log);
    log_writer_wake(log);
    acknowledge(log, log->written_lsn);
}

static void start(struct log *log, struct log_batch *batch)
{
    struct log_writer *writer = &log->writer;
    struct log_segment *before = writer->written;
    writer->is_busy = true;
    writer->batch = batch;
    writer->sync_before = NULL;
    if (batch != NULL && batch->segment != before) {
        writer->sync_before = before->written_end > before->synced_end ? before : NULL;
        writer->written = batch->segment;
    }
    writer->syncs = log->durability == LOG_DURABILITY_SYNC || writer->is_sync_due;
    writer->is_sync_due = false;
    writer->started_us = env_boot_us(log->env);
    log_work_start(log, &writer->work, on_work, on_done, log);
}

static struct log_batch *take_ready_batch(struct log *log)
{
    if (list_is_empty(&log->batches))
        return NULL;
    struct log_batch *batch = LIST_ELEMENT(log->batches.next, struct log_batch, link);
    if (batch->segment->file == NULL)
        return NULL;
    list_remove(&batch->link);
    log_batch_close(batch);
    return batch;
}

static void store(void *context)
{
    struct log *log = context;
    if (log->writer.is_busy)
        return;
    struct log_batch *batch = take_ready_batch(log);
    if (batch == NULL && !log->writer.is_sync_due)
        return;
    start(log, batch);
    if (batch != NULL && log->faults.acknowledges_before_sync)
        acknowledge(log, batch->last_lsn);
}

void log_writer_init(struct log *log)
{
    env_task_init(&log->writer.task, store, log);
}

enum status log_write_first(struct log *log)
{
    struct log_writer *writer = &log->writer;
    writer->batch = take_ready_batch(log);
    writer->written = log->tail;
    writer->syncs = true;
    TRY(write_and_sync(writer));
    note_batch(log, writer->batch);
    note_synced(log, writer->written);
    log_batch_destroy(GIVE(writer->batch));
    return STATUS_OK;
}

void log_writer_wake(struct log *log)
{
    env_defer(log->env, ENV_PHASE_STORE, &log->writer.task);
}

void log_writer_stop(struct log *log)
{
    env_task_cancel(&log->writer.task);
    env_timer_stop(log->env, &log->writer.sync_timer);
}
