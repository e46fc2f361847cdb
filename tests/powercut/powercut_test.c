/*
 * Real LevelDB under power cuts: whatever survives one, a replay from the last checkpoint makes it
 * whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/env/env_uv.h"
#include "node/engine/leveldb_env.h"
#include "tests/powercut/life.h"
#include "tests/unit/seed.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    CUT_COUNT_DEFAULT = 40,
    CUTS_PER_LIFE = 5,
    LIVES_PER_STORE = 6, /* then an empty one begins */
    PATH_SIZE = 64,
};

struct fixture {
    struct env *env;
    struct random random;
    char root[PATH_SIZE];
    size_t directory_count;
    char directory[PATH_SIZE + 24]; /* of the next life */
    struct log log;
};

static void next_directory(struct fixture *fixture, char out_path[PATH_SIZE + 24])
{
    snprintf(out_path, PATH_SIZE + 24, "%s/%zu", fixture->root, fixture->directory_count++);
}

static void remove_directory(const char *path)
{
    char file[400];
    DIR *directory = opendir(path);
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        (void)unlink(file); /* fails for "." and ".." */
    }
    closedir(directory);
    assert_int_equal(rmdir(path), 0);
}

static void begin_empty(struct fixture *fixture)
{
    next_directory(fixture, fixture->directory);
    fixture->log.count = 0;
    fixture->log.checkpoint = 0;
}

struct cut {
    size_t at;
    uint64_t seed;
    struct log log;
};

static bool try_cut(struct fixture *fixture, struct life *life, struct cut *cut)
{
    char path[PATH_SIZE + 24];
    bool is_whole = false;
    cut->at = random_below(&fixture->random, life_length(life) + 1);
    cut->seed = random_next(&fixture->random);
    life_log_at(life, cut->at, &cut->log);
    next_directory(fixture, path);
    assert_int_equal(leveldb_recording_cut(life->recording, cut->at, cut->seed, path), STATUS_OK);

    enum status status = life_verify(fixture->env, path, &cut->log, &is_whole);

    if (status != STATUS_OK || (!is_whole && life->plant == PLANT_NOTHING))
        fail_msg("cut at %zu of %zu, seed %llu, batches %zu to %zu replayed: %s; see %s", cut->at,
                 life_length(life), (unsigned long long)cut->seed, cut->log.checkpoint,
                 cut->log.count, status_text(status), path);
    remove_directory(path);
    return is_whole;
}

/* Lives and cuts the power; returns how often something was missing then. */
static size_t live_and_cut(struct fixture *fixture, enum plant plant)
{
    static struct life life;
    static struct cut cut;
    size_t broken_count = 0;
    life = (struct life){.env = fixture->env,
                         .directory = fixture->directory,
                         .plant = plant,
                         .random = random_of_seed(random_next(&fixture->random)),
                         .log = fixture->log};
    assert_int_equal(life_run(&life), STATUS_OK);
    for (int i = 0; i < CUTS_PER_LIFE; i++)
        broken_count += !try_cut(fixture, &life, &cut);

    /* The next life begins on what the last cut left, before it was looked at. */
    remove_directory(fixture->directory);
    next_directory(fixture, fixture->directory);
    assert_int_equal(leveldb_recording_cut(life.recording, cut.at, cut.seed, fixture->directory),
                     STATUS_OK);
    fixture->log = cut.log;
    life_deinit(&life);
    return broken_count;
}

static int setup(void **state)
{
    struct fixture *fixture = memory_alloc_zeroed(sizeof *fixture);
    fixture->env = env_uv_create(&(struct env_uv_options){0});
    fixture->random = random_of_test();
    snprintf(fixture->root, sizeof fixture->root, "/tmp/powercut_test.XXXXXX");
    assert_non_null(mkdtemp(fixture->root));
    begin_empty(fixture);
    *state = fixture;
    return 0;
}

/* A failed test leaves its directory for a look. */
static int teardown(void **state)
{
    struct fixture *fixture = *state;
    if (access(fixture->directory, F_OK) == 0)
        remove_directory(fixture->directory);
    (void)rmdir(fixture->root);
    env_uv_destroy(fixture->env);
    memory_free(fixture);
    return 0;
}

static size_t wanted_cut_count(void)
{
    const char *wanted = getenv("GRATICULE_POWER_CUTS");
    return wanted != NULL ? strtoull(wanted, NULL, 10) : CUT_COUNT_DEFAULT;
}

static void test_replay_from_the_last_checkpoint_makes_every_cut_whole(void **state)
{
    struct fixture *fixture = *state;
    size_t life_count = (wanted_cut_count() + CUTS_PER_LIFE - 1) / CUTS_PER_LIFE;
    for (size_t i = 1; i <= life_count; i++) {
        assert_int_equal(live_and_cut(fixture, PLANT_NOTHING), 0);
        if (i % LIVES_PER_STORE == 0) {
            remove_directory(fixture->directory);
            begin_empty(fixture);
        }
    }
}

static size_t broken_count_with(struct fixture *fixture, enum plant plant)
{
    enum { LIFE_COUNT = 6 };
    size_t broken_count = 0;
    for (int i = 0; i < LIFE_COUNT; i++) {
        broken_count += live_and_cut(fixture, plant);
        remove_directory(fixture->directory);
        begin_empty(fixture);
    }
    return broken_count;
}

static void test_a_checkpoint_acknowledged_before_its_flush_is_found_out(void **state)
{
    assert_true(broken_count_with(*state, PLANT_CHECKPOINT_BEFORE_FLUSH) > 0);
}

static void test_a_replay_from_the_last_write_instead_is_found_out(void **state)
{
    assert_true(broken_count_with(*state, PLANT_REPLAY_FROM_LAST_WRITE) > 0);
}

#define POWER_CUT_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        POWER_CUT_TEST(test_replay_from_the_last_checkpoint_makes_every_cut_whole),
        POWER_CUT_TEST(test_a_checkpoint_acknowledged_before_its_flush_is_found_out),
        POWER_CUT_TEST(test_a_replay_from_the_last_write_instead_is_found_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
