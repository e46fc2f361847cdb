#include "tests/unit/replication/log/log_fixture.h"

/* A log of two segments without files, into which records are replayed. */
static struct log *replayed;
static struct log_segment *first;
static struct log_segment *second;

static int setup(void **state)
{
    (void)state;
    struct segment_header header = {.generation = 1, .size = 64 << 10};
    replayed = memory_alloc_zeroed(sizeof *replayed);
    list_init(&replayed->segments);
    first = log_segment_create(replayed, &header);
    second = log_segment_create(replayed, &header);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (size_t i = 0; i < replayed->group_count; i++)
        log_group_destroy(replayed->groups[i], 0);
    memory_free(replayed->groups);
    memory_free(first);
    memory_free(second);
    memory_free(replayed);
    return 0;
}

static enum status apply(struct log_segment *segment, struct record record)
{
    struct log_place place = {.segment = segment};
    record.incarnation = record.incarnation > 0 ? record.incarnation : 1;
    return log_apply(replayed, &record, &place);
}

static struct record entry(uint64_t index, uint64_t term)
{
    return (struct record){.type = RECORD_ENTRY,
                           .entry = {.index = index, .term = term, .type = LOG_ENTRY_COMMAND}};
}

static struct record group(uint64_t base, uint64_t last)
{
    return (struct record){.type = RECORD_GROUP,
                           .group = {.base = {.base = {.index = base}, .last_index = last}}};
}

static struct record base(uint64_t index, uint64_t last)
{
    return (struct record){.type = RECORD_BASE,
                           .base = {.base = {.index = index}, .last_index = last}};
}

static void test_records_of_a_replica_that_is_not_there_are_corruption(void **state)
{
    (void)state;
    struct record other = entry(1, 1);
    other.incarnation = 2;
    assert_int_equal(apply(first, entry(1, 1)), STATUS_CORRUPT);

    assert_int_equal(apply(first, (struct record){.type = RECORD_ADD}), STATUS_OK);

    assert_int_equal(apply(first, other), STATUS_CORRUPT);
    assert_int_equal(apply(first, entry(1, 1)), STATUS_OK);
    assert_int_equal(apply(first, (struct record){.type = RECORD_ADD}), STATUS_CORRUPT);
    assert_int_equal(apply(first, (struct record){.type = RECORD_REMOVE}), STATUS_OK);
    assert_int_equal(apply(first, (struct record){.type = RECORD_REMOVE}), STATUS_CORRUPT);
}

static void test_entries_that_leave_a_gap_are_corruption(void **state)
{
    (void)state;
    assert_int_equal(apply(first, group(5, 5)), STATUS_OK);

    assert_int_equal(apply(first, entry(7, 1)), STATUS_CORRUPT);
    assert_int_equal(apply(first, entry(5, 1)), STATUS_CORRUPT);
    assert_int_equal(apply(first, entry(6, 1)), STATUS_OK);
}

static void test_entries_missing_above_the_base_are_corruption_at_the_end(void **state)
{
    (void)state;
    assert_int_equal(apply(first, group(5, 9)), STATUS_OK);
    assert_int_equal(apply(first, entry(10, 1)), STATUS_OK);
    assert_int_equal(log_check_groups(replayed), STATUS_CORRUPT);

    assert_int_equal(apply(first, base(9, 10)), STATUS_OK);

    assert_int_equal(log_check_groups(replayed), STATUS_OK);
}

static void test_a_truncation_may_reach_into_segments_that_are_gone(void **state)
{
    (void)state;
    assert_int_equal(apply(first, group(5, 9)), STATUS_OK);
    assert_int_equal(apply(first, entry(6, 2)), STATUS_OK);

    assert_int_equal(log_check_groups(replayed), STATUS_OK);
    assert_int_equal(log_group_last_index(log_find_group(replayed, 0)), 6);
}

static void test_a_base_that_cannot_be_is_corruption(void **state)
{
    (void)state;
    assert_int_equal(apply(first, group(5, 9)), STATUS_OK);

    assert_int_equal(apply(first, base(4, 9)), STATUS_CORRUPT);
    assert_int_equal(apply(first, base(6, 8)), STATUS_CORRUPT);
    assert_int_equal(apply(first, base(6, 10)), STATUS_CORRUPT);
    assert_int_equal(apply(first, base(6, 6)), STATUS_OK);
}

static void test_a_later_opening_must_repeat_what_is_known(void **state)
{
    (void)state;
    struct record opening = {.type = RECORD_OPENING, .opening.group_count = 2};
    struct record voted = group(5, 5);
    struct record other = group(5, 5);
    struct record stranger = group(5, 5);
    voted.group.vote.term = 1;
    other.incarnation = 2;
    stranger.group_id = 9;
    assert_int_equal(apply(first, opening), STATUS_OK);
    assert_int_equal(apply(first, group(5, 5)), STATUS_OK);

    assert_int_equal(apply(second, opening), STATUS_CORRUPT);
    assert_int_equal(apply(second, voted), STATUS_CORRUPT);
    assert_int_equal(apply(second, other), STATUS_CORRUPT);
    assert_int_equal(apply(second, stranger), STATUS_CORRUPT);
    assert_int_equal(apply(second, group(4, 5)), STATUS_CORRUPT);
    assert_int_equal(apply(second, group(5, 6)), STATUS_CORRUPT);
    assert_int_equal(apply(second, group(5, 5)), STATUS_OK);
}

#define APPLY_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        APPLY_TEST(test_records_of_a_replica_that_is_not_there_are_corruption),
        APPLY_TEST(test_entries_that_leave_a_gap_are_corruption),
        APPLY_TEST(test_entries_missing_above_the_base_are_corruption_at_the_end),
        APPLY_TEST(test_a_truncation_may_reach_into_segments_that_are_gone),
        APPLY_TEST(test_a_base_that_cannot_be_is_corruption),
        APPLY_TEST(test_a_later_opening_must_repeat_what_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
