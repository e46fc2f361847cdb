#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/memory.h"

struct thing {
    int *destroyed_count;
};

static void thing_destroy(struct thing *thing)
{
    if (thing != NULL)
        ++*thing->destroyed_count;
}
DEFINE_CLEANUP(thing)

static struct thing *thing_give(struct thing *thing)
{
    OWNED(thing) owned = thing;
    return GIVE(owned);
}

static void test_an_owned_object_is_destroyed_when_its_scope_ends(void **state)
{
    (void)state;
    int destroyed_count = 0;
    struct thing thing = {.destroyed_count = &destroyed_count};
    {
        OWNED(thing) owned = &thing;
        assert_ptr_equal(owned, &thing);
        assert_int_equal(destroyed_count, 0);
    }
    assert_int_equal(destroyed_count, 1);
}

static void test_an_object_given_away_is_not_destroyed(void **state)
{
    (void)state;
    int destroyed_count = 0;
    struct thing thing = {.destroyed_count = &destroyed_count};
    assert_ptr_equal(thing_give(&thing), &thing);
    assert_int_equal(destroyed_count, 0);
}

static void test_no_bytes_are_memory_too(void **state)
{
    (void)state;
    void *memory[] = {memory_alloc(0), memory_alloc_zeroed(0), memory_copy(NULL, 0)};
    for (size_t i = 0; i < 3; i++) {
        assert_non_null(memory[i]);
        memory[i] = memory_resize(memory[i], 0);
        assert_non_null(memory[i]);
        memory_free(memory[i]);
    }
    memory_free(NULL);
}

static void test_copies_hold_the_same_bytes(void **state)
{
    (void)state;
    char text[] = "abc";
    char *bytes = memory_copy(text, 2);
    char *copy = memory_copy_text(text);
    text[0] = 'x';
    assert_memory_equal(bytes, "ab", 2);
    assert_string_equal(copy, "abc");
    memory_free(bytes);
    memory_free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_owned_object_is_destroyed_when_its_scope_ends),
        cmocka_unit_test(test_an_object_given_away_is_not_destroyed),
        cmocka_unit_test(test_no_bytes_are_memory_too),
        cmocka_unit_test(test_copies_hold_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
