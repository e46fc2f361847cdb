#include "tests/unit/core/catalog/record_fixture.h"

#include "core/catalog/view.h"

/* Each puts one record in, under its own key. */
static void put_table(struct catalog_view *view, const char *name, uint64_t uid)
{
    SCOPED(buffer) key = {0};
    SCOPED(buffer) value = {0};
    struct table table = fixture_table(name);
    table.uid = uid;
    record_key_table(&key, table.name);
    table_encode(&table, &value);
    assert_int_equal(catalog_view_put(view, buffer_slice(&key), buffer_slice(&value)), STATUS_OK);
}

static void put_node(struct catalog_view *view, uint64_t id)
{
    SCOPED(buffer) key = {0};
    SCOPED(buffer) value = {0};
    struct node_record node = fixture_node(id);
    record_key_node(&key, id);
    node_record_encode(&node, &value);
    assert_int_equal(catalog_view_put(view, buffer_slice(&key), buffer_slice(&value)), STATUS_OK);
}

static void put_tablet(struct catalog_view *view, uint32_t number)
{
    SCOPED(buffer) key = {0};
    SCOPED(buffer) value = {0};
    struct replica replica = {.node_id = 1, .incarnation = number};
    struct tablet_record tablet = {.tablet = number, .replica_count = 1, .replicas = &replica};
    record_key_tablet(&key, number);
    tablet_record_encode(&tablet, &value);
    assert_int_equal(catalog_view_put(view, buffer_slice(&key), buffer_slice(&value)), STATUS_OK);
}

static void put_settings(struct catalog_view *view)
{
    SCOPED(buffer) key = {0};
    SCOPED(buffer) value = {0};
    struct settings settings = fixture_settings();
    record_key_settings(&key);
    settings_encode(&settings, &value);
    assert_int_equal(catalog_view_put(view, buffer_slice(&key), buffer_slice(&value)), STATUS_OK);
}

static void forget_table(struct catalog_view *view, const char *name)
{
    SCOPED(buffer) key = {0};
    record_key_table(&key, slice_of_text(name));
    assert_int_equal(catalog_view_put(view, buffer_slice(&key), (struct slice){0}), STATUS_OK);
}

static struct catalog_view *view_of_all_kinds(void)
{
    struct catalog_view *view = catalog_view_create();
    put_table(view, "b", 2);
    put_tablet(view, 300);
    put_node(view, 256);
    put_table(view, "a", 1);
    put_settings(view);
    put_node(view, 3);
    put_tablet(view, 0);
    put_table(view, "a.c", 3);
    return view;
}

static size_t record_count(const struct catalog_view *view)
{
    size_t count = 0;
    struct slice key, value;
    while (catalog_view_record_at(view, count, &key, &value))
        count++;
    return count;
}

static void test_an_empty_view_holds_nothing(void **state)
{
    (void)state;
    OWNED(catalog_view) view = catalog_view_create();

    assert_null(catalog_view_settings(view));
    assert_null(catalog_view_find_table(view, slice_of_text("a")));
    assert_null(catalog_view_find_table(view, (struct slice){0}));
    assert_null(catalog_view_find_node(view, 1));
    assert_null(catalog_view_find_tablet(view, 0));
    assert_null(catalog_view_table_at(view, 0));
    assert_int_equal(catalog_view_tables_after(view, slice_of_text("")), 0);
    assert_int_equal(record_count(view), 0);
    assert_int_equal(catalog_view_version(view), 0);
}

static void test_what_was_put_is_found(void **state)
{
    (void)state;
    OWNED(catalog_view) view = view_of_all_kinds();

    assert_true(slice_is_text(catalog_view_settings(view)->region, "eu-central-1"));
    assert_int_equal(catalog_view_find_table(view, slice_of_text("a"))->uid, 1);
    assert_int_equal(catalog_view_find_table(view, slice_of_text("a.c"))->uid, 3);
    assert_int_equal(catalog_view_find_node(view, 256)->id, 256);
    assert_int_equal(catalog_view_find_tablet(view, 300)->replicas[0].incarnation, 300);
}

static void test_what_was_not_put_is_not_found(void **state)
{
    (void)state;
    OWNED(catalog_view) view = view_of_all_kinds();
    char long_name[300];
    memset(long_name, 'a', sizeof long_name);

    assert_null(catalog_view_find_table(view, slice_of_text("a.")));
    assert_null(catalog_view_find_table(view, slice_of(long_name, sizeof long_name)));
    assert_null(catalog_view_find_node(view, 4));
    assert_null(catalog_view_find_tablet(view, 1));
}

static void test_records_are_listed_by_kind_in_the_order_of_their_keys(void **state)
{
    (void)state;
    OWNED(catalog_view) view = view_of_all_kinds();

    assert_int_equal(catalog_view_node_at(view, 0)->id, 3);
    assert_int_equal(catalog_view_node_at(view, 1)->id, 256);
    assert_null(catalog_view_node_at(view, 2));
    assert_int_equal(catalog_view_tablet_at(view, 0)->tablet, 0);
    assert_int_equal(catalog_view_tablet_at(view, 1)->tablet, 300);
    assert_null(catalog_view_tablet_at(view, 2));
    assert_true(slice_is_text(catalog_view_table_at(view, 0)->name, "a"));
    assert_true(slice_is_text(catalog_view_table_at(view, 1)->name, "a.c"));
    assert_true(slice_is_text(catalog_view_table_at(view, 2)->name, "b"));
    assert_null(catalog_view_table_at(view, 3));
}

static void test_a_position_past_the_end_finds_no_record_of_another_kind(void **state)
{
    (void)state;
    OWNED(catalog_view) view = catalog_view_create();
    put_node(view, 1);
    put_table(view, "a", 1);

    assert_null(catalog_view_tablet_at(view, 0));
    assert_null(catalog_view_node_at(view, 1));
    assert_null(catalog_view_table_at(view, 1));
    assert_null(catalog_view_table_at(view, 1000));
}

static void test_pages_of_tables_begin_after_a_name_there_or_not(void **state)
{
    (void)state;
    OWNED(catalog_view) view = view_of_all_kinds();

    assert_int_equal(catalog_view_tables_after(view, (struct slice){0}), 0);
    assert_int_equal(catalog_view_tables_after(view, slice_of_text("A")), 0);
    assert_int_equal(catalog_view_tables_after(view, slice_of_text("a")), 1);
    assert_int_equal(catalog_view_tables_after(view, slice_of_text("a.b")), 1);
    assert_int_equal(catalog_view_tables_after(view, slice_of_text("a.c")), 2);
    assert_int_equal(catalog_view_tables_after(view, slice_of_text("b")), 3);
    assert_int_equal(catalog_view_tables_after(view, slice_of_text("z")), 3);
}

static void test_a_record_put_again_replaces_the_one_before(void **state)
{
    (void)state;
    OWNED(catalog_view) view = view_of_all_kinds();
    size_t count = record_count(view);

    put_table(view, "a", 99);

    assert_int_equal(catalog_view_find_table(view, slice_of_text("a"))->uid, 99);
    assert_int_equal(record_count(view), count);
}

static void test_an_empty_value_forgets_a_record_and_no_other(void **state)
{
    (void)state;
    OWNED(catalog_view) view = view_of_all_kinds();
    size_t count = record_count(view);

    forget_table(view, "a");
    forget_table(view, "never there");

    assert_null(catalog_view_find_table(view, slice_of_text("a")));
    assert_non_null(catalog_view_find_table(view, slice_of_text("a.c")));
    assert_int_equal(record_count(view), count - 1);
}

static void test_clearing_forgets_all_but_leaves_a_view_to_fill(void **state)
{
    (void)state;
    OWNED(catalog_view) view = view_of_all_kinds();

    catalog_view_clear(view);

    assert_int_equal(record_count(view), 0);
    assert_null(catalog_view_settings(view));
    put_table(view, "a", 5);
    assert_int_equal(catalog_view_find_table(view, slice_of_text("a"))->uid, 5);
}

static void test_records_give_back_their_own_bytes_in_the_order_of_keys(void **state)
{
    (void)state;
    OWNED(catalog_view) view = view_of_all_kinds();
    OWNED(catalog_view) copy = catalog_view_create();
    struct slice key, value, last = {0};

    for (size_t i = 0; catalog_view_record_at(view, i, &key, &value); i++) {
        assert_true(slice_compare(last, key) < 0);
        assert_int_equal(catalog_view_put(copy, key, value), STATUS_OK);
        last = key;
    }

    assert_int_equal(record_count(copy), 8);
    assert_int_equal(catalog_view_find_table(copy, slice_of_text("b"))->uid, 2);
}

static void test_a_record_of_its_own_view_may_be_put_again(void **state)
{
    (void)state;
    OWNED(catalog_view) view = view_of_all_kinds();
    struct slice key, value;
    assert_true(catalog_view_record_at(view, 0, &key, &value));

    assert_int_equal(catalog_view_put(view, key, value), STATUS_OK);

    assert_true(slice_is_text(catalog_view_settings(view)->region, "eu-central-1"));
}

static void test_a_malformed_record_is_refused_and_the_old_one_stays(void **state)
{
    (void)state;
    OWNED(catalog_view) view = view_of_all_kinds();
    SCOPED(buffer) key = {0};
    record_key_table(&key, slice_of_text("a"));

    assert_int_equal(catalog_view_put(view, buffer_slice(&key), slice_of_text("nonsense")),
                     STATUS_CORRUPT);

    assert_int_equal(catalog_view_find_table(view, slice_of_text("a"))->uid, 1);
}

static void test_a_record_under_the_key_of_another_is_corrupt(void **state)
{
    (void)state;
    OWNED(catalog_view) view = catalog_view_create();
    SCOPED(buffer) key = {0};
    SCOPED(buffer) value = {0};
    struct node_record node = fixture_node(7);
    node_record_encode(&node, &value);

    record_key_node(&key, 8);
    assert_int_equal(catalog_view_put(view, buffer_slice(&key), buffer_slice(&value)),
                     STATUS_CORRUPT);
    buffer_clear(&key);
    record_key_node(&key, 7);
    buffer_append_u8(&key, 0);
    assert_int_equal(catalog_view_put(view, buffer_slice(&key), buffer_slice(&value)),
                     STATUS_CORRUPT);
    assert_int_equal(catalog_view_put(view, (struct slice){0}, buffer_slice(&value)),
                     STATUS_CORRUPT);
    assert_int_equal(record_count(view), 0);
}

static void test_a_kind_of_a_later_version_is_kept_as_it_is(void **state)
{
    (void)state;
    OWNED(catalog_view) view = view_of_all_kinds();
    struct slice key, value;

    assert_int_equal(catalog_view_put(view, slice_of_text("\xf0key"), slice_of_text("later")),
                     STATUS_OK);

    assert_true(catalog_view_record_at(view, 8, &key, &value));
    assert_true(slice_is_text(key, "\xf0key"));
    assert_true(slice_is_text(value, "later"));
    assert_null(catalog_view_table_at(view, 3));
}

static void test_the_version_is_what_was_set(void **state)
{
    (void)state;
    OWNED(catalog_view) view = catalog_view_create();

    catalog_view_set_version(view, 1234567890123);

    assert_true(catalog_view_version(view) == 1234567890123);
}

static void test_views_exchange_all_that_they_hold(void **state)
{
    (void)state;
    OWNED(catalog_view) full = catalog_view_create();
    OWNED(catalog_view) empty = catalog_view_create();
    struct slice key, value;
    assert_int_equal(catalog_view_put(full, slice_of_text("\xf0key"), slice_of_text("later")),
                     STATUS_OK);
    catalog_view_set_version(full, 7);

    catalog_view_exchange(full, empty);

    assert_false(catalog_view_record_at(full, 0, &key, &value));
    assert_true(catalog_view_version(full) == 0);
    assert_true(catalog_view_record_at(empty, 0, &key, &value));
    assert_true(catalog_view_version(empty) == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_view_holds_nothing),
        cmocka_unit_test(test_what_was_put_is_found),
        cmocka_unit_test(test_what_was_not_put_is_not_found),
        cmocka_unit_test(test_records_are_listed_by_kind_in_the_order_of_their_keys),
        cmocka_unit_test(test_a_position_past_the_end_finds_no_record_of_another_kind),
        cmocka_unit_test(test_pages_of_tables_begin_after_a_name_there_or_not),
        cmocka_unit_test(test_a_record_put_again_replaces_the_one_before),
        cmocka_unit_test(test_an_empty_value_forgets_a_record_and_no_other),
        cmocka_unit_test(test_clearing_forgets_all_but_leaves_a_view_to_fill),
        cmocka_unit_test(test_records_give_back_their_own_bytes_in_the_order_of_keys),
        cmocka_unit_test(test_a_record_of_its_own_view_may_be_put_again),
        cmocka_unit_test(test_a_malformed_record_is_refused_and_the_old_one_stays),
        cmocka_unit_test(test_a_record_under_the_key_of_another_is_corrupt),
        cmocka_unit_test(test_a_kind_of_a_later_version_is_kept_as_it_is),
        cmocka_unit_test(test_the_version_is_what_was_set),
        cmocka_unit_test(test_views_exchange_all_that_they_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
