#include "tests/unit/node/catalog/catalog_fixture.h"

#include "core/catalog/table_tags.h"

/* As large as tags get, so that all of them are several pages. */
enum { LARGE_TABLES = 60, TAG_VALUE_SIZE = 1024 };

static void large_tags(struct buffer *tags)
{
    static const char letters[TAG_VALUE_SIZE] = {'v'};
    for (int i = 0; i < TABLE_TAGS_MAX; i++) {
        char key[16];
        snprintf(key, sizeof key, "%03d", i);
        buffer_append_sized(tags, slice_of_text(key));
        buffer_append_sized(tags, slice_of(letters, sizeof letters));
    }
}

static void make_large_tables(struct fixture *fixture)
{
    SCOPED(buffer) tags = {0};
    large_tags(&tags);
    for (int i = 0; i < LARGE_TABLES; i++) {
        char name[32];
        snprintf(name, sizeof name, "large%02d", i);
        assert_int_equal(table_create_with_tags(fixture, name, buffer_slice(&tags)), CATALOG_DONE);
    }
}

static struct catalog_watch *another_watch(struct env *env)
{
    return catalog_watch_create(&(struct catalog_watch_options){
        .env = env,
        .own_name = "another",
        .seeds = &seed,
        .seed_count = 1,
        .changed_fn = view_changed,
    });
}

static size_t table_count(const struct catalog_watch *watch)
{
    size_t count = 0;
    while (catalog_view_table_at(catalog_watch_view(watch), count) != NULL)
        count++;
    return count;
}

static void run_until_tables(struct fixture *fixture, const struct catalog_watch *watch,
                             size_t count)
{
    uint64_t end_us = world_now_us(fixture->world) + 20 * SECOND_US;
    while (table_count(watch) != count && world_now_us(fixture->world) < end_us)
        world_run_for(fixture->world, MS);
    assert_int_equal(table_count(watch), count);
}

static void test_a_catalog_larger_than_a_frame_comes_whole(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    make_large_tables(fixture);

    OWNED(catalog_watch) watch = another_watch(fixture->client_env);
    const struct catalog_view *view = catalog_watch_view(watch);
    size_t count = 0;
    while ((count = table_count(watch)) == 0)
        world_run_for(fixture->world, MS);

    assert_int_equal(count, LARGE_TABLES);
    assert_ptr_equal(catalog_watch_view(watch), view); /* whoever asked for it earlier has it */
    assert_int_equal(table_count(fixture->watch), LARGE_TABLES);
}

static void test_what_changes_between_pages_is_seen(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    make_large_tables(fixture);
    wait_for_status(fixture, "large59", TABLE_ACTIVE);

    OWNED(catalog_watch) watch = another_watch(fixture->client_env);
    /* Before all that has come, and after it. */
    assert_int_equal(table_create(fixture, "aaa"), CATALOG_DONE);
    assert_int_equal(table_create(fixture, "zzz"), CATALOG_DONE);
    assert_int_equal(table_delete(fixture, "large00"), CATALOG_DONE);

    run_until_tables(fixture, watch, LARGE_TABLES + 1);
    assert_null(catalog_view_find_table(catalog_watch_view(watch), slice_of_text("large00")));
    assert_non_null(catalog_view_find_table(catalog_watch_view(watch), slice_of_text("aaa")));
    assert_non_null(catalog_view_find_table(catalog_watch_view(watch), slice_of_text("zzz")));
}

struct refreshed {
    bool is_done;
    enum status status;
};

static void take_refreshed(void *context, enum status status)
{
    *(struct refreshed *)context = (struct refreshed){.is_done = true, .status = status};
}

static void test_a_refresh_sees_all_pages(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    make_large_tables(fixture);
    OWNED(catalog_watch) watch = another_watch(fixture->client_env);
    struct refreshed refreshed = {0};

    catalog_watch_refresh(watch, 5 * SECOND_US, take_refreshed, &refreshed);
    while (!refreshed.is_done)
        world_run_for(fixture->world, MS);

    assert_int_equal(refreshed.status, STATUS_OK);
    assert_int_equal(table_count(watch), LARGE_TABLES);
}

static void test_changes_larger_than_a_frame_come_as_a_snapshot(void **state)
{
    struct fixture *fixture = *state;
    settle(fixture);
    assert_int_equal(table_create(fixture, "first"), CATALOG_DONE);
    struct env *env = world_boot(fixture->world, 2);
    struct catalog_watch *watch = another_watch(env);
    run_until_tables(fixture, watch, 1);

    world_isolate(fixture->world, 2);
    make_large_tables(fixture);
    world_heal_all(fixture->world);

    run_until_tables(fixture, watch, LARGE_TABLES + 1);
    world_shutdown(fixture->world, 2);
    catalog_watch_destroy(watch);
    world_env_destroy(env);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_catalog_larger_than_a_frame_comes_whole),
        TEST(test_what_changes_between_pages_is_seen),
        TEST(test_a_refresh_sees_all_pages),
        TEST(test_changes_larger_than_a_frame_come_as_a_snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
