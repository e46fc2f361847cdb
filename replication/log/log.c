#include "replication/log/log.h"

#include "core/base/check.h"
#include "core/base/limits.h"
#include "replication/log/log_private.h"

#include <string.h>

/* --- Groups ---------------------------------------------------------------------------------- */

/* Where the group is, or belongs. */
static size_t group_position(const struct log *log, uint32_t group_id)
{
    size_t low = 0;
    size_t high = log->group_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (log->groups[middle]->id < group_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void log_insert_group(struct log *log, struct log_group *group)
{
    size_t position = group_position(log, group->id);
    if (log->group_count == log->group_capacity) {
        log->group_capacity = log->group_capacity == 0 ? 16 : log->group_capacity * 2;
        log->groups = memory_resize(log->groups, log->group_capacity * sizeof(struct log_group *));
    }
    memmove(&log->groups[position + 1], &log->groups[position],
            (log->group_count - position) * sizeof(struct log_group *));
    log->groups[position] = group;
    log->group_count++;
}

void log_take_group(struct log *log, const struct log_group *group)
{
    size_t position = group_position(log, group->id);
    CHECK(position < log->group_count && log->groups[position] == group);
    log->group_count--;
    memmove(&log->groups[position], &log->groups[position + 1],
            (log->group_count - position) * sizeof(struct log_group *));
}

struct log_group *log_next_group(struct log *log, size_t *position)
{
    return *position < log->group_count ? log->groups[(*position)++] : NULL;
}

struct log_group *log_find_group(struct log *log, uint32_t group_id)
{
    size_t position = group_position(log, group_id);
    bool is_there = position < log->group_count && log->groups[position]->id == group_id;
    return is_there ? log->groups[position] : NULL;
}

static struct record record_of(const struct log_group *group, enum record_type type)
{
    return (struct record){
        .type = type,
        .group_id = group->id,
        .incarnation = group->incarnation,
        .commit_hint = group->commit_hint,
    };
}

struct log_group *log_add_group(struct log *log, uint32_t group_id, uint64_t incarnation)
{
    CHECK(log_find_group(log, group_id) == NULL);
    struct log_group *group = log_group_create(group_id, incarnation);
    struct record record = record_of(group, RECORD_ADD);
    log_place_record(log, &record);
    log_insert_group(log, group);
    return group;
}

uint64_t log_remove_group(struct log *log, struct log_group *group)
{
    struct record record = record_of(group, RECORD_REMOVE);
    struct log_place place = log_place_record(log, &record);
    log_take_group(log, group);
    log_group_destroy(group, place.lsn);
    return place.lsn;
}

/* --- Appending ------------------------------------------------------------------------------- */

uint64_t log_append_vote(struct log *log, struct log_group *group, uint64_t term, uint64_t vote)
{
    struct record record = record_of(group, RECORD_VOTE);
    record.vote = (struct record_vote){.term = term, .vote = vote};
    struct log_place place = log_place_record(log, &record);
    group->vote = record.vote;
    return place.lsn;
}

uint64_t log_append_entry(struct log *log, struct log_group *group, const struct log_entry *entry)
{
    CHECK(entry->bytes.size <= LIMIT_LOG_ENTRY_SIZE);
    CHECK(entry->index > group->base.index);
    CHECK(entry->index <= log_group_last_index(group) + 1);
    struct record record = record_of(group, RECORD_ENTRY);
    record.entry = *entry;
    struct log_place place = log_place_record(log, &record);
    log_group_put(group, entry, &place);
    return place.lsn;
}

uint64_t log_set_base(struct log *log, struct log_group *group, const struct log_base *base)
{
    CHECK(base->index >= group->base.index);
    struct record record = record_of(group, RECORD_BASE);
    record.base.base = *base;
    record.base.last_index = log_group_last_after(group, base);
    struct log_place place = log_place_record(log, &record);
    log_group_set_base(group, &record.base, place.lsn);
    return place.lsn;
}

/* --- Figures --------------------------------------------------------------------------------- */

uint64_t log_synced_lsn(const struct log *log)
{
    return log->acknowledged_lsn;
}

bool log_has_room(const struct log *log)
{
    return !log->keeper.is_disk_full && log->pending_bytes <= LOG_PENDING_SIZE_MAX;
}

uint64_t log_live_bytes(const struct log *log)
{
    uint64_t bytes = 0;
    LIST_FOR_EACH (link, &log->segments) {
        const struct log_segment *segment = LIST_ELEMENT(link, struct log_segment, link);
        bytes += segment->end - SEGMENT_HEADER_SIZE;
    }
    return bytes;
}

void log_stats(struct log *log, struct log_stats *out_stats)
{
    *out_stats = log->stats;
    log->stats.sync_us_max = 0;
}
