#include "core/env/env_uv.h"
#include "tests/unit/replication/log/log_fixture.h"

#include <stdlib.h>
#include <unistd.h>

/* A log on a real disk. */
struct real {
    char directory[32];
    char path[64];
    struct env *env;
    struct log *log;
    uint64_t synced_lsn;
};

static void on_synced(void *context, uint64_t lsn)
{
    struct real *real = context;
    real->synced_lsn = lsn;
}

static void open_real(struct real *real)
{
    struct log_options options = {.path = real->path,
                                  .segment_size = FIXTURE_SEGMENT_SIZE,
                                  .synced_fn = on_synced,
                                  .context = real};
    assert_int_equal(log_open(real->env, &options, &real->log), STATUS_OK);
}

static int setup(void **state)
{
    struct real *real = memory_alloc_zeroed(sizeof *real);
    snprintf(real->directory, sizeof real->directory, "/tmp/log_open_test.XXXXXX");
    assert_non_null(mkdtemp(real->directory));
    snprintf(real->path, sizeof real->path, "%s/a/log", real->directory);
    real->env = env_uv_create(&(struct env_uv_options){0});
    open_real(real);
    *state = real;
    return 0;
}

static void remove_file(void *context, const char *name)
{
    struct real *real = context;
    char path[sizeof real->path + 64];
    snprintf(path, sizeof path, "%s/%s", real->path, name);
    assert_int_equal(unlink(path), 0);
}

static int teardown(void **state)
{
    struct real *real = *state;
    log_destroy(real->log);
    env_uv_finish_works(real->env);
    assert_int_equal(env_directory_list(real->env, real->path, remove_file, real), STATUS_OK);
    env_uv_destroy(real->env);
    assert_int_equal(rmdir(real->path), 0);
    real->path[strlen(real->path) - strlen("/log")] = '\0';
    assert_int_equal(rmdir(real->path), 0);
    assert_int_equal(rmdir(real->directory), 0);
    memory_free(real);
    return 0;
}

static void append(struct real *real, struct log_group *group)
{
    static const uint8_t bytes[5000];
    struct log_entry entry = {
        .index = log_group_last_index(group) + 1,
        .term = 1,
        .type = LOG_ENTRY_COMMAND,
        .bytes = slice_of(bytes, sizeof bytes),
    };
    log_append_entry(real->log, group, &entry);
}

static void test_a_log_on_a_real_disk_comes_back(void **state)
{
    struct real *real = *state;
    struct log_group *group = log_add_group(real->log, 1, 1);
    for (int i = 0; i < 100; i++) {
        append(real, group);
        env_uv_turn(real->env);
    }
    while (real->synced_lsn < real->log->appended_lsn)
        env_uv_turn(real->env);
    log_destroy(GIVE(real->log));
    env_uv_finish_works(real->env);

    open_real(real);

    group = log_find_group(real->log, 1);
    assert_non_null(group);
    assert_int_equal(log_group_last_index(group), 100);
}

static void test_a_log_destroyed_during_a_write_tells_nothing_more(void **state)
{
    struct real *real = *state;
    append(real, log_add_group(real->log, 1, 1));
    while (!real->log->writer.is_busy)
        env_uv_turn(real->env);

    log_destroy(GIVE(real->log));
    env_uv_finish_works(real->env);

    assert_int_equal(real->synced_lsn, 0);
}

static void test_destroying_nothing_is_fine(void **state)
{
    (void)state;
    log_destroy(NULL);
}

static void test_a_failed_opening_leaves_nothing_open(void **state)
{
    (void)state;
    for (uint64_t one_in = 2; one_in < 20; one_in++) {
        struct fixture fixture;
        fixture_init(&fixture, one_in);
        sim_disk_faults(fixture_disk(&fixture))->sync_failure_one_in = one_in;
        for (int i = 0; i < 10; i++) {
            enum status status = fixture_open(&fixture);
            assert_true(status == STATUS_OK || status == STATUS_IO);
            fixture_close(&fixture); /* the world counts open files */
        }
        fixture_deinit(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_log_on_a_real_disk_comes_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_log_destroyed_during_a_write_tells_nothing_more,
                                        setup, teardown),
        cmocka_unit_test(test_destroying_nothing_is_fine),
        cmocka_unit_test(test_a_failed_opening_leaves_nothing_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
