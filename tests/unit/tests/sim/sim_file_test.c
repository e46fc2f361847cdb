#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/memory.h"
#include "tests/sim/sim_file.h"
#include "tests/unit/seed.h"

enum { SEED_COUNT = 400 };

static void write_fill(struct sim_file *file, uint64_t offset, uint8_t value, size_t size)
{
    uint8_t *bytes = memory_alloc(size);
    memset(bytes, value, size);
    sim_file_write(file, offset, slice_of(bytes, size));
    memory_free(bytes);
}

/* How many of the sector's first bytes have this value, all others being `rest`; -1: it is mixed.
 */
static int leading_count(const uint8_t *sector, uint8_t value, uint8_t rest)
{
    int count = 0;
    while (count < SIM_SECTOR_SIZE && sector[count] == value)
        count++;
    for (int i = count; i < SIM_SECTOR_SIZE; i++)
        if (sector[i] != rest)
            return -1;
    return count;
}

static void test_reads_show_what_was_written_whatever_the_alignment(void **state)
{
    (void)state;
    struct random random = random_of_test();
    enum { SIZE = 40000 };
    uint8_t expected[SIZE] = {0};
    uint8_t found[SIZE];
    SCOPED(sim_file) file = {0};
    sim_file_grow(&file, SIZE);
    for (int i = 0; i < 500; i++) {
        size_t at = random_below(&random, SIZE);
        size_t size = 1 + random_below(&random, SIZE - at);
        size = size > 9000 ? 9000 : size;
        memset(expected + at, i, size);
        write_fill(&file, at, (uint8_t)i, size);
        if (random_one_in(&random, 10))
            sim_file_sync(&file);
    }

    size_t size = sim_file_read(&file, 0, found, SIZE);

    assert_int_equal(size, SIZE);
    assert_memory_equal(found, expected, SIZE);
}

static void test_a_read_ends_with_the_file(void **state)
{
    (void)state;
    uint8_t bytes[16];
    SCOPED(sim_file) file = {0};
    write_fill(&file, 0, 1, 10);

    assert_int_equal(sim_file_read(&file, 4, bytes, 16), 6);
    assert_int_equal(sim_file_read(&file, 10, bytes, 16), 0);
    assert_int_equal(sim_file_read(&file, 1000000, bytes, 16), 0);
}

static void test_synced_bytes_survive_every_power_cut(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        struct random random = random_of_seed(seed);
        uint8_t bytes[3000];
        SCOPED(sim_file) file = {0};
        write_fill(&file, 100, 7, 2900);
        sim_file_sync(&file);

        sim_file_cut_power(&file, &random);

        assert_int_equal(sim_file_read(&file, 0, bytes, sizeof bytes), 3000);
        assert_int_equal(bytes[99], 0);
        for (size_t i = 100; i < sizeof bytes; i++)
            assert_int_equal(bytes[i], 7);
    }
}

static void test_an_unsynced_sector_is_old_new_or_torn_and_each_happens(void **state)
{
    (void)state;
    uint64_t old_count = 0, new_count = 0, torn_count = 0;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        struct random random = random_of_seed(seed);
        uint8_t bytes[SIM_SECTOR_SIZE];
        SCOPED(sim_file) file = {0};
        write_fill(&file, 0, 1, 10 * SIM_SECTOR_SIZE);
        sim_file_sync(&file);
        write_fill(&file, 0, 2, 10 * SIM_SECTOR_SIZE);

        sim_file_cut_power(&file, &random);

        for (uint64_t sector = 0; sector < 10; sector++) {
            assert_int_equal(sim_file_read(&file, sector * SIM_SECTOR_SIZE, bytes, SIM_SECTOR_SIZE),
                             SIM_SECTOR_SIZE);
            int count = leading_count(bytes, 2, 1);
            assert_true(count >= 0);
            old_count += count == 0;
            new_count += count == SIM_SECTOR_SIZE;
            torn_count += count > 0 && count < SIM_SECTOR_SIZE;
        }
    }
    assert_true(old_count > SEED_COUNT && new_count > SEED_COUNT && torn_count > SEED_COUNT / 2);
}

static void test_an_unsynced_growth_survives_wholly_partly_or_not(void **state)
{
    (void)state;
    int none_count = 0, part_count = 0, all_count = 0;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        struct random random = random_of_seed(seed);
        SCOPED(sim_file) file = {0};
        write_fill(&file, 0, 1, 1000);
        sim_file_sync(&file);
        write_fill(&file, 1000, 2, 5000);

        sim_file_cut_power(&file, &random);

        assert_true(file.size >= 1000 && file.size <= 6000);
        none_count += file.size == 1000;
        all_count += file.size == 6000;
        part_count += file.size > 1000 && file.size < 6000;
    }
    assert_true(none_count > 0 && part_count > 0 && all_count > 0);
}

static void test_what_a_cut_shrank_away_does_not_come_back_with_new_growth(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        struct random random = random_of_seed(seed);
        uint8_t bytes[6000];
        SCOPED(sim_file) file = {0};
        write_fill(&file, 0, 2, 6000);
        sim_file_cut_power(&file, &random);
        uint64_t size = file.size;

        sim_file_grow(&file, 6000);

        assert_int_equal(sim_file_read(&file, 0, bytes, sizeof bytes), 6000);
        for (uint64_t i = size; i < 6000; i++)
            assert_int_equal(bytes[i], 0);
    }
}

static void test_a_failed_sync_can_lose_what_a_later_one_does_not_bring_back(void **state)
{
    (void)state;
    int lost_count = 0, seen_and_lost_count = 0;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        struct random random = random_of_seed(seed);
        uint8_t before, after;
        SCOPED(sim_file) file = {0};
        sim_file_grow(&file, SIM_SECTOR_SIZE);
        sim_file_sync(&file);
        write_fill(&file, 0, 3, SIM_SECTOR_SIZE);
        sim_file_fail_sync(&file, &random);
        sim_file_sync(&file);
        assert_int_equal(sim_file_read(&file, SIM_SECTOR_SIZE - 1, &before, 1), 1);

        sim_file_cut_power(&file, &random);

        assert_int_equal(sim_file_read(&file, SIM_SECTOR_SIZE - 1, &after, 1), 1);
        assert_true(before == 3 || after == 0);
        lost_count += after == 0;
        seen_and_lost_count += before == 3 && after == 0;
    }
    assert_true(lost_count > 0 && lost_count < SEED_COUNT);
    assert_true(seen_and_lost_count > 0);
}

static void test_bytes_written_anew_after_a_failed_sync_are_kept_by_the_next(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        struct random random = random_of_seed(seed);
        uint8_t bytes[SIM_SECTOR_SIZE];
        SCOPED(sim_file) file = {0};
        write_fill(&file, 0, 3, SIM_SECTOR_SIZE);
        sim_file_fail_sync(&file, &random);
        write_fill(&file, 0, 4, SIM_SECTOR_SIZE);
        sim_file_sync(&file);

        sim_file_cut_power(&file, &random);

        assert_int_equal(sim_file_read(&file, 0, bytes, sizeof bytes), SIM_SECTOR_SIZE);
        assert_int_equal(leading_count(bytes, 4, 4), SIM_SECTOR_SIZE);
    }
}

static void test_rot_turns_one_bit_for_good(void **state)
{
    (void)state;
    struct random random = random_of_test();
    uint8_t bytes[3];
    SCOPED(sim_file) file = {0};
    write_fill(&file, 0, 8, 3);
    sim_file_sync(&file);

    sim_file_corrupt(&file, 1, 0);
    sim_file_cut_power(&file, &random);

    assert_int_equal(sim_file_read(&file, 0, bytes, 3), 3);
    assert_int_equal(bytes[0], 8);
    assert_int_equal(bytes[1], 9);
    assert_int_equal(bytes[2], 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_show_what_was_written_whatever_the_alignment),
        cmocka_unit_test(test_a_read_ends_with_the_file),
        cmocka_unit_test(test_synced_bytes_survive_every_power_cut),
        cmocka_unit_test(test_an_unsynced_sector_is_old_new_or_torn_and_each_happens),
        cmocka_unit_test(test_an_unsynced_growth_survives_wholly_partly_or_not),
        cmocka_unit_test(test_what_a_cut_shrank_away_does_not_come_back_with_new_growth),
        cmocka_unit_test(test_a_failed_sync_can_lose_what_a_later_one_does_not_bring_back),
        cmocka_unit_test(test_bytes_written_anew_after_a_failed_sync_are_kept_by_the_next),
        cmocka_unit_test(test_rot_turns_one_bit_for_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
