#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/ordered_map.h"
#include "tests/unit/seed.h"

#include <stdlib.h>

static void put(struct ordered_map *map, const char *key, const char *value)
{
    ordered_map_put(map, slice_of_text(key), slice_of_text(value));
}

static void test_what_was_put_last_is_found_until_it_is_removed(void **state)
{
    (void)state;
    OWNED(ordered_map) map = ordered_map_create();
    struct slice value;
    put(map, "a", "1");
    put(map, "a", "22");
    put(map, "b", "");

    assert_true(ordered_map_get(map, slice_of_text("a"), &value));
    assert_true(slice_is_text(value, "22"));
    assert_true(ordered_map_get(map, slice_of_text("b"), &value));
    assert_non_null(value.bytes);
    assert_int_equal(ordered_map_count(map), 2);
    assert_int_equal(ordered_map_bytes(map), 4);

    ordered_map_remove(map, slice_of_text("a"));
    ordered_map_remove(map, slice_of_text("nothing"));

    assert_false(ordered_map_get(map, slice_of_text("a"), &value));
    assert_int_equal(ordered_map_count(map), 1);
    assert_int_equal(ordered_map_bytes(map), 1);
}

static void test_neighbours_are_found_for_keys_that_are_there_and_that_are_not(void **state)
{
    (void)state;
    OWNED(ordered_map) map = ordered_map_create();
    struct ordered_entry entry;
    assert_false(ordered_map_below(map, (struct slice){0}, &entry));
    put(map, "b", "1");
    put(map, "d", "2");

    assert_true(ordered_map_at_least(map, slice_of_text("b"), &entry));
    assert_true(slice_is_text(entry.key, "b"));
    assert_true(ordered_map_at_least(map, slice_of_text("c"), &entry));
    assert_true(slice_is_text(entry.key, "d"));
    assert_true(ordered_map_above(map, slice_of_text("b"), &entry));
    assert_true(slice_is_text(entry.key, "d"));
    assert_true(ordered_map_below(map, slice_of_text("d"), &entry));
    assert_true(slice_is_text(entry.key, "b"));
    assert_true(ordered_map_below(map, (struct slice){0}, &entry));
    assert_true(slice_is_text(entry.key, "d"));
    assert_false(ordered_map_above(map, slice_of_text("d"), &entry));
    assert_false(ordered_map_at_least(map, slice_of_text("e"), &entry));
    assert_false(ordered_map_below(map, slice_of_text("b"), &entry));
}

static void test_a_hundred_thousand_keys_come_out_in_order(void **state)
{
    (void)state;
    enum { KEY_COUNT = 100000 };
    OWNED(ordered_map) map = ordered_map_create();
    for (uint64_t i = 0; i < KEY_COUNT; i++) {
        uint64_t key = i * 0x9e3779b97f4a7c15u;
        ordered_map_put(map, slice_of(&key, sizeof key), slice_of(&i, sizeof i));
    }
    struct ordered_entry entry;
    size_t count = 0;
    uint64_t before = 0;

    bool has_more = ordered_map_at_least(map, (struct slice){0}, &entry);
    while (has_more) {
        assert_true(count == 0 || slice_compare(slice_of(&before, sizeof before), entry.key) < 0);
        memcpy(&before, entry.key.bytes, sizeof before);
        count++;
        has_more = ordered_map_above(map, entry.key, &entry);
    }

    assert_int_equal(count, KEY_COUNT);
}

static void test_it_agrees_with_an_array_after_random_changes(void **state)
{
    (void)state;
    enum { KEY_COUNT = 200, CHANGE_COUNT = 20000 };
    struct random random = random_of_test();
    OWNED(ordered_map) map = ordered_map_create();
    bool is_there[KEY_COUNT] = {false};

    for (int i = 0; i < CHANGE_COUNT; i++) {
        uint8_t key = (uint8_t)random_below(&random, KEY_COUNT);
        is_there[key] = random_one_in(&random, 2);
        if (is_there[key])
            ordered_map_put(map, slice_of(&key, 1), slice_of(&key, 1));
        else
            ordered_map_remove(map, slice_of(&key, 1));
    }

    struct slice at = {0};
    struct ordered_entry entry;
    for (uint8_t key = 0; key < KEY_COUNT; key++) {
        struct slice value;
        assert_int_equal(ordered_map_get(map, slice_of(&key, 1), &value), is_there[key]);
        if (!is_there[key])
            continue;
        assert_true(ordered_map_above(map, at, &entry));
        assert_int_equal(entry.key.bytes[0], key);
        at = entry.key;
    }
    assert_false(at.size > 0 && ordered_map_above(map, at, &entry));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_put_last_is_found_until_it_is_removed),
        cmocka_unit_test(test_neighbours_are_found_for_keys_that_are_there_and_that_are_not),
        cmocka_unit_test(test_a_hundred_thousand_keys_come_out_in_order),
        cmocka_unit_test(test_it_agrees_with_an_array_after_random_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
