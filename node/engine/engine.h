/*
 * Engine: ordered bytes on disk, the state machine's memory. Everything completes by callback.
 *
 * Writes are atomic batches, applied in the order given, and not synced: after a power cut the
 * engine may hold the last checkpoint plus any subset of the batches after it, so the log is
 * replayed from the checkpoint over whatever is found.
 *
 * Threads:   calls and callbacks on the loop thread.
 * Order:     a read sees every batch whose write had completed when it was asked for, and may see
 *            later ones. Callbacks are never made from inside the call.
 * Errors:    a failed write or checkpoint is final: the engine accepts nothing more.
 * Bounds:    the caller bounds what is under way.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Puts and deletes to be done together: docs/formats/disk.md does not hold it, it never rests. */
struct engine_batch {
    /* { kind u8 (1 put, 2 delete) . key sized . value sized (put only) } */
    struct buffer operations;
    size_t operation_count;
};

void engine_batch_init(struct engine_batch *batch);
void engine_batch_deinit(struct engine_batch *batch);
void engine_batch_clear(struct engine_batch *batch);
void engine_batch_put(struct engine_batch *batch, struct slice key, struct slice value);

/* The value is `first` and `second`, one after the other. */
void engine_batch_put_joined(struct engine_batch *batch, struct slice key, struct slice first,
                             struct slice second);
void engine_batch_delete(struct engine_batch *batch, struct slice key);

/* Walks a batch; false at its end. `out_value->bytes` is NULL for a delete. */
bool engine_batch_next(const struct engine_batch *batch, size_t *position, struct slice *out_key,
                       struct slice *out_value);

/* `value` holds during the call only. STATUS_NOT_FOUND when the key is not there. */
typedef void (*engine_get_fn)(void *context, enum status status, struct slice value);
typedef void (*engine_done_fn)(void *context, enum status status);

/* Rows of a scan: `rows` is { key sized . value sized }, and holds during the call only. */
struct engine_page {
    struct slice rows;
    size_t row_count;
    bool is_end; /* nothing more lies in the range */
};
typedef void (*engine_scan_fn)(void *context, enum status status, const struct engine_page *page);

/* Rows with first <= key < end, at most `row_count_max` of them and about `bytes_max` bytes. */
struct engine_range {
    struct slice first;
    struct slice end; /* empty: to the end of the engine */
    bool is_backward;
    size_t row_count_max;
    size_t bytes_max;
};

struct engine_stats {
    uint64_t write_count;
    uint64_t written_bytes;
    uint64_t get_count;
    uint64_t disk_bytes; /* about */
};

struct engine {
    const struct engine_ops *ops;
};

struct engine_ops {
    void (*get)(struct engine *engine, struct slice key, engine_get_fn fn, void *context);
    void (*scan)(struct engine *engine, const struct engine_range *range, engine_scan_fn fn,
                 void *context);
    void (*write)(struct engine *engine, struct engine_batch *batch, engine_done_fn fn,
                  void *context);
    void (*checkpoint)(struct engine *engine, engine_done_fn fn, void *context);
    void (*stats)(struct engine *engine, struct engine_stats *out_stats);
    void (*destroy)(struct engine *engine);
};

/* Gets asked for in one turn of the loop go to a worker together. */
void engine_get(struct engine *engine, struct slice key, engine_get_fn fn, void *context);
void engine_scan(struct engine *engine, const struct engine_range *range, engine_scan_fn fn,
                 void *context);

/*
 * Takes the batch's content (the batch is empty afterwards). One write is under way at a time; the
 * batches that come meanwhile are written together as the next.
 */
void engine_write(struct engine *engine, struct engine_batch *batch, engine_done_fn fn,
                  void *context);

/* Makes every batch written before durable; runs beside reads and writes. One at a time. */
void engine_checkpoint(struct engine *engine, engine_done_fn fn, void *context);

void engine_stats(struct engine *engine, struct engine_stats *out_stats);

/* Callbacks not yet made are never made. NULL is fine. */
void engine_destroy(struct engine *engine);
static inline void engine_cleanup(struct engine **engine)
{
    engine_destroy(*engine);
}
