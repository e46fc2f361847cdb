#include "replication/log/replay.h"

#include "core/base/byte_order.h"
#include "replication/log/segment.h"

struct replay replay_of(struct slice segment, struct record_life life, uint64_t named_end)
{
    return (struct replay){
        .segment = segment,
        .life = life,
        .named_end = named_end,
        .end = SEGMENT_HEADER_SIZE,
        .synced_end = SEGMENT_HEADER_SIZE,
    };
}

static uint64_t sector_after(uint64_t offset)
{
    return (offset + SEGMENT_SECTOR_SIZE - 1) / SEGMENT_SECTOR_SIZE * SEGMENT_SECTOR_SIZE;
}

static enum status decode_at(const struct replay *replay, uint64_t offset,
                             struct record *out_record)
{
    if (offset >= replay->segment.size)
        return STATUS_CORRUPT;
    return record_decode(slice_skip(replay->segment, (size_t)offset), replay->life, offset,
                         out_record);
}

/* The record that says of itself that it follows the last one read: next to it, or a batch on. */
static enum status decode_next(const struct replay *replay, struct record *out_record,
                               uint64_t *out_offset)
{
    uint64_t places[] = {replay->end, sector_after(replay->end)};
    for (size_t i = 0; i < 2; i++) {
        enum status status = decode_at(replay, places[i], out_record);
        if (status == STATUS_CORRUPT ||
            (status == STATUS_OK && out_record->gap != places[i] - replay->end))
            continue;
        *out_offset = places[i];
        return status;
    }
    return STATUS_CORRUPT;
}

/* A record here proves that all up to beyond the bad one had been synced. */
static bool proves_sync(const struct replay *replay, uint64_t offset)
{
    if (byte_order_get_u32(replay->segment.bytes + offset + 4) != replay->life.tag)
        return false;
    struct record record;
    enum status status = decode_at(replay, offset, &record);
    return status == STATUS_OK ? record.synced_end > replay->end : status != STATUS_CORRUPT;
}

static bool has_later_batch(const struct replay *replay)
{
    uint64_t at = replay->end;
    for (; at + RECORD_HEADER_SIZE <= replay->segment.size; at += RECORD_ALIGNMENT)
        if (proves_sync(replay, at))
            return true;
    return false;
}

/* The next record of any life that begins a batch. */
static enum status pass_bad_record(struct replay *replay, struct record *out_record,
                                   uint64_t *out_offset)
{
    uint64_t at = sector_after(replay->end + 1);
    for (; at < replay->segment.size; at += SEGMENT_SECTOR_SIZE) {
        if (decode_at(replay, at, out_record) != STATUS_OK)
            continue;
        *out_offset = at;
        return STATUS_OK;
    }
    return STATUS_NOT_FOUND;
}

static enum status bad_record(struct replay *replay, struct record *out_record,
                              uint64_t *out_offset)
{
    if (replay->passes_bad_records && replay->named_end == 0)
        return pass_bad_record(replay, out_record, out_offset);
    if (replay->named_end > 0 || has_later_batch(replay))
        return STATUS_CORRUPT;
    return STATUS_NOT_FOUND;
}

/* An opening comes first, its groups follow, and neither comes again. */
static bool is_in_order(struct replay *replay, const struct record *record)
{
    if (!replay->has_opening) {
        replay->has_opening = record->type == RECORD_OPENING;
        if (replay->has_opening)
            replay->groups_missing = record->opening.group_count;
        return replay->has_opening;
    }
    if (record->type == RECORD_GROUP && replay->groups_missing > 0) {
        replay->groups_missing--;
        return true;
    }
    return record->type != RECORD_GROUP && record->type != RECORD_OPENING &&
           replay->groups_missing == 0;
}

enum status replay_next(struct replay *replay, struct record *out_record, uint64_t *out_offset)
{
    if (replay->end == replay->named_end)
        return STATUS_NOT_FOUND;

    uint64_t offset = 0;
    enum status status = decode_next(replay, out_record, &offset);
    if (status == STATUS_CORRUPT)
        status = bad_record(replay, out_record, &offset);
    TRY(status);

    uint64_t end = offset + record_size(out_record);
    bool is_beyond = replay->named_end > 0 && end > replay->named_end;
    if (!is_in_order(replay, out_record) || is_beyond || out_record->synced_end > offset)
        return STATUS_CORRUPT;
    replay->end = end;
    if (out_record->synced_end > replay->synced_end)
        replay->synced_end = out_record->synced_end;
    *out_offset = offset;
    return STATUS_OK;
}
