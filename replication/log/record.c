#include "replication/log/record.h"

#include "core/base/byte_order.h"
#include "core/base/check.h"
#include "core/base/checksum.h"

#include <string.h>

enum {
    CHECKSUM_SIZE = 4,
    CONFIGURATION_SIZE_MAX = LIMIT_LOG_ENTRY_SIZE,
};

struct record_life record_life_of(uint64_t generation, uint64_t salt)
{
    uint8_t bytes[16];
    byte_order_put_u64(bytes, generation);
    byte_order_put_u64(bytes + 8, salt);
    return (struct record_life){
        .tag = (uint32_t)generation ^ (uint32_t)(salt >> 32),
        .seed = checksum_extend(0, slice_of(bytes, sizeof bytes)),
    };
}

static size_t body_size(const struct record *record)
{
    switch (record->type) {
    case RECORD_OPENING:
        return 24;
    case RECORD_GROUP:
        return 48 + record->group.base.base.configuration.size;
    case RECORD_ADD:
    case RECORD_REMOVE:
        return 0;
    case RECORD_VOTE:
        return 16;
    case RECORD_ENTRY:
        return 17 + record->entry.bytes.size;
    case RECORD_BASE:
        return 32 + record->base.base.configuration.size;
    }
    CHECK(!"a record has one of its types");
    return 0;
}

static size_t padded(size_t size)
{
    return (size + RECORD_ALIGNMENT - 1) / RECORD_ALIGNMENT * RECORD_ALIGNMENT;
}

size_t record_size(const struct record *record)
{
    return RECORD_HEADER_SIZE + padded(body_size(record));
}

static void vote_append(struct buffer *buffer, const struct record_vote *vote)
{
    buffer_append_u64(buffer, vote->term);
    buffer_append_u64(buffer, vote->vote);
}

static void base_append(struct buffer *buffer, const struct record_base *base)
{
    buffer_append_u64(buffer, base->base.index);
    buffer_append_u64(buffer, base->base.term);
    buffer_append_u64(buffer, base->base.configuration_index);
    buffer_append_u64(buffer, base->last_index);
    buffer_append(buffer, base->base.configuration);
}

static void body_append(struct buffer *buffer, const struct record *record)
{
    switch (record->type) {
    case RECORD_OPENING:
        buffer_append_u64(buffer, record->opening.previous_generation);
        buffer_append_u64(buffer, record->opening.previous_end);
        buffer_append_u64(buffer, record->opening.group_count);
        break;
    case RECORD_GROUP:
        vote_append(buffer, &record->group.vote);
        base_append(buffer, &record->group.base);
        break;
    case RECORD_ADD:
    case RECORD_REMOVE:
        break;
    case RECORD_VOTE:
        vote_append(buffer, &record->vote);
        break;
    case RECORD_ENTRY:
        buffer_append_u8(buffer, (uint8_t)record->entry.type);
        buffer_append_u64(buffer, record->entry.index);
        buffer_append_u64(buffer, record->entry.term);
        buffer_append(buffer, record->entry.bytes);
        break;
    case RECORD_BASE:
        base_append(buffer, &record->base);
        break;
    }
}

/* Over the life and the offset, which do not stand in the record, and then all but the checksum. */
static uint32_t checksum_of(struct slice bytes, struct record_life life, uint64_t offset)
{
    uint8_t place[8];
    byte_order_put_u64(place, offset);
    uint32_t checksum = checksum_extend(life.seed, slice_of(place, sizeof place));
    return checksum_extend(checksum, slice_skip(bytes, CHECKSUM_SIZE));
}

void record_encode(struct buffer *buffer, struct record_life life, uint64_t offset,
                   const struct record *record)
{
    size_t size = body_size(record);
    CHECK(size <= RECORD_BODY_SIZE_MAX);
    CHECK(record->synced_end <= offset);

    size_t start = buffer->size;
    buffer_append_u32(buffer, 0);
    buffer_append_u32(buffer, life.tag);
    buffer_append_u32(buffer, (uint32_t)size);
    buffer_append_u16(buffer, (uint16_t)record->type);
    buffer_append_u16(buffer, record->gap);
    buffer_append_u32(buffer, record->synced_end);
    buffer_append_u32(buffer, record->group_id);
    buffer_append_u64(buffer, record->incarnation);
    buffer_append_u64(buffer, record->commit_hint);
    body_append(buffer, record);

    size_t written = buffer->size - start;
    CHECK(written == RECORD_HEADER_SIZE + size);
    uint32_t checksum = checksum_of(slice_of(buffer->bytes + start, written), life, offset);
    byte_order_put_u32(buffer->bytes + start, checksum);
    static const uint8_t zeros[RECORD_ALIGNMENT];
    buffer_append(buffer, slice_of(zeros, padded(written) - written));
}

static struct record_vote vote_read(struct byte_reader *reader)
{
    struct record_vote vote;
    vote.term = byte_reader_u64(reader);
    vote.vote = byte_reader_u64(reader);
    return vote;
}

static struct record_base base_read(struct byte_reader *reader)
{
    struct record_base base;
    base.base.index = byte_reader_u64(reader);
    base.base.term = byte_reader_u64(reader);
    base.base.configuration_index = byte_reader_u64(reader);
    base.last_index = byte_reader_u64(reader);
    base.base.configuration = byte_reader_bytes(reader, reader->rest.size);
    return base;
}

static struct log_entry entry_read(struct byte_reader *reader)
{
    struct log_entry entry;
    entry.type = (enum log_entry_type)byte_reader_u8(reader);
    entry.index = byte_reader_u64(reader);
    entry.term = byte_reader_u64(reader);
    entry.bytes = byte_reader_bytes(reader, reader->rest.size);
    return entry;
}

static bool base_is_sound(const struct record_base *base)
{
    return base->base.index <= base->last_index &&
           base->base.configuration.size <= CONFIGURATION_SIZE_MAX;
}

static bool entry_is_sound(const struct log_entry *entry)
{
    return entry->index > 0 && entry->type >= LOG_ENTRY_COMMAND &&
           entry->type <= LOG_ENTRY_CONFIGURATION && entry->bytes.size <= LIMIT_LOG_ENTRY_SIZE;
}

/* False when the type is not known, or its fields break a rule. */
static bool body_read(struct byte_reader *reader, struct record *record)
{
    switch (record->type) {
    case RECORD_OPENING:
        record->opening.previous_generation = byte_reader_u64(reader);
        record->opening.previous_end = byte_reader_u64(reader);
        record->opening.group_count = byte_reader_u64(reader);
        return true;
    case RECORD_GROUP:
        record->group.vote = vote_read(reader);
        record->group.base = base_read(reader);
        return base_is_sound(&record->group.base);
    case RECORD_ADD:
    case RECORD_REMOVE:
        return true;
    case RECORD_VOTE:
        record->vote = vote_read(reader);
        return true;
    case RECORD_ENTRY:
        record->entry = entry_read(reader);
        return entry_is_sound(&record->entry);
    case RECORD_BASE:
        record->base = base_read(reader);
        return base_is_sound(&record->base);
    }
    return false;
}

/* The record's own bytes, when they are there and belong to this place. */
static enum status bytes_check(struct slice bytes, struct record_life life, uint64_t offset,
                               struct slice *out_bytes)
{
    if (bytes.size < RECORD_HEADER_SIZE || byte_order_get_u32(bytes.bytes + 4) != life.tag)
        return STATUS_CORRUPT;
    uint32_t size = byte_order_get_u32(bytes.bytes + 8);
    if (size > RECORD_BODY_SIZE_MAX || padded(size) > bytes.size - RECORD_HEADER_SIZE)
        return STATUS_CORRUPT;

    bytes.size = RECORD_HEADER_SIZE + size;
    if (checksum_of(bytes, life, offset) != byte_order_get_u32(bytes.bytes))
        return STATUS_CORRUPT;
    *out_bytes = bytes;
    return STATUS_OK;
}

enum status record_decode(struct slice bytes, struct record_life life, uint64_t offset,
                          struct record *out_record)
{
    TRY(bytes_check(bytes, life, offset, &bytes));
    struct byte_reader reader = byte_reader_of(slice_skip(bytes, 12));
    struct record record = {0};
    record.type = (enum record_type)byte_reader_u16(&reader);
    record.gap = byte_reader_u16(&reader);
    record.synced_end = byte_reader_u32(&reader);
    record.group_id = byte_reader_u32(&reader);
    record.incarnation = byte_reader_u64(&reader);
    record.commit_hint = byte_reader_u64(&reader);

    bool is_known = body_read(&reader, &record) && byte_reader_is_done(&reader);
    bool has_replica = record.type != RECORD_OPENING;
    if (!is_known || record.synced_end > offset || has_replica != (record.incarnation > 0))
        return STATUS_UNSUPPORTED;
    *out_record = record;
    return STATUS_OK;
}
