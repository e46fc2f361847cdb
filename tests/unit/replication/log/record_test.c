#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "replication/log/record.h"

enum { OFFSET = 4096 };

static const struct record_life life = {.tag = 0x01020304, .seed = 99};

static struct record entry_record(const char *text)
{
    return (struct record){
        .type = RECORD_ENTRY,
        .gap = 8,
        .synced_end = 4000,
        .group_id = 7,
        .incarnation = 3,
        .commit_hint = 11,
        .entry = {.index = 12,
                  .term = 2,
                  .type = LOG_ENTRY_CONFIGURATION,
                  .bytes = slice_of_text(text)},
    };
}

static struct record base_record(enum record_type type)
{
    struct record_base base = {
        .base = {.index = 5,
                 .term = 4,
                 .configuration_index = 3,
                 .configuration = slice_of_text("voters")},
        .last_index = 9,
    };
    struct record record = {.type = type, .group_id = 1, .incarnation = 1};
    if (type == RECORD_BASE)
        record.base = base;
    else
        record.group = (struct record_group){.vote = {.term = 6, .vote = UINT64_MAX}, .base = base};
    return record;
}

/* Encodes, decodes and encodes again: the bytes must be the same. */
static struct record round_trip(const struct record *record)
{
    SCOPED(buffer) first = {0};
    SCOPED(buffer) second = {0};
    struct record decoded;
    record_encode(&first, life, OFFSET, record);
    assert_int_equal(first.size, record_size(record));
    assert_int_equal(first.size % RECORD_ALIGNMENT, 0);
    assert_int_equal(record_decode(buffer_slice(&first), life, OFFSET, &decoded), STATUS_OK);
    record_encode(&second, life, OFFSET, &decoded);
    assert_true(slice_is_equal(buffer_slice(&first), buffer_slice(&second)));
    assert_int_equal(decoded.type, record->type);
    return decoded;
}

static void test_an_entry_comes_back_as_it_was(void **state)
{
    (void)state;
    struct record record = entry_record("bytes");

    SCOPED(buffer) buffer = {0};
    struct record decoded;
    record_encode(&buffer, life, OFFSET, &record);
    assert_int_equal(record_decode(buffer_slice(&buffer), life, OFFSET, &decoded), STATUS_OK);

    assert_int_equal(decoded.gap, 8);
    assert_int_equal(decoded.synced_end, 4000);
    assert_int_equal(decoded.group_id, 7);
    assert_int_equal(decoded.incarnation, 3);
    assert_int_equal(decoded.commit_hint, 11);
    assert_int_equal(decoded.entry.index, 12);
    assert_int_equal(decoded.entry.term, 2);
    assert_int_equal(decoded.entry.type, LOG_ENTRY_CONFIGURATION);
    assert_true(slice_is_text(decoded.entry.bytes, "bytes"));
}

static void test_every_type_comes_back_as_it_was(void **state)
{
    (void)state;
    struct record opening = {.type = RECORD_OPENING,
                             .opening = {.previous_generation = 3, .previous_end = 5000}};
    struct record add = {.type = RECORD_ADD, .group_id = UINT32_MAX, .incarnation = UINT64_MAX};
    struct record remove = {.type = RECORD_REMOVE, .incarnation = 1};
    struct record vote = {.type = RECORD_VOTE, .incarnation = 1, .vote = {.term = 4, .vote = 5}};
    struct record base = base_record(RECORD_BASE);
    struct record group = base_record(RECORD_GROUP);
    struct record empty = entry_record("");

    assert_int_equal(round_trip(&opening).opening.previous_end, 5000);
    assert_int_equal(round_trip(&add).incarnation, UINT64_MAX);
    round_trip(&remove);
    assert_int_equal(round_trip(&vote).vote.vote, 5);
    assert_int_equal(round_trip(&base).base.last_index, 9);
    assert_int_equal(round_trip(&group).group.vote.vote, UINT64_MAX);
    round_trip(&empty);
}

static void test_the_largest_entry_fits(void **state)
{
    (void)state;
    struct record record = entry_record("");
    record.entry.bytes.size = LIMIT_LOG_ENTRY_SIZE;
    void *bytes = memory_alloc_zeroed(LIMIT_LOG_ENTRY_SIZE);
    record.entry.bytes.bytes = bytes;

    round_trip(&record);

    memory_free(bytes);
}

static void test_a_record_is_none_in_another_place_or_life(void **state)
{
    (void)state;
    SCOPED(buffer) buffer = {0};
    struct record record = entry_record("bytes");
    record_encode(&buffer, life, OFFSET, &record);
    struct record_life same_tag = {.tag = life.tag, .seed = life.seed + 1};
    struct record_life same_seed = {.tag = life.tag + 1, .seed = life.seed};

    struct slice bytes = buffer_slice(&buffer);
    assert_int_equal(record_decode(bytes, life, OFFSET + 8, &record), STATUS_CORRUPT);
    assert_int_equal(record_decode(bytes, same_tag, OFFSET, &record), STATUS_CORRUPT);
    assert_int_equal(record_decode(bytes, same_seed, OFFSET, &record), STATUS_CORRUPT);
}

static void test_lives_differ_by_generation_and_by_salt(void **state)
{
    (void)state;
    struct record_life first = record_life_of(1, 5);
    struct record_life later = record_life_of(2, 5);
    struct record_life salted = record_life_of(1, 6);

    assert_true(first.tag != later.tag);
    assert_true(first.seed != later.seed);
    assert_true(first.seed != salted.seed);
}

static void test_a_record_with_any_bit_turned_is_none(void **state)
{
    (void)state;
    SCOPED(buffer) buffer = {0};
    struct record record = entry_record("eight by");
    record_encode(&buffer, life, OFFSET, &record);
    size_t unpadded = RECORD_HEADER_SIZE + 17 + 8;

    for (size_t bit = 0; bit < 8 * unpadded; bit++) {
        buffer.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(record_decode(buffer_slice(&buffer), life, OFFSET, &record),
                         STATUS_CORRUPT);
        buffer.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void test_a_record_cut_short_is_none(void **state)
{
    (void)state;
    SCOPED(buffer) buffer = {0};
    struct record record = entry_record("bytes");
    record_encode(&buffer, life, OFFSET, &record);

    for (size_t size = 0; size < buffer.size; size++) {
        void *exact = memory_copy(buffer.bytes, size); /* so that reading over it is found out */
        assert_int_equal(record_decode(slice_of(exact, size), life, OFFSET, &record),
                         STATUS_CORRUPT);
        memory_free(exact);
    }
}

static void assert_unsupported(const struct record *record)
{
    SCOPED(buffer) buffer = {0};
    struct record decoded;
    record_encode(&buffer, life, OFFSET, record);
    assert_int_equal(record_decode(buffer_slice(&buffer), life, OFFSET, &decoded),
                     STATUS_UNSUPPORTED);
}

static void test_what_is_sound_but_not_known_is_told_from_damage(void **state)
{
    (void)state;
    struct record no_replica = {.type = RECORD_VOTE};
    struct record replica = {.type = RECORD_OPENING, .incarnation = 1};
    struct record index_zero = entry_record("");
    struct record odd_type = entry_record("");
    struct record shrinking = base_record(RECORD_BASE);
    index_zero.entry.index = 0;
    odd_type.entry.type = (enum log_entry_type)4;
    shrinking.base.last_index = 4;

    assert_unsupported(&no_replica);
    assert_unsupported(&replica);
    assert_unsupported(&index_zero);
    assert_unsupported(&odd_type);
    assert_unsupported(&shrinking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_entry_comes_back_as_it_was),
        cmocka_unit_test(test_every_type_comes_back_as_it_was),
        cmocka_unit_test(test_the_largest_entry_fits),
        cmocka_unit_test(test_a_record_is_none_in_another_place_or_life),
        cmocka_unit_test(test_lives_differ_by_generation_and_by_salt),
        cmocka_unit_test(test_a_record_with_any_bit_turned_is_none),
        cmocka_unit_test(test_a_record_cut_short_is_none),
        cmocka_unit_test(test_what_is_sound_but_not_known_is_told_from_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
