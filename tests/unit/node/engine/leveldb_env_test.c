#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/engine/leveldb_env.h"

#include <dirent.h>
#include <leveldb/c.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    char root[64];
    char directory[80];
    char survivors[80];
    struct leveldb_recording *recording;
    leveldb_options_t *options;
    leveldb_writeoptions_t *lazily;
    leveldb_writeoptions_t *synced;
    leveldb_readoptions_t *reads;
};

static int setup(void **state)
{
    struct fixture *fixture = memory_alloc_zeroed(sizeof *fixture);
    snprintf(fixture->root, sizeof fixture->root, "/tmp/leveldb_env_test.XXXXXX");
    assert_non_null(mkdtemp(fixture->root));
    snprintf(fixture->directory, sizeof fixture->directory, "%s/store", fixture->root);
    snprintf(fixture->survivors, sizeof fixture->survivors, "%s/survivors", fixture->root);
    assert_int_equal(mkdir(fixture->directory, 0700), 0);
    assert_int_equal(leveldb_recording_create(fixture->directory, &fixture->recording), STATUS_OK);
    fixture->options = leveldb_options_create();
    leveldb_options_set_create_if_missing(fixture->options, 1);
    leveldb_options_set_env(fixture->options, leveldb_recording_env(fixture->recording));
    fixture->lazily = leveldb_writeoptions_create();
    fixture->synced = leveldb_writeoptions_create();
    leveldb_writeoptions_set_sync(fixture->synced, 1);
    fixture->reads = leveldb_readoptions_create();
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    char command[80];
    leveldb_options_destroy(fixture->options);
    leveldb_writeoptions_destroy(fixture->lazily);
    leveldb_writeoptions_destroy(fixture->synced);
    leveldb_readoptions_destroy(fixture->reads);
    leveldb_recording_destroy(fixture->recording);
    snprintf(command, sizeof command, "rm -r %s", fixture->root);
    assert_int_equal(system(command), 0);
    memory_free(fixture);
    return 0;
}

static leveldb_t *open_store(struct fixture *fixture)
{
    char *error = NULL;
    leveldb_t *leveldb = leveldb_open(fixture->options, fixture->directory, &error);
    assert_null(error);
    return leveldb;
}

static void put(leveldb_t *leveldb, const leveldb_writeoptions_t *how, const char *key)
{
    char *error = NULL;
    leveldb_put(leveldb, how, key, 1, "value", 5, &error);
    assert_null(error);
}

static void cut(struct fixture *fixture, size_t position, uint64_t seed)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", fixture->survivors);
    assert_int_equal(system(command), 0);
    assert_int_equal(leveldb_recording_cut(fixture->recording, position, seed, fixture->survivors),
                     STATUS_OK);
}

/* Whether the key is in what the last cut left behind, which must open. */
static bool has_survived(struct fixture *fixture, const char *key)
{
    char *error = NULL;
    size_t size;
    leveldb_options_t *options = leveldb_options_create();
    leveldb_options_set_create_if_missing(options, 1);
    leveldb_t *leveldb = leveldb_open(options, fixture->survivors, &error);
    assert_null(error);
    char *value = leveldb_get(leveldb, fixture->reads, key, 1, &size, &error);
    assert_null(error);
    leveldb_close(leveldb);
    leveldb_options_destroy(options);
    leveldb_free(value);
    return value != NULL;
}

static void test_what_was_synced_survives_every_cut_after_it(void **state)
{
    struct fixture *fixture = *state;
    leveldb_t *leveldb = open_store(fixture);
    put(leveldb, fixture->synced, "a");
    size_t position = leveldb_recording_position(fixture->recording);
    for (int i = 0; i < 20; i++)
        put(leveldb, fixture->lazily, "b");
    leveldb_close(leveldb);

    for (uint64_t seed = 0; seed < 20; seed++) {
        cut(fixture, position + seed, seed);
        assert_true(has_survived(fixture, "a"));
    }
}

static void test_what_was_not_synced_may_survive_or_not(void **state)
{
    struct fixture *fixture = *state;
    leveldb_t *leveldb = open_store(fixture);
    put(leveldb, fixture->lazily, "a");
    leveldb_close(leveldb);
    size_t survived_count = 0;

    for (uint64_t seed = 0; seed < 40; seed++) {
        cut(fixture, leveldb_recording_position(fixture->recording), seed);
        survived_count += has_survived(fixture, "a");
    }

    assert_in_range(survived_count, 1, 39);
}

static void test_what_was_written_after_the_cut_never_survives(void **state)
{
    struct fixture *fixture = *state;
    leveldb_t *leveldb = open_store(fixture);
    size_t position = leveldb_recording_position(fixture->recording);
    put(leveldb, fixture->synced, "a");
    leveldb_close(leveldb);

    for (uint64_t seed = 0; seed < 20; seed++) {
        cut(fixture, position, seed);
        assert_false(has_survived(fixture, "a"));
    }
}

static size_t file_count(const char *path)
{
    size_t count = 0;
    DIR *directory = opendir(path);
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

static void test_a_cut_before_everything_leaves_nothing(void **state)
{
    struct fixture *fixture = *state;
    leveldb_close(open_store(fixture));

    cut(fixture, 0, 1);

    assert_int_equal(file_count(fixture->survivors), 0);
}

static void test_what_was_there_before_the_recording_survives(void **state)
{
    struct fixture *fixture = *state;
    leveldb_t *leveldb = open_store(fixture);
    put(leveldb, fixture->lazily, "a");
    leveldb_close(leveldb);
    leveldb_recording_destroy(fixture->recording);

    assert_int_equal(leveldb_recording_create(fixture->directory, &fixture->recording), STATUS_OK);

    cut(fixture, 0, 1);
    assert_true(has_survived(fixture, "a"));
}

static void test_the_same_seed_cuts_the_same(void **state)
{
    struct fixture *fixture = *state;
    leveldb_t *leveldb = open_store(fixture);
    for (int i = 0; i < 50; i++)
        put(leveldb, fixture->lazily, "a");
    leveldb_close(leveldb);
    char command[300];
    size_t position = leveldb_recording_position(fixture->recording);

    for (uint64_t seed = 0; seed < 5; seed++) {
        cut(fixture, position, seed);
        snprintf(command, sizeof command, "rm -rf %s.first && mv %s %s.first", fixture->survivors,
                 fixture->survivors, fixture->survivors);
        assert_int_equal(system(command), 0);
        cut(fixture, position, seed);
        snprintf(command, sizeof command, "diff -r %s %s.first", fixture->survivors,
                 fixture->survivors);
        assert_int_equal(system(command), 0);
    }
}

static void test_a_fault_is_reported_until_it_is_over(void **state)
{
    struct fixture *fixture = *state;
    leveldb_t *leveldb = open_store(fixture);
    char *error = NULL;

    leveldb_recording_set_fault(fixture->recording, LEVELDB_FAULT_APPEND);
    leveldb_put(leveldb, fixture->lazily, "a", 1, "value", 5, &error);
    leveldb_recording_set_fault(fixture->recording, LEVELDB_FAULT_NONE);

    assert_non_null(error);
    leveldb_free(error);
    put(leveldb, fixture->lazily, "b");
    leveldb_close(leveldb);
}

static void test_a_directory_that_is_not_there_cannot_be_recorded(void **state)
{
    (void)state;
    struct leveldb_recording *recording = NULL;

    assert_int_equal(leveldb_recording_create("/tmp/leveldb_env_test/missing", &recording),
                     STATUS_IO);

    assert_null(recording);
}

#define ENV_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ENV_TEST(test_what_was_synced_survives_every_cut_after_it),
        ENV_TEST(test_what_was_not_synced_may_survive_or_not),
        ENV_TEST(test_what_was_written_after_the_cut_never_survives),
        ENV_TEST(test_a_cut_before_everything_leaves_nothing),
        ENV_TEST(test_what_was_there_before_the_recording_survives),
        ENV_TEST(test_the_same_seed_cuts_the_same),
        ENV_TEST(test_a_fault_is_reported_until_it_is_over),
        cmocka_unit_test(test_a_directory_that_is_not_there_cannot_be_recorded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
