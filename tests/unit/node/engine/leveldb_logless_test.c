#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/engine/leveldb_env.h"
#include "node/engine/leveldb_logless.h"

#include <dirent.h>
#include <leveldb/c.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    char directory[64];
    struct leveldb_logless *logless;
    leveldb_options_t *options;
    leveldb_options_t *plain_options; /* of a LevelDB that has its log */
    leveldb_writeoptions_t *writes;
    leveldb_readoptions_t *reads;
};

static int setup(void **state)
{
    struct fixture *fixture = memory_alloc_zeroed(sizeof *fixture);
    snprintf(fixture->directory, sizeof fixture->directory, "/tmp/leveldb_logless_test.XXXXXX");
    assert_non_null(mkdtemp(fixture->directory));
    assert_int_equal(leveldb_logless_create(NULL, &fixture->logless), STATUS_OK);
    fixture->options = leveldb_options_create();
    leveldb_options_set_create_if_missing(fixture->options, 1);
    leveldb_options_set_env(fixture->options, leveldb_logless_env(fixture->logless));
    fixture->plain_options = leveldb_options_create();
    leveldb_options_set_create_if_missing(fixture->plain_options, 1);
    fixture->writes = leveldb_writeoptions_create();
    fixture->reads = leveldb_readoptions_create();
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    char command[80];
    leveldb_options_destroy(fixture->options);
    leveldb_options_destroy(fixture->plain_options);
    leveldb_writeoptions_destroy(fixture->writes);
    leveldb_readoptions_destroy(fixture->reads);
    leveldb_logless_destroy(fixture->logless);
    snprintf(command, sizeof command, "rm -r %s", fixture->directory);
    assert_int_equal(system(command), 0);
    memory_free(fixture);
    return 0;
}

static leveldb_t *open_store(const struct fixture *fixture, leveldb_options_t *options)
{
    char *error = NULL;
    leveldb_t *leveldb = leveldb_open(options, fixture->directory, &error);
    assert_null(error);
    return leveldb;
}

static void put(const struct fixture *fixture, leveldb_t *leveldb, const char *key)
{
    char *error = NULL;
    leveldb_put(leveldb, fixture->writes, key, 1, "value", 5, &error);
    assert_null(error);
}

static bool holds(const struct fixture *fixture, leveldb_t *leveldb, const char *key)
{
    char *error = NULL;
    size_t size;
    char *value = leveldb_get(leveldb, fixture->reads, key, 1, &size, &error);
    assert_null(error);
    leveldb_free(value);
    return value != NULL;
}

/* How many logs there are; none may hold anything. */
static size_t empty_logs_count(const struct fixture *fixture)
{
    size_t count = 0;
    DIR *directory = opendir(fixture->directory);
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char path[400];
        struct stat facts;
        if (strstr(entry->d_name, ".log") == NULL)
            continue;
        snprintf(path, sizeof path, "%s/%s", fixture->directory, entry->d_name);
        assert_int_equal(stat(path, &facts), 0);
        assert_int_equal(facts.st_size, 0);
        count++;
    }
    closedir(directory);
    return count;
}

static void test_a_log_is_there_and_stays_empty(void **state)
{
    struct fixture *fixture = *state;
    leveldb_t *leveldb = open_store(fixture, fixture->options);

    put(fixture, leveldb, "a");

    assert_true(holds(fixture, leveldb, "a"));
    leveldb_close(leveldb);
    assert_int_equal(empty_logs_count(fixture), 1);
}

static void test_only_what_was_flushed_is_there_after_reopening(void **state)
{
    struct fixture *fixture = *state;
    leveldb_t *leveldb = open_store(fixture, fixture->options);
    put(fixture, leveldb, "a");
    leveldb_compact_range(leveldb, "", 0, "", 0);
    put(fixture, leveldb, "b");
    leveldb_close(leveldb);

    leveldb = open_store(fixture, fixture->options);

    assert_true(holds(fixture, leveldb, "a"));
    assert_false(holds(fixture, leveldb, "b"));
    leveldb_close(leveldb);
}

static void test_a_log_from_before_is_read(void **state)
{
    struct fixture *fixture = *state;
    leveldb_t *leveldb = open_store(fixture, fixture->plain_options);
    put(fixture, leveldb, "a");
    leveldb_close(leveldb);

    leveldb = open_store(fixture, fixture->options);

    assert_true(holds(fixture, leveldb, "a"));
    leveldb_close(leveldb);
    assert_int_equal(empty_logs_count(fixture), 1);
}

static void test_all_else_goes_to_the_env_behind_it(void **state)
{
    struct fixture *fixture = *state;
    OWNED(leveldb_recording) recording = NULL;
    assert_int_equal(leveldb_recording_create(fixture->directory, &recording), STATUS_OK);
    leveldb_logless_destroy(GIVE(fixture->logless));
    assert_int_equal(leveldb_logless_create(leveldb_recording_env(recording), &fixture->logless),
                     STATUS_OK);
    leveldb_options_set_env(fixture->options, leveldb_logless_env(fixture->logless));
    leveldb_t *leveldb = open_store(fixture, fixture->options);
    size_t opened_at = leveldb_recording_position(recording);

    put(fixture, leveldb, "a");
    size_t written_at = leveldb_recording_position(recording);
    leveldb_compact_range(leveldb, "", 0, "", 0);
    leveldb_close(leveldb);

    assert_int_equal(written_at, opened_at);
    assert_true(leveldb_recording_position(recording) > written_at);
    leveldb_logless_destroy(GIVE(fixture->logless));
}

#define LOGLESS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOGLESS_TEST(test_a_log_is_there_and_stays_empty),
        LOGLESS_TEST(test_only_what_was_flushed_is_there_after_reopening),
        LOGLESS_TEST(test_a_log_from_before_is_read),
        LOGLESS_TEST(test_all_else_goes_to_the_env_behind_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
