#include "core/expression/path_check_private.h"

#include "tests/unit/core/expression/notation.h"

/* Of paths with blanks in between. */
static enum path_relation check(struct arena *arena, const char *text, const char **out_pair)
{
    struct ordered_path paths[8];
    uint32_t count = 0;
    struct path first;
    struct path second;
    while (*text != '\0') {
        struct slice taken = take_until(&text, " ");
        paths[count] = (struct ordered_path){path_of(arena, arena_copy_text(arena, taken)), count};
        count++;
    }
    enum path_relation relation = paths_check(paths, count, &first, &second);
    if (relation != PATHS_APART)
        *out_pair = arena_format(arena, "%s %s", path_text(arena, first), path_text(arena, second));
    return relation;
}

static void assert_pair(const char *text, enum path_relation relation, const char *pair)
{
    OWNED(arena) arena = arena_create();
    const char *found = "";
    assert_int_equal(check(arena, text, &found), relation);
    assert_string_equal(found, pair);
}

static void test_paths_that_part_can_be_served_together(void **state)
{
    (void)state;
    assert_pair("a", PATHS_APART, "");
    assert_pair("a b c.d c.e f[1] f[2]", PATHS_APART, "");
    assert_pair("a.b.c a.b.d a.c a.bb", PATHS_APART, "");
}

static void test_a_pair_that_overlaps_is_found_wherever_it_stands(void **state)
{
    (void)state;
    assert_pair("a b a", PATHS_OVERLAP, "[a] [a]");
    assert_pair("a.b.c x a.b", PATHS_OVERLAP, "[a, b, c] [a, b]");
    assert_pair("a.b a.bb a.b[0] a.a", PATHS_OVERLAP, "[a, b] [a, b, [0]]");
}

static void test_a_pair_that_conflicts_is_found_wherever_it_stands(void **state)
{
    (void)state;
    assert_pair("a[9] b a.x", PATHS_CONFLICT, "[a, [9]] [a, x]");
    assert_pair("a.x.y a.z a[0][1]", PATHS_CONFLICT, "[a, z] [a, [0], [1]]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths_that_part_can_be_served_together),
        cmocka_unit_test(test_a_pair_that_overlaps_is_found_wherever_it_stands),
        cmocka_unit_test(test_a_pair_that_conflicts_is_found_wherever_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
