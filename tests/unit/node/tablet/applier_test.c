#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/engine/keyspace.h"
#include "node/tablet/applier.h"
#include "node/tablet/row_cache.h"
#include "node/tablet/tablet_private.h"
#include "tests/sim/engine_memory.h"
#include "tests/sim/engine_memory_disk.h"
#include "tests/sim/world.h"

#include <string.h>

enum { TABLETS = 2, SECOND_US = 1000 * 1000 };

/* Tablets of which there is no more than what the applier asks of them. */
struct fixture {
    struct world *world;
    struct engine_memory_disk *disk;
    struct env *env;
    struct engine *engine;
    struct applier *applier;
    struct row_cache *row_cache;
    struct tablet tablets[TABLETS];
};

static int setup(void **state)
{
    struct fixture *fixture = memory_alloc_zeroed(sizeof *fixture);
    struct random random = random_of_seed(1);
    fixture->world = world_create(1);
    fixture->disk = engine_memory_disk_create();
    fixture->env = world_boot(fixture->world, 0);
    fixture->engine = engine_memory_open(fixture->env, fixture->disk, &random);
    fixture->applier = applier_create(fixture->env, fixture->engine);
    fixture->row_cache = row_cache_create(4096, 1);
    for (uint32_t i = 0; i < TABLETS; i++) {
        struct tablet *tablet = &fixture->tablets[i];
        tablet->options.tablet = i;
        tablet->options.row_cache = fixture->row_cache;
        tablet->overlay = overlay_create(1);
        list_init(&tablet->collections);
        list_init(&tablet->page_reads);
    }
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    world_shutdown(fixture->world, 0);
    engine_destroy(fixture->engine);
    applier_destroy(fixture->applier);
    row_cache_destroy(fixture->row_cache);
    for (uint32_t i = 0; i < TABLETS; i++)
        overlay_destroy(fixture->tablets[i].overlay);
    world_env_destroy(fixture->env);
    engine_memory_disk_destroy(fixture->disk);
    world_destroy(fixture->world);
    memory_free(fixture);
    return 0;
}

/* As a tablet does with an entry of its log. */
static void apply(struct fixture *fixture, uint32_t tablet, uint64_t index, const char *key)
{
    fixture->tablets[tablet].applied_index = index;
    applier_put(fixture->applier, slice_of_text(key), slice_of_text("head"),
                slice_of_text("value"));
    applier_touch(fixture->applier, &fixture->tablets[tablet]);
}

static uint64_t write_count(const struct fixture *fixture)
{
    struct engine_stats stats;
    engine_stats(fixture->engine, &stats);
    return stats.write_count;
}

static bool has(const struct fixture *fixture, struct slice key, const char *value)
{
    struct slice found;
    return ordered_map_get(fixture->disk->map, key, &found) &&
           (value == NULL || slice_is_text(found, value));
}

static bool has_state(const struct fixture *fixture, uint32_t tablet)
{
    SCOPED(buffer) key;
    buffer_init(&key);
    keyspace_tablet_state(&key, tablet);
    return has(fixture, buffer_slice(&key), NULL);
}

static void run(struct fixture *fixture)
{
    world_run_for(fixture->world, SECOND_US);
}

static void test_what_one_turn_applies_is_one_write_with_the_state_of_each_tablet(void **state)
{
    struct fixture *fixture = *state;
    apply(fixture, 0, 5, "a");
    apply(fixture, 1, 7, "b");
    apply(fixture, 0, 6, "c");
    run(fixture);
    assert_int_equal(write_count(fixture), 1);
    assert_true(has(fixture, slice_of_text("a"), "headvalue"));
    assert_true(has(fixture, slice_of_text("c"), "headvalue"));
    assert_true(has_state(fixture, 0));
    assert_true(has_state(fixture, 1));
    assert_int_equal(fixture->tablets[0].written_index, 6);
    assert_int_equal(fixture->tablets[1].written_index, 7);
}

static void test_a_tablet_is_told_what_was_in_the_write_and_no_more(void **state)
{
    struct fixture *fixture = *state;
    apply(fixture, 0, 5, "a");
    while (write_count(fixture) == 0)
        assert_true(world_step(fixture->world));
    assert_int_equal(fixture->tablets[0].written_index, 0);
    apply(fixture, 0, 6, "b");
    while (fixture->tablets[0].written_index == 0)
        assert_true(world_step(fixture->world));
    assert_int_equal(fixture->tablets[0].written_index, 5);
    run(fixture);
    assert_int_equal(fixture->tablets[0].written_index, 6);
}

static void test_much_at_once_is_written_without_waiting(void **state)
{
    struct fixture *fixture = *state;
    SCOPED(buffer) large;
    buffer_init(&large);
    memset(buffer_reserve(&large, 600 << 10), 'x', 600 << 10);
    large.size = 600 << 10;
    fixture->tablets[0].applied_index = 5;
    applier_put(fixture->applier, slice_of_text("a"), slice_of_text("head"), buffer_slice(&large));
    applier_touch(fixture->applier, &fixture->tablets[0]);
    assert_int_equal(write_count(fixture), 0);

    fixture->tablets[0].applied_index = 6;
    applier_put(fixture->applier, slice_of_text("b"), slice_of_text("head"), buffer_slice(&large));
    applier_touch(fixture->applier, &fixture->tablets[0]);

    assert_int_equal(write_count(fixture), 1);
    run(fixture);
    assert_int_equal(write_count(fixture), 1);
    assert_int_equal(fixture->tablets[0].written_index, 6);
}

static void test_a_delete_takes_the_row_away(void **state)
{
    struct fixture *fixture = *state;
    apply(fixture, 0, 5, "a");
    run(fixture);
    applier_delete(fixture->applier, slice_of_text("a"));
    applier_touch(fixture->applier, &fixture->tablets[0]);
    run(fixture);
    assert_false(has(fixture, slice_of_text("a"), NULL));
}

static void test_the_backlog_is_what_the_engine_does_not_hold_yet(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(applier_backlog_bytes(fixture->applier), 0);
    apply(fixture, 0, 5, "a");
    size_t bytes = applier_backlog_bytes(fixture->applier);
    assert_true(bytes > 0);
    while (write_count(fixture) == 0)
        assert_true(world_step(fixture->world));
    assert_true(applier_backlog_bytes(fixture->applier) >= bytes);
    run(fixture);
    assert_int_equal(applier_backlog_bytes(fixture->applier), 0);
}

static void test_a_tablet_that_is_gone_is_not_told(void **state)
{
    struct fixture *fixture = *state;
    apply(fixture, 0, 5, "a");
    apply(fixture, 1, 7, "b");
    applier_forget(fixture->applier, &fixture->tablets[0]);
    while (write_count(fixture) == 0)
        assert_true(world_step(fixture->world));
    applier_forget(fixture->applier, &fixture->tablets[1]);
    run(fixture);
    assert_int_equal(fixture->tablets[0].written_index, 0);
    assert_int_equal(fixture->tablets[1].written_index, 0);
    assert_false(has_state(fixture, 0));
    assert_true(has_state(fixture, 1));
}

static void test_an_engine_that_cannot_write_ends_the_process(void **state)
{
    struct fixture *fixture = *state;
    engine_memory_disk_set_failure(fixture->disk, STATUS_IO);
    apply(fixture, 0, 5, "a");
    run(fixture);
    assert_non_null(world_fatal_reason(fixture->world, 0));
    assert_int_equal(fixture->tablets[0].written_index, 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_one_turn_applies_is_one_write_with_the_state_of_each_tablet),
        TEST(test_a_tablet_is_told_what_was_in_the_write_and_no_more),
        TEST(test_much_at_once_is_written_without_waiting),
        TEST(test_a_delete_takes_the_row_away),
        TEST(test_the_backlog_is_what_the_engine_does_not_hold_yet),
        TEST(test_a_tablet_that_is_gone_is_not_told),
        TEST(test_an_engine_that_cannot_write_ends_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
