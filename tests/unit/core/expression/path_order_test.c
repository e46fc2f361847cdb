#include "core/expression/path_order.h"

#include "tests/unit/core/expression/notation.h"

enum { PATHS_MAX = 16 };

static uint32_t fill(struct arena *arena, struct ordered_path *paths, const char *const *texts)
{
    uint32_t count = 0;
    for (; texts[count] != NULL; count++)
        paths[count] = (struct ordered_path){path_of(arena, texts[count]), count};
    return count;
}

static void test_paths_stand_as_a_walk_meets_them(void **state)
{
    (void)state;
    static const char *const texts[] = {"b[10]", "b[9]",  "b.x", "a", "b",
                                        "B",     "a.c.d", "a.c", NULL};
    static const char *const ordered[] = {"B", "a", "a.c", "a.c.d", "b", "b.x", "b[9]", "b[10]"};
    OWNED(arena) arena = arena_create();
    struct ordered_path paths[PATHS_MAX];
    uint32_t count = fill(arena, paths, texts);

    struct path_group group = path_group_of(paths, count);

    assert_int_equal(group.count, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_string_equal(path_text(arena, group.paths[i].path),
                            path_text(arena, path_of(arena, ordered[i])));
        assert_string_equal(path_text(arena, group.paths[i].path),
                            path_text(arena, path_of(arena, texts[group.paths[i].ordinal])));
    }
}

static void test_a_group_is_those_that_share_a_step(void **state)
{
    (void)state;
    static const char *const texts[] = {"b.x[1]", "a", "b.y", "b.x[0]", NULL};
    OWNED(arena) arena = arena_create();
    struct ordered_path paths[PATHS_MAX];
    struct path_group rest = path_group_of(paths, fill(arena, paths, texts));

    struct path_group a = path_group_take(&rest, 0);
    struct path_group b = path_group_take(&rest, 0);
    assert_int_equal(rest.count, 0);
    assert_int_equal(a.count, 1);
    assert_true(path_group_ends(a, 0));
    assert_int_equal(b.count, 3);
    assert_false(path_group_ends(b, 0));

    struct path_group x = path_group_take(&b, 1);
    assert_int_equal(x.count, 2);
    assert_true(slice_is_text(path_group_step(x, 1).name, "x"));
    assert_int_equal(path_group_step(x, 2).index, 0);
    assert_int_equal(b.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths_stand_as_a_walk_meets_them),
        cmocka_unit_test(test_a_group_is_those_that_share_a_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
