#include "tests/unit/replication/log/log_fixture.h"

static const struct segment_header header = {.generation = 5, .salt = 77, .size = 64 << 10};

static void test_a_header_comes_back_as_it_was(void **state)
{
    (void)state;
    SCOPED(buffer) buffer = {0};
    struct segment_header decoded;
    segment_header_encode(&buffer, &header);

    assert_int_equal(buffer.size, SEGMENT_HEADER_SIZE);
    assert_int_equal(segment_header_decode(buffer_slice(&buffer), &decoded), STATUS_OK);
    assert_int_equal(decoded.generation, 5);
    assert_int_equal(decoded.salt, 77);
    assert_int_equal(decoded.size, 64 << 10);
}

static void test_a_header_with_any_bit_turned_is_none(void **state)
{
    (void)state;
    SCOPED(buffer) buffer = {0};
    struct segment_header decoded;
    segment_header_encode(&buffer, &header);

    for (size_t bit = 0; bit < 8 * 44; bit++) {
        buffer.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(segment_header_decode(buffer_slice(&buffer), &decoded), STATUS_CORRUPT);
        buffer.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t size = 0; size < 44; size++)
        assert_int_equal(segment_header_decode(slice_of(buffer.bytes, size), &decoded),
                         STATUS_CORRUPT);
}

static void test_a_header_with_a_size_that_cannot_be_is_none(void **state)
{
    (void)state;
    uint64_t sizes[] = {0, SEGMENT_HEADER_SIZE, 10000, (uint64_t)1 << 40};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        SCOPED(buffer) buffer = {0};
        struct segment_header odd = header;
        odd.size = sizes[i];
        segment_header_encode(&buffer, &odd);
        assert_int_equal(segment_header_decode(buffer_slice(&buffer), &odd), STATUS_CORRUPT);
    }
}

static void test_names_are_read_as_they_are_made(void **state)
{
    (void)state;
    for (int i = SEGMENT_NEW; i <= SEGMENT_SPARE; i++) {
        char *path = segment_path("a/b", 0xabcdef0123456789u, (enum segment_state)i);
        uint64_t generation;
        enum segment_state found;
        assert_int_equal(strncmp(path, "a/b/", 4), 0);
        assert_true(segment_name_parse(path + 4, &generation, &found));
        assert_true(generation == 0xabcdef0123456789u);
        assert_int_equal(found, i);
        memory_free(path);
    }
}

static void test_other_names_are_not_taken_for_segments(void **state)
{
    (void)state;
    const char *names[] = {"",
                           "LOCK",
                           "0000000000000001",
                           "0000000000000000.log",
                           "000000000000001.log",
                           "00000000000000001.log",
                           "000000000000000A.log",
                           "0000000000000001.log2",
                           "0000000000000001.lo"};
    uint64_t generation;
    enum segment_state found;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_false(segment_name_parse(names[i], &generation, &found));
}

struct bench {
    struct world *world;
    struct env *env;
};

static int setup(void **state)
{
    struct bench *bench = memory_alloc_zeroed(sizeof *bench);
    bench->world = world_create(1);
    bench->env = world_boot(bench->world, FIXTURE_MACHINE);
    assert_int_equal(env_directory_create(bench->env, "log"), STATUS_OK);
    assert_int_equal(env_directory_sync(bench->env, ""), STATUS_OK);
    *state = bench;
    return 0;
}

static int teardown(void **state)
{
    struct bench *bench = *state;
    world_env_destroy(bench->env);
    world_destroy(bench->world);
    memory_free(bench);
    return 0;
}

static void prepare(struct bench *bench, uint64_t generation, uint64_t spare)
{
    struct segment_header made = header;
    struct env_file *file;
    made.generation = generation;
    assert_int_equal(segment_prepare(bench->env, "log", &made, spare, &file), STATUS_OK);
    env_file_close(file);
}

static enum status open_segment(struct bench *bench, uint64_t generation)
{
    struct segment_header found = {0};
    struct env_file *file = NULL;
    enum status status = segment_open(bench->env, "log", generation, &found, &file);
    if (status == STATUS_OK)
        assert_int_equal(found.generation, generation);
    env_file_close(file);
    return status;
}

static void reboot(struct bench *bench)
{
    world_crash(bench->world, FIXTURE_MACHINE);
    world_env_destroy(bench->env);
    bench->env = world_boot(bench->world, FIXTURE_MACHINE);
}

static void test_a_prepared_segment_survives_a_power_cut(void **state)
{
    struct bench *bench = *state;
    prepare(bench, 5, 0);

    reboot(bench);

    assert_int_equal(open_segment(bench, 5), STATUS_OK);
}

static void test_a_retired_segment_is_used_again_under_another_generation(void **state)
{
    struct bench *bench = *state;
    prepare(bench, 5, 0);
    assert_int_equal(segment_retire(bench->env, "log", 5), STATUS_OK);
    reboot(bench);
    assert_int_equal(open_segment(bench, 5), STATUS_NOT_FOUND);

    prepare(bench, 6, 5);
    reboot(bench);

    assert_int_equal(open_segment(bench, 6), STATUS_OK);
    assert_int_equal(open_segment(bench, 5), STATUS_NOT_FOUND);
    assert_int_equal(segment_remove(bench->env, "log", 5, SEGMENT_SPARE), STATUS_NOT_FOUND);
}

static void test_a_file_under_the_name_of_another_is_corrupt(void **state)
{
    struct bench *bench = *state;
    prepare(bench, 5, 0);
    assert_int_equal(
        env_file_rename(bench->env, "log/0000000000000005.log", "log/0000000000000006.log"),
        STATUS_OK);

    assert_int_equal(open_segment(bench, 6), STATUS_CORRUPT);
}

static void test_a_full_disk_leaves_nothing_of_a_segment(void **state)
{
    struct bench *bench = *state;
    struct env_file *file;
    sim_disk_faults(world_disk(bench->world, FIXTURE_MACHINE))->capacity_bytes = 10000;

    assert_int_equal(segment_prepare(bench->env, "log", &header, 0, &file), STATUS_DISK_FULL);

    assert_int_equal(sim_disk_used_bytes(world_disk(bench->world, FIXTURE_MACHINE)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_header_comes_back_as_it_was),
        cmocka_unit_test(test_a_header_with_any_bit_turned_is_none),
        cmocka_unit_test(test_a_header_with_a_size_that_cannot_be_is_none),
        cmocka_unit_test(test_names_are_read_as_they_are_made),
        cmocka_unit_test(test_other_names_are_not_taken_for_segments),
        cmocka_unit_test_setup_teardown(test_a_prepared_segment_survives_a_power_cut, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            test_a_retired_segment_is_used_again_under_another_generation, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_file_under_the_name_of_another_is_corrupt, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_full_disk_leaves_nothing_of_a_segment, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
