#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "replication/log/replay.h"
#include "replication/log/segment.h"

#include <string.h>

enum { SIZE = 16384, GROUPS = 2 };

static const struct record_life life = {.tag = 0x01020304, .seed = 99};
static const struct record_life earlier_life = {.tag = 0x01020303, .seed = 98};

/* A segment as the log writes it, record by record. */
struct built {
    uint8_t bytes[SIZE];
    struct record_life life;
    uint64_t end;
    uint64_t synced_end;
    bool begins_batch;
};

static struct built built_of(struct record_life of_life)
{
    return (struct built){
        .life = of_life, .end = SEGMENT_HEADER_SIZE, .synced_end = SEGMENT_HEADER_SIZE};
}

static void begin_batch(struct built *built)
{
    built->begins_batch = true;
    built->synced_end = built->end;
}

/* Returns where it stands. */
static uint64_t put(struct built *built, struct record record)
{
    uint64_t offset = built->end;
    if (built->begins_batch)
        offset = (offset + SEGMENT_SECTOR_SIZE - 1) / SEGMENT_SECTOR_SIZE * SEGMENT_SECTOR_SIZE;
    built->begins_batch = false;
    record.gap = (uint16_t)(offset - built->end);
    record.synced_end = (uint32_t)built->synced_end;
    SCOPED(buffer) buffer = {0};
    record_encode(&buffer, built->life, offset, &record);
    assert_true(offset + buffer.size <= SIZE);
    memcpy(built->bytes + offset, buffer.bytes, buffer.size);
    built->end = offset + buffer.size;
    return offset;
}

static uint64_t put_vote(struct built *built, uint64_t term)
{
    return put(built, (struct record){.type = RECORD_VOTE, .incarnation = 1, .vote.term = term});
}

static void put_group(struct built *built)
{
    put(built, (struct record){.type = RECORD_GROUP, .incarnation = 1});
}

static struct built opened(void)
{
    struct built built = built_of(life);
    put(&built, (struct record){.type = RECORD_OPENING, .opening.group_count = GROUPS});
    for (int i = 0; i < GROUPS; i++)
        put_group(&built);
    return built;
}

static struct replay replay_built(const struct built *built, uint64_t named_end)
{
    return replay_of(slice_of(built->bytes, SIZE), life, named_end);
}

/* Reads to the end; `out_terms` says of how many votes. */
static enum status read_all(struct replay *replay, uint64_t *out_votes)
{
    struct record record;
    uint64_t offset;
    enum status status;
    *out_votes = 0;
    while ((status = replay_next(replay, &record, &offset)) == STATUS_OK) {
        if (record.type != RECORD_VOTE)
            continue;
        (*out_votes)++;
        assert_int_equal(record.vote.term, *out_votes);
    }
    return status;
}

static enum status read_built(const struct built *built, uint64_t named_end, uint64_t *out_votes)
{
    struct replay replay = replay_built(built, named_end);
    return read_all(&replay, out_votes);
}

static void damage(struct built *built, uint64_t offset)
{
    built->bytes[offset + 8] ^= 1;
}

static void test_an_unused_segment_has_no_records_and_is_not_open(void **state)
{
    (void)state;
    struct built built = built_of(life);
    struct replay replay = replay_built(&built, 0);
    uint64_t votes;

    assert_int_equal(read_all(&replay, &votes), STATUS_NOT_FOUND);
    assert_false(replay_is_open(&replay));
    assert_int_equal(replay.end, SEGMENT_HEADER_SIZE);
}

static void test_bytes_too_few_for_a_header_have_no_records(void **state)
{
    (void)state;
    struct replay replay = replay_of(slice_of("abc", 3), life, 0);
    uint64_t votes;

    assert_int_equal(read_all(&replay, &votes), STATUS_NOT_FOUND);
}

static void test_batches_are_read_in_order(void **state)
{
    (void)state;
    struct built built = opened();
    for (uint64_t term = 1; term <= 20; term++) {
        if (term % 3 == 0)
            begin_batch(&built);
        put_vote(&built, term);
    }
    struct replay replay = replay_built(&built, 0);
    uint64_t votes;

    assert_int_equal(read_all(&replay, &votes), STATUS_NOT_FOUND);
    assert_int_equal(votes, 20);
    assert_true(replay_is_open(&replay));
    assert_int_equal(replay.end, built.end);
    assert_int_equal(replay.synced_end, built.synced_end);
}

static void test_a_segment_filled_to_its_last_byte_is_read(void **state)
{
    (void)state;
    struct built built = opened();
    uint64_t term = 0;
    while (SIZE - built.end >= 112)
        put_vote(&built, ++term);
    struct record last = {
        .type = RECORD_ENTRY,
        .incarnation = 1,
        .entry = {.index = 1,
                  .type = LOG_ENTRY_COMMAND,
                  .bytes = slice_of(built.bytes, (size_t)(SIZE - built.end - 57))}};
    put(&built, last);
    uint64_t votes;

    assert_int_equal(built.end, SIZE);
    assert_int_equal(read_built(&built, 0, &votes), STATUS_NOT_FOUND);
    assert_int_equal(votes, term);
    assert_int_equal(read_built(&built, SIZE, &votes), STATUS_NOT_FOUND);
    assert_int_equal(votes, term);
}

static void test_the_log_ends_at_a_bad_record_of_the_last_batch(void **state)
{
    (void)state;
    struct built built = opened();
    begin_batch(&built);
    put_vote(&built, 1);
    begin_batch(&built);
    put_vote(&built, 2);
    uint64_t torn = put_vote(&built, 3);
    put_vote(&built, 4);
    damage(&built, torn);
    struct replay replay = replay_built(&built, 0);
    uint64_t votes;

    assert_int_equal(read_all(&replay, &votes), STATUS_NOT_FOUND);
    assert_int_equal(votes, 2);
    assert_int_equal(replay.end, torn);
}

static void test_the_log_ends_where_the_last_batch_lost_its_first_record(void **state)
{
    (void)state;
    struct built built = opened();
    begin_batch(&built);
    put_vote(&built, 1);
    uint64_t end = built.end;
    begin_batch(&built);
    damage(&built, put_vote(&built, 2));
    put_vote(&built, 3);
    struct replay replay = replay_built(&built, 0);
    uint64_t votes;

    assert_int_equal(read_all(&replay, &votes), STATUS_NOT_FOUND);
    assert_int_equal(votes, 1);
    assert_int_equal(replay.end, end);
}

static void test_a_bad_record_before_a_later_batch_is_corruption(void **state)
{
    (void)state;
    struct built built = opened();
    begin_batch(&built);
    uint64_t bad = put_vote(&built, 1);
    put_vote(&built, 2);
    begin_batch(&built);
    put_vote(&built, 3);
    damage(&built, bad);
    uint64_t votes;

    assert_int_equal(read_built(&built, 0, &votes), STATUS_CORRUPT);
}

static void test_a_later_batch_proves_corruption_though_its_first_record_is_bad(void **state)
{
    (void)state;
    struct built built = opened();
    begin_batch(&built);
    uint64_t bad = put_vote(&built, 1);
    begin_batch(&built);
    uint64_t torn = put_vote(&built, 2);
    put_vote(&built, 3);
    damage(&built, bad);
    damage(&built, torn);
    uint64_t votes;

    assert_int_equal(read_built(&built, 0, &votes), STATUS_CORRUPT);
}

/* The next batch begins at the next sector, whether or not this record was there. */
static void test_the_bad_last_record_of_a_batch_is_not_passed_over(void **state)
{
    (void)state;
    struct built built = opened();
    begin_batch(&built);
    put_vote(&built, 1);
    uint64_t bad = put_vote(&built, 2);
    begin_batch(&built);
    put_vote(&built, 3);
    damage(&built, bad);
    uint64_t votes;

    assert_int_equal(read_built(&built, 0, &votes), STATUS_CORRUPT);
}

static void test_a_later_batch_written_before_a_sync_proves_nothing(void **state)
{
    (void)state;
    struct built built = opened();
    begin_batch(&built);
    uint64_t synced_end = built.synced_end;
    uint64_t bad = put_vote(&built, 1);
    begin_batch(&built);
    built.synced_end = synced_end; /* relaxed durability */
    put_vote(&built, 2);
    damage(&built, bad);
    uint64_t votes;

    assert_int_equal(read_built(&built, 0, &votes), STATUS_NOT_FOUND);
    assert_int_equal(votes, 0);
}

static void test_leftovers_of_an_earlier_life_never_pass(void **state)
{
    (void)state;
    struct built old = built_of(earlier_life);
    struct built built = opened();
    old.end = built.end;
    for (uint64_t term = 1; term <= 20; term++) {
        put_vote(&old, term);
        begin_batch(&old);
    }
    memcpy(old.bytes, built.bytes, built.end);
    uint64_t votes;

    assert_int_equal(read_built(&old, 0, &votes), STATUS_NOT_FOUND);
    assert_int_equal(votes, 0);
}

static void test_what_lies_behind_the_named_end_is_ignored(void **state)
{
    (void)state;
    struct built built = opened();
    begin_batch(&built);
    put_vote(&built, 1);
    uint64_t end = built.end;
    put_vote(&built, 2);
    begin_batch(&built);
    put_vote(&built, 3);
    uint64_t votes;

    assert_int_equal(read_built(&built, end, &votes), STATUS_NOT_FOUND);
    assert_int_equal(votes, 1);
}

static void test_a_segment_that_ends_before_its_named_end_is_corrupt(void **state)
{
    (void)state;
    struct built built = opened();
    begin_batch(&built);
    uint64_t torn = put_vote(&built, 1);
    uint64_t end = built.end;
    uint64_t votes;

    assert_int_equal(read_built(&built, end + 8, &votes), STATUS_CORRUPT);
    assert_int_equal(read_built(&built, end - 8, &votes), STATUS_CORRUPT);
    damage(&built, torn);
    assert_int_equal(read_built(&built, end, &votes), STATUS_CORRUPT);
}

static void test_an_opening_without_all_its_groups_is_not_open(void **state)
{
    (void)state;
    struct built built = built_of(life);
    put(&built, (struct record){.type = RECORD_OPENING, .opening.group_count = GROUPS + 1});
    for (int i = 0; i < GROUPS; i++)
        put_group(&built);
    struct replay replay = replay_built(&built, 0);
    uint64_t votes;

    assert_int_equal(read_all(&replay, &votes), STATUS_NOT_FOUND);
    assert_true(replay.has_opening);
    assert_false(replay_is_open(&replay));
}

static void test_a_bad_opening_before_a_later_batch_is_corruption(void **state)
{
    (void)state;
    struct built built = opened();
    begin_batch(&built);
    put_vote(&built, 1);
    damage(&built, SEGMENT_HEADER_SIZE);
    uint64_t votes;

    assert_int_equal(read_built(&built, 0, &votes), STATUS_CORRUPT);
}

static void test_records_out_of_order_are_corruption(void **state)
{
    (void)state;
    struct built headless = built_of(life);
    struct built twice = opened();
    struct built crowded = opened();
    struct built early = built_of(life);
    put_vote(&headless, 1);
    put(&twice, (struct record){.type = RECORD_OPENING});
    put_group(&crowded);
    put(&early, (struct record){.type = RECORD_OPENING, .opening.group_count = 1});
    put_vote(&early, 1);
    uint64_t votes;

    assert_int_equal(read_built(&headless, 0, &votes), STATUS_CORRUPT);
    assert_int_equal(read_built(&twice, 0, &votes), STATUS_CORRUPT);
    assert_int_equal(read_built(&crowded, 0, &votes), STATUS_CORRUPT);
    assert_int_equal(read_built(&early, 0, &votes), STATUS_CORRUPT);
}

static void test_a_record_of_no_known_form_is_not_taken_for_the_end(void **state)
{
    (void)state;
    struct built built = opened();
    put(&built, (struct record){.type = RECORD_VOTE, .incarnation = 0});
    uint64_t votes;

    assert_int_equal(read_built(&built, 0, &votes), STATUS_UNSUPPORTED);
}

static void test_the_planted_fault_reads_leftovers(void **state)
{
    (void)state;
    struct built built = opened();
    begin_batch(&built);
    damage(&built, put_vote(&built, 9));
    begin_batch(&built);
    put_vote(&built, 1);
    struct replay replay = replay_built(&built, 0);
    replay.passes_bad_records = true;
    uint64_t votes;

    assert_int_equal(read_all(&replay, &votes), STATUS_NOT_FOUND);
    assert_int_equal(votes, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_unused_segment_has_no_records_and_is_not_open),
        cmocka_unit_test(test_bytes_too_few_for_a_header_have_no_records),
        cmocka_unit_test(test_batches_are_read_in_order),
        cmocka_unit_test(test_a_segment_filled_to_its_last_byte_is_read),
        cmocka_unit_test(test_the_log_ends_at_a_bad_record_of_the_last_batch),
        cmocka_unit_test(test_the_log_ends_where_the_last_batch_lost_its_first_record),
        cmocka_unit_test(test_a_bad_record_before_a_later_batch_is_corruption),
        cmocka_unit_test(test_a_later_batch_proves_corruption_though_its_first_record_is_bad),
        cmocka_unit_test(test_the_bad_last_record_of_a_batch_is_not_passed_over),
        cmocka_unit_test(test_a_later_batch_written_before_a_sync_proves_nothing),
        cmocka_unit_test(test_leftovers_of_an_earlier_life_never_pass),
        cmocka_unit_test(test_what_lies_behind_the_named_end_is_ignored),
        cmocka_unit_test(test_a_segment_that_ends_before_its_named_end_is_corrupt),
        cmocka_unit_test(test_an_opening_without_all_its_groups_is_not_open),
        cmocka_unit_test(test_a_bad_opening_before_a_later_batch_is_corruption),
        cmocka_unit_test(test_records_out_of_order_are_corruption),
        cmocka_unit_test(test_a_record_of_no_known_form_is_not_taken_for_the_end),
        cmocka_unit_test(test_the_planted_fault_reads_leftovers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
