#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/random.h"
#include "node/tablet/row_entry.h"
#include "tests/unit/seed.h"

#include <stdio.h>

static struct row_entry *entry_of(const char *key, const char *row)
{
    return row_entry_create(slice_of_text(key), (struct slice){0}, slice_of_text(row));
}

static void test_an_entry_holds_its_key_and_both_parts_of_its_row(void **state)
{
    (void)state;
    struct row_entry *entry =
        row_entry_create(slice_of_text("key"), slice_of_text("<"), slice_of_text("row"));
    assert_true(slice_is_text(row_entry_key(entry), "key"));
    assert_true(slice_is_text(row_entry_row(entry), "<row"));
    row_entry_destroy(entry);
}

static void test_an_empty_row_is_not_a_deleted_one(void **state)
{
    (void)state;
    struct row_entry *empty = entry_of("key", "");
    struct row_entry *deleted = row_entry_create_deleted(slice_of_text("key"));
    assert_non_null(row_entry_row(empty).bytes);
    assert_null(row_entry_row(deleted).bytes);
    row_entry_destroy(empty);
    row_entry_destroy(deleted);
}

static void test_a_newer_entry_takes_the_place_of_the_older(void **state)
{
    (void)state;
    struct row_map map;
    row_map_init(&map, 1);
    struct row_entry *older = entry_of("key", "1");
    struct row_entry *newer = entry_of("key", "2");
    assert_null(row_map_put(&map, older));

    assert_ptr_equal(row_map_put(&map, newer), older);

    assert_ptr_equal(row_map_find(&map, slice_of_text("key")), newer);
    assert_false(row_map_remove(&map, older));
    assert_true(row_map_remove(&map, newer));
    assert_null(row_map_find(&map, slice_of_text("key")));
    row_map_deinit(&map);
    row_entry_destroy(older);
    row_entry_destroy(newer);
}

enum { KEY_COUNT = 500, STEP_COUNT = 20000 };

/* Puts and removals at random, which also make it grow, against an array. */
static void test_it_holds_what_a_model_holds(void **state)
{
    (void)state;
    struct row_entry *model[KEY_COUNT] = {0};
    struct random random = random_of_test();
    struct row_map map;
    row_map_init(&map, 1);
    for (int step = 0; step < STEP_COUNT; step++) {
        char key[16];
        size_t number = random_below(&random, KEY_COUNT);
        snprintf(key, sizeof key, "%zu", number);
        assert_ptr_equal(row_map_find(&map, slice_of_text(key)), model[number]);
        struct row_entry *before = model[number];
        if (random_one_in(&random, 2)) {
            model[number] = entry_of(key, "row");
            assert_ptr_equal(row_map_put(&map, model[number]), before);
        } else if (before != NULL) {
            assert_true(row_map_remove(&map, before));
            model[number] = NULL;
        }
        row_entry_destroy(before != model[number] ? before : NULL);
    }
    size_t count = 0;
    for (size_t i = 0; i < KEY_COUNT; i++) {
        count += model[i] != NULL;
        row_entry_destroy(model[i]);
    }
    assert_int_equal(map.entry_count, count);
    row_map_deinit(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_entry_holds_its_key_and_both_parts_of_its_row),
        cmocka_unit_test(test_an_empty_row_is_not_a_deleted_one),
        cmocka_unit_test(test_a_newer_entry_takes_the_place_of_the_older),
        cmocka_unit_test(test_it_holds_what_a_model_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
