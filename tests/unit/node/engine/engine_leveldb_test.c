#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/engine/engine_leveldb.h"
#include "node/engine/leveldb_env.h"
#include "tests/unit/engine_contract.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct store {
    struct env *env;
    char path[64];
    struct leveldb_recording *recording; /* NULL: straight to the disk */
    bool reads_on_loop;
    struct engine_caller caller;
};

static enum status try_to_start(struct store *store)
{
    struct engine_leveldb_options options = {
        .path = store->path, .write_buffer_size = 64 << 10, .reads_on_loop = store->reads_on_loop};
    if (store->recording != NULL)
        options.leveldb_env = leveldb_recording_env(store->recording);
    struct engine *engine = NULL;
    enum status status = engine_leveldb_open(store->env, &options, &engine);
    caller_init(&store->caller, store->env, engine);
    return status;
}

static void start(struct store *store)
{
    assert_int_equal(try_to_start(store), STATUS_OK);
}

static void stop(struct store *store)
{
    engine_destroy(store->caller.engine);
    env_uv_finish_works(store->env);
    caller_deinit(&store->caller);
}

static int setup(void **state)
{
    struct store *store = memory_alloc_zeroed(sizeof *store);
    snprintf(store->path, sizeof store->path, "/tmp/engine_leveldb_test.XXXXXX");
    assert_non_null(mkdtemp(store->path));
    store->env = env_uv_create(&(struct env_uv_options){0});
    start(store);
    *state = store;
    return 0;
}

static int setup_reads_on_loop(void **state)
{
    setup(state);
    struct store *store = *state;
    stop(store);
    store->reads_on_loop = true;
    start(store);
    return 0;
}

static int setup_recording(void **state)
{
    setup(state);
    struct store *store = *state;
    stop(store);
    assert_int_equal(leveldb_recording_create(store->path, &store->recording), STATUS_OK);
    start(store);
    return 0;
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

static int teardown(void **state)
{
    struct store *store = *state;
    stop(store);
    leveldb_recording_destroy(store->recording);
    remove_directory(store->path);
    env_uv_destroy(store->env);
    memory_free(store);
    return 0;
}

#define CONTRACT_TEST(name, contract)                                                              \
    static void name(void **state)                                                                 \
    {                                                                                              \
        contract(&((struct store *)*state)->caller);                                               \
    }

CONTRACT_TEST(test_values_are_found_until_they_are_deleted, contract_values)
CONTRACT_TEST(test_a_batch_is_done_in_its_order_and_taken, contract_batch_order)
CONTRACT_TEST(test_scans_keep_to_their_range_both_ways, contract_scan_ranges)
CONTRACT_TEST(test_a_scan_of_nothing_ends_at_once, contract_scan_of_nothing)
CONTRACT_TEST(test_a_scan_stops_at_its_bounds_and_says_so, contract_scan_bounds)
CONTRACT_TEST(test_writes_and_gets_are_counted, contract_stats)
CONTRACT_TEST(test_it_holds_what_a_model_holds, contract_random)

static void test_what_a_checkpoint_covers_is_there_after_reopening(void **state)
{
    struct store *store = *state;
    uint64_t model[CONTRACT_KEY_COUNT] = {0};
    struct random random = random_of_test();
    for (uint64_t number = 1; number <= 50; number++)
        write_at_random(&store->caller, &random, number, model);
    assert_int_equal(caller_checkpoint(&store->caller), STATUS_OK);

    stop(store);
    start(store);

    assert_content(&store->caller, model);
}

/* What the node's log is replayed for: nobody may come to rely on a log of LevelDB's. */
static void test_what_no_checkpoint_covers_is_gone_after_reopening(void **state)
{
    struct store *store = *state;
    assert_int_equal(caller_put(&store->caller, "a", "1"), STATUS_OK);
    assert_int_equal(caller_checkpoint(&store->caller), STATUS_OK);
    assert_int_equal(caller_put(&store->caller, "a", "2"), STATUS_OK);
    assert_int_equal(caller_put(&store->caller, "b", "2"), STATUS_OK);

    stop(store);
    start(store);

    assert_int_equal(caller_get(&store->caller, "b"), STATUS_NOT_FOUND);
    assert_int_equal(caller_get(&store->caller, "a"), STATUS_OK);
    assert_true(slice_is_text(buffer_slice(&store->caller.bytes), "1"));
}

/* --- Many at a time -------------------------------------------------------------------------- */

enum { MANY = 500 };

struct tally {
    struct env *env;
    struct engine *engine;
    int left;
    int failed_count;
    int found_count;
};

static void count_answer(struct tally *tally, enum status status)
{
    tally->failed_count += status != STATUS_OK;
    if (--tally->left == 0)
        env_uv_stop(tally->env);
}

static void count_done(void *context, enum status status)
{
    count_answer(context, status);
}

static void count_value(void *context, enum status status, struct slice value)
{
    struct tally *tally = context;
    tally->found_count += slice_is_text(value, "value");
    count_answer(tally, status);
}

static void count_page(void *context, enum status status, const struct engine_page *page)
{
    struct tally *tally = context;
    tally->found_count += (int)page->row_count;
    count_answer(tally, status);
}

static void put_many(struct tally *tally)
{
    for (int i = 0; i < MANY; i++) {
        SCOPED(engine_batch) batch;
        char key[16];
        engine_batch_init(&batch);
        snprintf(key, sizeof key, "%d", i);
        engine_batch_put(&batch, slice_of_text(key), slice_of_text("value"));
        engine_write(tally->engine, &batch, count_done, tally);
    }
    tally->left += MANY;
}

static void test_many_writes_gets_and_scans_at_once_are_all_answered(void **state)
{
    struct store *store = *state;
    struct tally tally = {.env = store->env, .engine = store->caller.engine};
    put_many(&tally);
    env_uv_run(store->env);
    assert_int_equal(tally.left, 0);

    struct engine_range range = range_of("1", "2");
    for (int i = 0; i < MANY; i++) {
        char key[16];
        snprintf(key, sizeof key, "%d", i);
        engine_get(tally.engine, slice_of_text(key), count_value, &tally);
        engine_scan(tally.engine, &range, count_page, &tally);
    }
    tally.left = 2 * MANY;
    assert_int_equal(tally.found_count, 0);
    env_uv_run(store->env);

    assert_int_equal(tally.failed_count, 0);
    assert_int_equal(tally.found_count, MANY + 100 * MANY);
}

static void test_a_checkpoint_runs_beside_writes_and_covers_those_before(void **state)
{
    struct store *store = *state;
    struct tally tally = {.env = store->env, .engine = store->caller.engine};
    assert_int_equal(caller_put(&store->caller, "before", "1"), STATUS_OK);
    size_t checkpoint_count = 20;

    for (size_t i = 0; i < checkpoint_count; i++) {
        put_many(&tally);
        tally.left++;
        engine_checkpoint(tally.engine, count_done, &tally);
        env_uv_run(store->env);
        assert_int_equal(tally.left, 0);
    }
    assert_int_equal(tally.failed_count, 0);
    assert_int_equal(caller_checkpoint(&store->caller), STATUS_OK);

    /* Whatever is not synced goes, and nothing is missed. */
    stop(store);
    char path[80];
    snprintf(path, sizeof path, "%s.cut", store->path);
    size_t position = leveldb_recording_position(store->recording);
    assert_int_equal(leveldb_recording_cut(store->recording, position, 1, path), STATUS_OK);
    leveldb_recording_destroy(GIVE(store->recording));
    remove_directory(store->path);
    assert_int_equal(rename(path, store->path), 0);
    start(store);
    assert_int_equal(caller_get(&store->caller, "before"), STATUS_OK);
    assert_int_equal(caller_get(&store->caller, "499"), STATUS_OK);
}

/* --- Failures -------------------------------------------------------------------------------- */

/* Writes until LevelDB's memory must go to a table, and returns how that ended. */
static enum status put_until_it_fails(struct engine_caller *caller)
{
    static char value[1000];
    memset(value, 'v', sizeof value - 1);
    enum status status = STATUS_OK;
    for (int i = 0; i < 1000 && status == STATUS_OK; i++)
        status = caller_put(caller, "b", value);
    return status;
}

static void test_a_failed_write_is_final_and_reads_go_on(void **state)
{
    struct store *store = *state;
    assert_int_equal(caller_put(&store->caller, "a", "1"), STATUS_OK);

    leveldb_recording_set_fault(store->recording, LEVELDB_FAULT_APPEND);
    assert_int_equal(put_until_it_fails(&store->caller), STATUS_DISK_FULL);
    leveldb_recording_set_fault(store->recording, LEVELDB_FAULT_NONE);

    assert_int_equal(caller_put(&store->caller, "a", "3"), STATUS_DISK_FULL);
    assert_int_equal(caller_checkpoint(&store->caller), STATUS_DISK_FULL);
    assert_int_equal(caller_get(&store->caller, "a"), STATUS_OK);
    assert_true(slice_is_text(buffer_slice(&store->caller.bytes), "1"));
}

static void test_a_checkpoint_fails_when_its_flush_does(void **state)
{
    struct store *store = *state;
    assert_int_equal(caller_put(&store->caller, "a", "1"), STATUS_OK);

    leveldb_recording_set_fault(store->recording, LEVELDB_FAULT_SYNC);

    assert_int_equal(caller_checkpoint(&store->caller), STATUS_DISK_FULL);
}

/* leveldb_compact_range then does nothing, says nothing, and goes on taking writes. */
static void test_a_checkpoint_fails_when_its_flush_cannot_begin(void **state)
{
    struct store *store = *state;
    assert_int_equal(caller_put(&store->caller, "a", "1"), STATUS_OK);

    leveldb_recording_set_fault(store->recording, LEVELDB_FAULT_CREATE);

    assert_int_equal(caller_checkpoint(&store->caller), STATUS_IO);
    assert_int_equal(caller_put(&store->caller, "a", "2"), STATUS_IO);
}

static void change_byte_in_tables(const char *path)
{
    char file[400];
    DIR *directory = opendir(path);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (strstr(entry->d_name, ".ldb") == NULL)
            continue;
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        int descriptor = open(file, O_WRONLY);
        assert_int_equal(pwrite(descriptor, "!", 1, 3), 1);
        close(descriptor);
    }
    closedir(directory);
}

static void test_a_changed_byte_on_disk_is_corruption_and_not_a_value(void **state)
{
    struct store *store = *state;
    assert_int_equal(caller_put(&store->caller, "a", "1"), STATUS_OK);
    assert_int_equal(caller_checkpoint(&store->caller), STATUS_OK);
    stop(store);

    change_byte_in_tables(store->path);

    start(store);
    struct engine_range range = range_of("", "");
    assert_int_equal(caller_get(&store->caller, "a"), STATUS_CORRUPT);
    assert_int_equal(caller_scan(&store->caller, &range), STATUS_CORRUPT);
}

/*
 * Compactions must not launder it: LevelDB by itself would copy the block with a fresh checksum.
 * The second table lies on level 1, so that the first compaction, of level 0, reads it.
 */
static void test_a_changed_byte_on_disk_stops_compaction(void **state)
{
    struct store *store = *state;
    for (int i = 0; i < 2; i++) {
        fill(&store->caller, "ac");
        assert_int_equal(caller_checkpoint(&store->caller), STATUS_OK);
    }
    stop(store);
    change_byte_in_tables(store->path);
    start(store);

    enum status status = STATUS_OK;
    for (int i = 0; i < 100 && status == STATUS_OK; i++) {
        status = caller_put(&store->caller, "b", "1");
        if (status == STATUS_OK)
            status = caller_checkpoint(&store->caller);
    }

    assert_int_equal(status, STATUS_CORRUPT);
}

static void test_a_missing_table_is_corruption(void **state)
{
    struct store *store = *state;
    assert_int_equal(caller_put(&store->caller, "a", "1"), STATUS_OK);
    assert_int_equal(caller_checkpoint(&store->caller), STATUS_OK);
    stop(store);
    char command[200];
    snprintf(command, sizeof command, "rm %s/*.ldb", store->path);
    assert_int_equal(system(command), 0);

    assert_int_equal(try_to_start(store), STATUS_CORRUPT);
}

static void test_a_database_is_opened_once_at_a_time(void **state)
{
    struct store *store = *state;
    struct engine *second = NULL;
    struct engine_leveldb_options options = {.path = store->path};

    assert_int_equal(engine_leveldb_open(store->env, &options, &second), STATUS_IO);

    assert_null(second);
}

/* --- The end --------------------------------------------------------------------------------- */

static void fail_after_destroy(void *context, enum status status)
{
    (void)status;
    const bool *is_destroyed = context;
    if (*is_destroyed)
        fail_msg("a destroyed engine called back");
}

static void fail_when_read(void *context, enum status status, struct slice value)
{
    (void)value;
    fail_after_destroy(context, status);
}

static void fail_when_scanned(void *context, enum status status, const struct engine_page *page)
{
    (void)page;
    fail_after_destroy(context, status);
}

static void ask_for_everything(struct engine *engine, bool *is_destroyed)
{
    struct engine_range range = range_of("", "");
    for (int i = 0; i < MANY; i++) {
        SCOPED(engine_batch) batch;
        engine_batch_init(&batch);
        engine_batch_put(&batch, slice_of_text("a"), slice_of_text("1"));
        engine_write(engine, &batch, fail_after_destroy, is_destroyed);
        engine_get(engine, slice_of_text("a"), fail_when_read, is_destroyed);
        engine_scan(engine, &range, fail_when_scanned, is_destroyed);
    }
    engine_checkpoint(engine, fail_after_destroy, is_destroyed);
}

/* A few turns in, works are waiting, under way and done. */
static void test_a_destroyed_engine_never_calls_back(void **state)
{
    struct store *store = *state;
    for (int turn_count = 0; turn_count < 20; turn_count++) {
        bool is_destroyed = false;
        ask_for_everything(store->caller.engine, &is_destroyed);
        for (int i = 0; i < turn_count; i++)
            env_uv_turn(store->env);

        engine_destroy(GIVE(store->caller.engine));
        is_destroyed = true;

        stop(store);
        start(store);
    }
}

static void destroy_when_read(void *context, enum status status, struct slice value)
{
    (void)status;
    (void)value;
    struct store *store = context;
    engine_destroy(GIVE(store->caller.engine));
    env_uv_stop(store->env);
}

static void test_an_engine_may_be_destroyed_by_a_callback_of_its_own(void **state)
{
    struct store *store = *state;
    bool is_second = true;
    engine_get(store->caller.engine, slice_of_text("a"), destroy_when_read, store);
    engine_get(store->caller.engine, slice_of_text("a"), fail_when_read, &is_second);

    env_uv_run(store->env);
    env_uv_finish_works(store->env);

    assert_null(store->caller.engine);
}

#define LEVELDB_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
#define LOOP_TEST(test)    cmocka_unit_test_setup_teardown(test, setup_reads_on_loop, teardown)
#define FAULT_TEST(test)   cmocka_unit_test_setup_teardown(test, setup_recording, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEVELDB_TEST(test_values_are_found_until_they_are_deleted),
        LEVELDB_TEST(test_a_batch_is_done_in_its_order_and_taken),
        LEVELDB_TEST(test_scans_keep_to_their_range_both_ways),
        LEVELDB_TEST(test_a_scan_of_nothing_ends_at_once),
        LEVELDB_TEST(test_a_scan_stops_at_its_bounds_and_says_so),
        LEVELDB_TEST(test_writes_and_gets_are_counted),
        LEVELDB_TEST(test_it_holds_what_a_model_holds),
        LOOP_TEST(test_it_holds_what_a_model_holds),
        LOOP_TEST(test_values_are_found_until_they_are_deleted),
        LEVELDB_TEST(test_what_a_checkpoint_covers_is_there_after_reopening),
        LEVELDB_TEST(test_what_no_checkpoint_covers_is_gone_after_reopening),
        LEVELDB_TEST(test_many_writes_gets_and_scans_at_once_are_all_answered),
        LOOP_TEST(test_many_writes_gets_and_scans_at_once_are_all_answered),
        FAULT_TEST(test_a_checkpoint_runs_beside_writes_and_covers_those_before),
        FAULT_TEST(test_a_failed_write_is_final_and_reads_go_on),
        FAULT_TEST(test_a_checkpoint_fails_when_its_flush_does),
        FAULT_TEST(test_a_checkpoint_fails_when_its_flush_cannot_begin),
        LEVELDB_TEST(test_a_changed_byte_on_disk_is_corruption_and_not_a_value),
        LEVELDB_TEST(test_a_changed_byte_on_disk_stops_compaction),
        LEVELDB_TEST(test_a_missing_table_is_corruption),
        LEVELDB_TEST(test_a_database_is_opened_once_at_a_time),
        LEVELDB_TEST(test_a_destroyed_engine_never_calls_back),
        LEVELDB_TEST(test_an_engine_may_be_destroyed_by_a_callback_of_its_own),
        LOOP_TEST(test_an_engine_may_be_destroyed_by_a_callback_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
