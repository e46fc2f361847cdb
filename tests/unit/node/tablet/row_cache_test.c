#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/tablet/row_cache.h"
#include "node/tablet/row_entry.h"

#include <stdio.h>

enum { BYTES_MAX = 8192 };

static void put(struct row_cache *cache, const char *key, const char *row)
{
    row_cache_put(cache, slice_of_text(key), slice_of_text(row));
}

static bool has(struct row_cache *cache, const char *key)
{
    return row_cache_find(cache, slice_of_text(key), &(struct slice){0});
}

static void test_a_row_is_found_until_it_is_removed(void **state)
{
    (void)state;
    OWNED(row_cache) cache = row_cache_create(BYTES_MAX, 1);
    put(cache, "a", "one");
    struct slice row;
    assert_true(row_cache_find(cache, slice_of_text("a"), &row));
    assert_true(slice_is_text(row, "one"));
    row_cache_remove(cache, slice_of_text("a"));
    assert_false(has(cache, "a"));
    assert_int_equal(row_cache_bytes(cache), 0);
}

static void test_a_later_row_takes_the_place_of_an_earlier_one(void **state)
{
    (void)state;
    OWNED(row_cache) cache = row_cache_create(BYTES_MAX, 1);
    put(cache, "a", "one");
    size_t bytes = row_cache_bytes(cache);
    put(cache, "a", "two");
    struct slice row;
    assert_true(row_cache_find(cache, slice_of_text("a"), &row));
    assert_true(slice_is_text(row, "two"));
    assert_int_equal(row_cache_bytes(cache), bytes);
}

static void test_a_taken_entry_is_found_and_a_deleted_one_takes_the_row_away(void **state)
{
    (void)state;
    OWNED(row_cache) cache = row_cache_create(BYTES_MAX, 1);
    struct slice key = slice_of_text("a");

    row_cache_take(cache, row_entry_create(key, slice_of_text("<"), slice_of_text("one")));
    struct slice row;
    assert_true(row_cache_find(cache, key, &row));
    assert_true(slice_is_text(row, "<one"));

    row_cache_take(cache, row_entry_create_deleted(key));
    assert_false(has(cache, "a"));
    assert_int_equal(row_cache_bytes(cache), 0);
}

static void fill(struct row_cache *cache, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++) {
        char key[32];
        snprintf(key, sizeof key, "fill%zu", i);
        put(cache, key, "row");
    }
}

static void test_it_stays_within_its_bound(void **state)
{
    (void)state;
    OWNED(row_cache) cache = row_cache_create(BYTES_MAX, 1);
    fill(cache, 0, 500);
    assert_true(row_cache_bytes(cache) <= BYTES_MAX);
    assert_true(row_cache_bytes(cache) > BYTES_MAX / 2);
}

static void test_the_row_used_longest_ago_goes_first(void **state)
{
    (void)state;
    OWNED(row_cache) cache = row_cache_create(BYTES_MAX, 1);
    put(cache, "used", "row");
    put(cache, "unused", "row");
    for (size_t i = 0; i < 10; i++) {
        fill(cache, 25 * i, 25);
        assert_true(has(cache, "used"));
    }
    assert_false(has(cache, "unused"));
}

/* Or one row would push out all others. And what it replaces must go all the same. */
static void test_a_large_row_is_not_kept_and_its_earlier_one_neither(void **state)
{
    (void)state;
    OWNED(row_cache) cache = row_cache_create(BYTES_MAX, 1);
    uint8_t large[BYTES_MAX / 4] = {0};
    put(cache, "a", "small");
    put(cache, "b", "small");
    row_cache_put(cache, slice_of_text("a"), slice_of(large, sizeof large));
    assert_false(has(cache, "a"));
    assert_true(has(cache, "b"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_row_is_found_until_it_is_removed),
        cmocka_unit_test(test_a_later_row_takes_the_place_of_an_earlier_one),
        cmocka_unit_test(test_a_taken_entry_is_found_and_a_deleted_one_takes_the_row_away),
        cmocka_unit_test(test_it_stays_within_its_bound),
        cmocka_unit_test(test_the_row_used_longest_ago_goes_first),
        cmocka_unit_test(test_a_large_row_is_not_kept_and_its_earlier_one_neither),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
