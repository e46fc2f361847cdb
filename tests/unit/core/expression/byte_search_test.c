#include "core/expression/byte_search.h"

#include "core/base/random.h"
#include "tests/unit/core/expression/endless_work.h"
#include "tests/unit/core/expression/notation.h"

#include <string.h>

static bool contains(const char *whole, const char *part)
{
    return bytes_contain(slice_of_text(whole), slice_of_text(part), endless_work());
}

static bool contains_naively(struct slice whole, struct slice part)
{
    for (size_t at = 0; at + part.size <= whole.size; at++)
        if (part.size == 0 || memcmp(whole.bytes + at, part.bytes, part.size) == 0)
            return true;
    return false;
}

static struct slice repeat(struct arena *arena, size_t size, uint8_t byte)
{
    uint8_t *bytes = arena_alloc(arena, size);
    memset(bytes, byte, size);
    return slice_of(bytes, size);
}

static void test_parts_of_any_size_are_found_wherever_they_stand(void **state)
{
    (void)state;
    assert_true(contains("abcabd", "abd"));
    assert_true(contains("abcabd", "abc"));
    assert_true(contains("abcabd", "cab"));
    assert_true(contains("abcabd", "abcabd"));
    assert_true(contains("aabaabaaa", "aabaaa"));
    assert_true(contains("ababababac", "ababac"));
    assert_true(contains("abc", "c"));
    assert_true(contains("abc", "bc"));
}

static void test_what_does_not_stand_there_is_not_found(void **state)
{
    (void)state;
    assert_false(contains("abcab", "abd"));
    assert_false(contains("abcab", "abcabd"));
    assert_false(contains("abab", "abb"));
    assert_false(contains("", "a"));
    assert_false(contains("xxxx", "abc"));
}

static void test_no_bytes_stand_everywhere(void **state)
{
    (void)state;
    assert_true(contains("", ""));
    assert_true(contains("abc", ""));
}

/* Few letters, so that beginnings of the part come often. */
static struct slice random_bytes(struct random *random, struct arena *arena, size_t size)
{
    uint8_t *bytes = arena_alloc(arena, size + 1);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)('a' + random_below(random, 2));
    return slice_of(bytes, size);
}

static void test_it_finds_what_a_naive_search_finds(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct random random = random_of_seed(20261128);
    unsigned found_count = 0;
    enum { ROUNDS = 20000 };
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(arena);
        struct slice whole = random_bytes(&random, arena, random_below(&random, 400));
        struct slice part = random_bytes(&random, arena, random_below(&random, 14));
        if (random_below(&random, 2) == 0 && whole.size > 0) {
            size_t at = random_below(&random, whole.size);
            part = slice_of(whole.bytes + at, random_below(&random, whole.size - at + 1));
        }
        bool is_there = contains_naively(whole, part);
        assert_int_equal(bytes_contain(whole, part, endless_work()), is_there);
        found_count += is_there;
    }
    assert_in_range(found_count, ROUNDS / 4, ROUNDS * 9 / 10);
}

/* The parts that memmem takes 25 ns a byte for, and those next to where the ways of it change. */
static void test_the_work_is_linear_whatever_the_bytes(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    static const size_t sizes[] = {1, 2, 3, 100, 255, 256, 257, 300, 10000};
    struct slice whole = repeat(arena, 400000, 'a');
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (size_t odd = 0; odd < sizes[i]; odd += sizes[i] / 3 + 1) {
            struct work work = {.max = UINT64_MAX};
            struct slice part = repeat(arena, sizes[i], 'a');
            ((uint8_t *)part.bytes)[sizes[i] - 1 - odd] = 'b';
            assert_false(bytes_contain(whole, part, &work));
            assert_in_range(work.done, 1, 4 * (whole.size + part.size) + 16);
        }
}

static void test_bytes_that_cannot_begin_the_part_are_leapt_over(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct work work = {.max = UINT64_MAX};
    assert_false(bytes_contain(repeat(arena, 400000, 'a'), slice_of_text("baaa"), &work));
    assert_in_range(work.done, 400000 / 16, 400000 / 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_of_any_size_are_found_wherever_they_stand),
        cmocka_unit_test(test_what_does_not_stand_there_is_not_found),
        cmocka_unit_test(test_no_bytes_stand_everywhere),
        cmocka_unit_test(test_it_finds_what_a_naive_search_finds),
        cmocka_unit_test(test_the_work_is_linear_whatever_the_bytes),
        cmocka_unit_test(test_bytes_that_cannot_begin_the_part_are_leapt_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
