#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "tests/unit/seed.h"

static void test_memory_is_aligned_for_any_type(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    for (size_t size = 0; size < 5000; size += 7)
        assert_int_equal((uintptr_t)arena_alloc(arena, size) % _Alignof(max_align_t), 0);
}

/* Each allocation is filled with a byte of its own, which all that come later must leave alone. */
static void test_allocations_do_not_overlap(void **state)
{
    (void)state;
    enum { COUNT = 2000 };
    struct random random = random_of_test();
    OWNED(arena) arena = arena_create();
    struct slice pieces[COUNT];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < COUNT; i++) {
            size_t size = random_below(&random, random_one_in(&random, 20) ? 20000 : 200);
            uint8_t *bytes = arena_alloc(arena, size);
            memset(bytes, i % 251, size);
            pieces[i] = slice_of(bytes, size);
        }
        for (int i = 0; i < COUNT; i++)
            for (size_t at = 0; at < pieces[i].size; at++)
                if (pieces[i].bytes[at] != i % 251)
                    fail_msg("piece %d was overwritten", i);
        arena_reset(arena);
    }
}

static void test_zeroed_memory_is_zero_even_where_memory_is_reused(void **state)
{
    (void)state;
    static const uint8_t zeros[3000];
    OWNED(arena) arena = arena_create();
    memset(arena_alloc(arena, 2000), 0xff, 2000);
    arena_reset(arena);

    assert_memory_equal(arena_alloc_zeroed(arena, 2000), zeros, 2000);
    assert_memory_equal(arena_alloc_zeroed(arena, 3000), zeros, 3000);
}

static void test_a_reset_arena_starts_over_in_its_first_block(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    void *first = arena_alloc(arena, 16);
    for (int i = 0; i < 100; i++)
        (void)arena_alloc(arena, 2000);
    (void)arena_alloc(arena, 100000);

    arena_reset(arena);

    assert_ptr_equal(arena_alloc(arena, 16), first);
}

static void test_copies_do_not_follow_what_they_were_made_of(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    char text[] = "abc";
    struct slice copy = arena_copy(arena, slice_of(text, 3));
    char *copied_text = arena_copy_text(arena, slice_of(text, 2));
    text[0] = 'x';
    assert_true(slice_is_text(copy, "abc"));
    assert_string_equal(copied_text, "ab");
}

static void test_nothing_can_be_copied(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    assert_int_equal(arena_copy(arena, (struct slice){0}).size, 0);
    assert_string_equal(arena_copy_text(arena, (struct slice){0}), "");
}

static void test_text_is_formatted_whole(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    char *text = arena_format(arena, "%d-%s-%05000d", 7, "x", 1);
    assert_int_equal(strlen(text), 5004);
    assert_memory_equal(text, "7-x-000", 7);
    assert_string_equal(text + 5002, "01");
}

static void test_destroying_no_arena_does_nothing(void **state)
{
    (void)state;
    arena_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_aligned_for_any_type),
        cmocka_unit_test(test_allocations_do_not_overlap),
        cmocka_unit_test(test_zeroed_memory_is_zero_even_where_memory_is_reused),
        cmocka_unit_test(test_a_reset_arena_starts_over_in_its_first_block),
        cmocka_unit_test(test_copies_do_not_follow_what_they_were_made_of),
        cmocka_unit_test(test_nothing_can_be_copied),
        cmocka_unit_test(test_text_is_formatted_whole),
        cmocka_unit_test(test_destroying_no_arena_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
