/*
 * Fuzz target: a segment of the log, replayed.
 *
 * The first byte says how the bytes are used: as a segment; as one record, with its tag and
 * checksum set right; or as recipe of a sound segment and of the damage done to it. Whatever is
 * accepted must encode to the very bytes that it was read from; of a damaged segment, it must be
 * what was there before the damage.
 */
#include "core/base/byte_order.h"
#include "core/base/check.h"
#include "core/base/checksum.h"
#include "replication/log/replay.h"
#include "replication/log/segment.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { SEGMENT_SIZE = 32 << 10, RECORDS_MAX = 64 };

static const struct record_life life = {.tag = 0x47524154, .seed = 12345};

/* The record at `offset` was read; its bytes must be those that it is written as. */
static void check_canonical(struct slice segment, uint64_t offset, const struct record *record)
{
    SCOPED(buffer) buffer = {0};
    record_encode(&buffer, life, offset, record);
    CHECK(offset + buffer.size <= segment.size);
    /* The padding behind the body is not checked when it is read. */
    size_t body = byte_order_get_u32(segment.bytes + offset + 8);
    CHECK(slice_is_equal(slice_of(buffer.bytes, RECORD_HEADER_SIZE + body),
                         slice_of(segment.bytes + offset, RECORD_HEADER_SIZE + body)));
}

/* Reads all, and returns how many there were; `original` is what the segment was, or NULL. */
static size_t replay_all(struct slice segment, uint64_t named_end, const uint8_t *original)
{
    struct replay replay = replay_of(segment, life, named_end);
    size_t count = 0;
    for (;;) {
        struct record record;
        uint64_t offset;
        uint64_t end = replay.end;
        if (replay_next(&replay, &record, &offset) != STATUS_OK)
            return count;
        CHECK(offset >= end && replay.end > offset && replay.end <= segment.size);
        CHECK(replay.synced_end <= offset || count == 0);
        check_canonical(segment, offset, &record);
        if (original != NULL)
            check_canonical(slice_of(original, SEGMENT_SIZE), offset, &record);
        count++;
    }
}

/* Behind a header, as in a file. */
static void replay_as_segment(struct slice bytes)
{
    static uint8_t segment[SEGMENT_HEADER_SIZE + SEGMENT_SIZE];
    size_t size = bytes.size < SEGMENT_SIZE ? bytes.size : SEGMENT_SIZE;
    if (size > 0)
        memcpy(segment + SEGMENT_HEADER_SIZE, bytes.bytes, size);
    replay_all(slice_of(segment, SEGMENT_HEADER_SIZE + size), 0, NULL);
    struct segment_header header;
    if (segment_header_decode(bytes, &header) == STATUS_OK)
        CHECK(header.generation > 0 && header.size <= SEGMENT_SIZE_MAX);
}

static void decode_as_record(struct slice bytes)
{
    enum { OFFSET = 8192 };
    static uint8_t record_bytes[SEGMENT_SIZE];
    if (bytes.size < RECORD_HEADER_SIZE || bytes.size + RECORD_ALIGNMENT > SEGMENT_SIZE)
        return;
    size_t body = bytes.size - RECORD_HEADER_SIZE;
    memset(record_bytes, 0, sizeof record_bytes);
    memcpy(record_bytes, bytes.bytes, bytes.size);
    byte_order_put_u32(record_bytes + 4, life.tag);
    byte_order_put_u32(record_bytes + 8, (uint32_t)body);
    uint8_t place[8];
    byte_order_put_u64(place, OFFSET);
    uint32_t checksum = checksum_extend(life.seed, slice_of(place, sizeof place));
    checksum = checksum_extend(checksum, slice_of(record_bytes + 4, bytes.size - 4));
    byte_order_put_u32(record_bytes, checksum);

    struct record record;
    enum status status =
        record_decode(slice_of(record_bytes, sizeof record_bytes), life, OFFSET, &record);
    CHECK(status == STATUS_OK || status == STATUS_UNSUPPORTED);
    if (status != STATUS_OK)
        return;
    SCOPED(buffer) buffer = {0};
    record_encode(&buffer, life, OFFSET, &record);
    CHECK(slice_is_equal(slice_of(buffer.bytes, bytes.size), slice_of(record_bytes, bytes.size)));
}

/* --- A sound segment, and damage --- */

struct built {
    uint8_t bytes[SEGMENT_SIZE];
    uint64_t end;
    uint64_t synced_end;
    size_t record_count;
    size_t synced_count; /* without those of the last batch */
};

static void put(struct built *built, struct record record, bool begins_batch)
{
    uint64_t offset = built->end;
    if (begins_batch)
        offset = (offset + SEGMENT_SECTOR_SIZE - 1) / SEGMENT_SECTOR_SIZE * SEGMENT_SECTOR_SIZE;
    if (offset + record_size(&record) > SEGMENT_SIZE)
        return;
    if (begins_batch) {
        built->synced_end = built->end;
        built->synced_count = built->record_count;
    }
    record.gap = (uint16_t)(offset - built->end);
    record.synced_end = (uint32_t)built->synced_end;
    SCOPED(buffer) buffer = {0};
    record_encode(&buffer, life, offset, &record);
    memcpy(built->bytes + offset, buffer.bytes, buffer.size);
    built->end = offset + buffer.size;
    built->record_count++;
}

static struct slice build(struct built *built, struct slice recipe)
{
    memset(built, 0, sizeof *built);
    built->end = SEGMENT_HEADER_SIZE;
    put(built, (struct record){.type = RECORD_OPENING}, true);
    while (recipe.size >= 2 && recipe.bytes[0] != 0xff && built->record_count < RECORDS_MAX) {
        struct record record = {
            .type = RECORD_ENTRY,
            .incarnation = 1,
            .entry = {.index = built->record_count,
                      .type = LOG_ENTRY_COMMAND,
                      .bytes = slice_of(recipe.bytes, recipe.bytes[1] % recipe.size)},
        };
        put(built, record, recipe.bytes[0] % 3 == 0);
        recipe = slice_skip(recipe, 2);
    }
    return recipe;
}

/*
 * Never is a record lost silently that was synced: the replay says so, by reading fewer than all
 * and a status that is final, only if what is missing belongs to the last batch.
 */
static void replay_damaged(struct slice recipe)
{
    static struct built built;
    static uint8_t damaged[SEGMENT_SIZE];
    recipe = build(&built, recipe);
    memcpy(damaged, built.bytes, sizeof damaged);
    CHECK(replay_all(slice_of(damaged, SEGMENT_SIZE), built.end, built.bytes) ==
          built.record_count);
    for (; recipe.size >= 3; recipe = slice_skip(recipe, 3))
        damaged[byte_order_get_u16(recipe.bytes) % SEGMENT_SIZE] ^= recipe.bytes[2];

    size_t count = replay_all(slice_of(damaged, SEGMENT_SIZE), 0, built.bytes);
    CHECK(count <= built.record_count);
    replay_all(slice_of(damaged, SEGMENT_SIZE), built.end, built.bytes);
}

/* One bit turned: the last batch's sound records prove what was synced before them. */
static void replay_with_one_bit_turned(struct slice recipe)
{
    static struct built built;
    recipe = build(&built, recipe);
    if (recipe.size < 3)
        return;
    size_t at = SEGMENT_HEADER_SIZE +
                byte_order_get_u16(recipe.bytes) % (SEGMENT_SIZE - SEGMENT_HEADER_SIZE);
    built.bytes[at] ^= (uint8_t)(1u << recipe.bytes[2] % 8);

    struct replay replay = replay_of(slice_of(built.bytes, SEGMENT_SIZE), life, 0);
    struct record record;
    uint64_t offset;
    enum status status;
    size_t count = 0;
    while ((status = replay_next(&replay, &record, &offset)) == STATUS_OK)
        count++;
    CHECK(status == STATUS_CORRUPT || count >= built.synced_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    struct slice rest = slice_of(bytes + 1, size - 1);
    switch (bytes[0] % 4) {
    case 0:
        replay_as_segment(rest);
        break;
    case 1:
        decode_as_record(rest);
        break;
    case 2:
        replay_damaged(rest);
        break;
    default:
        replay_with_one_bit_turned(rest);
        break;
    }
    return 0;
}
