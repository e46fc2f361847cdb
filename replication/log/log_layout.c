#include "core/base/check.h"
#include "replication/log/log_private.h"

enum { BATCH_CAPACITY = 16 << 10 };

static uint64_t rounded_up(uint64_t value, uint64_t multiple)
{
    return (value + multiple - 1) / multiple * multiple;
}

struct log_segment *log_segment_create(struct log *log, const struct segment_header *header)
{
    struct log_segment *segment = memory_alloc_zeroed(sizeof *segment);
    segment->header = *header;
    if (!log->faults.replays_leftovers)
        segment->life = record_life_of(header->generation, header->salt);
    segment->end = SEGMENT_HEADER_SIZE;
    segment->written_end = SEGMENT_HEADER_SIZE;
    segment->synced_end = SEGMENT_HEADER_SIZE;
    list_append(&log->segments, &segment->link);
    return segment;
}

void log_segment_destroy(struct log_segment *segment)
{
    env_file_close(segment->file);
    list_remove(&segment->link);
    memory_free(segment);
}

struct log_segment *log_plan_segment(struct log *log, uint64_t size)
{
    struct segment_header header = {
        .generation = log->next_generation++,
        .salt = env_random_u64(log->env),
        .size = size,
    };
    return log_segment_create(log, &header);
}

struct log_segment *log_segment_after(const struct log *log, const struct log_segment *segment)
{
    struct list *next = segment != NULL ? segment->link.next : log->segments.next;
    return next == &log->segments ? NULL : LIST_ELEMENT(next, struct log_segment, link);
}

uint64_t log_opening_size(const struct log *log)
{
    struct record opening = {.type = RECORD_OPENING};
    uint64_t size = record_size(&opening);
    for (size_t i = 0; i < log->group_count; i++) {
        struct record record = log_group_record(log->groups[i]);
        size += record_size(&record);
    }
    return size;
}

void log_batch_close(struct log_batch *batch)
{
    uint64_t padding = rounded_up(batch->end, SEGMENT_PAGE_SIZE) - batch->end;
    memset(buffer_reserve(&batch->bytes, (size_t)padding), 0, (size_t)padding);
    batch->bytes.size += (size_t)padding;
}

void log_batch_destroy(struct log_batch *batch)
{
    if (batch == NULL)
        return;
    buffer_deinit(&batch->bytes);
    memory_free(batch);
}

/* A sector is never written again once it was synced: a write that is cut off tears only itself. */
static struct log_batch *batch_open(struct log *log)
{
    struct log_segment *segment = log->tail;
    struct log_batch *batch = memory_alloc_zeroed(sizeof *batch);
    batch->segment = segment;
    batch->start = rounded_up(segment->end, SEGMENT_SECTOR_SIZE);
    batch->end = batch->start;
    /* Otherwise this batch is not written before the one before it is synced. */
    bool is_relaxed = log->durability == LOG_DURABILITY_RELAXED;
    batch->synced_end = is_relaxed ? segment->synced_end : segment->end;
    buffer_reserve(&batch->bytes, BATCH_CAPACITY);
    list_append(&log->batches, &batch->link);
    return batch;
}

static uint64_t batch_put(struct log *log, struct log_batch *batch, struct record *record)
{
    struct log_segment *segment = batch->segment;
    uint64_t offset = batch->start + batch->bytes.size;
    record->gap = (uint16_t)(offset - segment->end);
    record->synced_end = (uint32_t)batch->synced_end;

    record_encode(&batch->bytes, segment->life, offset, record);
    batch->end = batch->start + batch->bytes.size;
    CHECK(batch->end <= segment->header.size);
    segment->end = batch->end;
    log->pending_bytes += batch->end - offset;
    return offset;
}

static struct record opening_of(const struct log *log, const struct log_segment *previous)
{
    struct record record = {.type = RECORD_OPENING};
    record.opening.group_count = log->group_count;
    if (previous != NULL) {
        record.opening.previous_generation = previous->header.generation;
        record.opening.previous_end = previous->end;
    }
    return record;
}

void log_switch_segment(struct log *log)
{
    struct record opening = opening_of(log, log->tail);
    struct log_segment *next = log_segment_after(log, log->tail);
    log->tail = next != NULL ? next : log_plan_segment(log, log_next_size(log));

    struct log_batch *batch = batch_open(log);
    batch->last_lsn = log->appended_lsn;
    batch_put(log, batch, &opening);
    for (size_t i = 0; i < log->group_count; i++) {
        struct record record = log_group_record(log->groups[i]);
        batch_put(log, batch, &record);
    }
}

static bool has_room(const struct log_segment *segment, size_t size)
{
    return rounded_up(segment->end, SEGMENT_SECTOR_SIZE) + size <= segment->header.size;
}

/* The last batch, if it may still grow. The one under way is not among them. */
static struct log_batch *batch_growing(const struct log *log, size_t size)
{
    if (list_is_empty(&log->batches))
        return NULL;
    struct log_batch *last = LIST_ELEMENT(log->batches.previous, struct log_batch, link);
    bool is_full = last->bytes.size + size > LOG_BATCH_SIZE_MAX;
    bool fits = last->start + last->bytes.size + size <= last->segment->header.size;
    return last->segment == log->tail && fits && !is_full ? last : NULL;
}

static struct log_batch *batch_for(struct log *log, size_t size)
{
    struct log_batch *batch = batch_growing(log, size);
    while (batch == NULL && !has_room(log->tail, size)) {
        bool is_largest = log->tail->header.size >= log->segment_size;
        bool is_fresh = log->tail->end == SEGMENT_HEADER_SIZE + log_opening_size(log);
        CHECK(!is_largest || !is_fresh); /* a segment holds an opening and any record */
        log_switch_segment(log);
        log_keeper_wake(log);
        batch = batch_growing(log, size);
    }
    return batch != NULL ? batch : batch_open(log);
}

struct log_place log_place_record(struct log *log, struct record *record)
{
    struct log_batch *batch = batch_for(log, record_size(record));
    uint64_t offset = batch_put(log, batch, record);
    batch->last_lsn = ++log->appended_lsn;
    log->stats.record_count++;
    log_writer_wake(log);
    return (struct log_place){
        .lsn = log->appended_lsn,
        .segment = batch->segment,
        .offset = offset,
    };
}
