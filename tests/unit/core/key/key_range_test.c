#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/key/key_range.h"
#include "tests/unit/seed.h"

static struct key_range range_of(const char *first, const char *end)
{
    return (struct key_range){.first = slice_of_text(first), .end = slice_of_text(end)};
}

static bool contains(struct key_range range, const char *key)
{
    return key_range_contains(range, slice_of_text(key));
}

static void test_a_range_has_its_first_key_and_not_its_end(void **state)
{
    (void)state;
    struct key_range range = range_of("b", "d");
    assert_false(contains(range, "a"));
    assert_true(contains(range, "b"));
    assert_true(contains(range, "cz"));
    assert_false(contains(range, "d"));
    assert_false(contains(range, "da"));
}

static void test_an_empty_end_is_no_bound(void **state)
{
    (void)state;
    assert_true(contains(range_of("b", ""), "zzz"));
    assert_false(contains(range_of("b", ""), "a"));
    assert_true(contains(key_range_all(), ""));
    assert_true(contains(key_range_all(), "\xff\xff"));
    assert_false(key_range_is_empty(key_range_all()));
    assert_false(key_range_is_empty(range_of("z", "")));
}

static void test_a_range_whose_end_is_not_above_its_first_key_is_empty(void **state)
{
    (void)state;
    assert_true(key_range_is_empty(range_of("b", "b")));
    assert_true(key_range_is_empty(range_of("c", "b")));
    assert_false(key_range_is_empty(range_of("b", "ba")));
    assert_false(contains(range_of("c", "a"), "b"));
}

static void test_ranges_that_only_touch_have_nothing_in_common(void **state)
{
    (void)state;
    assert_true(key_range_is_empty(key_range_intersect(range_of("a", "b"), range_of("b", "c"))));
    assert_true(key_range_is_empty(key_range_intersect(range_of("c", ""), range_of("a", "b"))));
}

/* Short strings of few letters, so that equal ones and prefixes are common. */
static struct slice random_key(struct random *random, uint8_t bytes[static 3])
{
    size_t size = random_below(random, 4);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t[]){0x00, 'a', 0xfe, 0xff}[random_below(random, 4)];
    return slice_of(bytes, size);
}

static void test_an_intersection_has_the_keys_that_are_in_both(void **state)
{
    (void)state;
    struct random random = random_of_test();
    for (int i = 0; i < 20000; i++) {
        uint8_t bytes[5][3];
        struct key_range left = {random_key(&random, bytes[0]), random_key(&random, bytes[1])};
        struct key_range right = {random_key(&random, bytes[2]), random_key(&random, bytes[3])};
        struct slice key = random_key(&random, bytes[4]);
        struct key_range both = key_range_intersect(left, right);
        bool is_in_both = key_range_contains(left, key) && key_range_contains(right, key);
        assert_int_equal(key_range_contains(both, key), is_in_both);
        if (key_range_is_empty(both))
            assert_false(is_in_both);
    }
}

static void test_the_range_of_a_prefix_has_the_keys_that_begin_with_it(void **state)
{
    (void)state;
    struct random random = random_of_test();
    SCOPED(buffer) end = {0};
    for (int i = 0; i < 20000; i++) {
        uint8_t bytes[2][3];
        struct slice prefix = random_key(&random, bytes[0]);
        struct slice key = random_key(&random, bytes[1]);
        struct key_range range = key_range_of_prefix(prefix, &end);
        assert_false(key_range_is_empty(range));
        assert_int_equal(key_range_contains(range, key), slice_has_prefix(key, prefix));
    }
}

static void test_the_successor_of_a_prefix_is_appended(void **state)
{
    (void)state;
    SCOPED(buffer) buffer = {0};
    buffer_append_text(&buffer, "x");
    key_prefix_successor(slice_of("a\xff\xff", 3), &buffer);
    assert_true(slice_is_text(buffer_slice(&buffer), "xb"));
}

static void test_a_prefix_without_a_successor_appends_nothing(void **state)
{
    (void)state;
    SCOPED(buffer) buffer = {0};
    key_prefix_successor(slice_of("\xff\xff", 2), &buffer);
    key_prefix_successor((struct slice){0}, &buffer);
    assert_int_equal(buffer.size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_range_has_its_first_key_and_not_its_end),
        cmocka_unit_test(test_an_empty_end_is_no_bound),
        cmocka_unit_test(test_a_range_whose_end_is_not_above_its_first_key_is_empty),
        cmocka_unit_test(test_ranges_that_only_touch_have_nothing_in_common),
        cmocka_unit_test(test_an_intersection_has_the_keys_that_are_in_both),
        cmocka_unit_test(test_the_range_of_a_prefix_has_the_keys_that_begin_with_it),
        cmocka_unit_test(test_the_successor_of_a_prefix_is_appended),
        cmocka_unit_test(test_a_prefix_without_a_successor_appends_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
