#include "core/expression/projection.h"

#include "core/base/limits.h"
#include "tests/unit/core/expression/notation.h"

static const char item_text[] =
    "{a: 1, b: {x: 1, y: {p: 2, q: 3}, z: []}, l: [10, 11, {m: 30, n: 31}, [40, 41]], s: <'x'>}";

static void assert_projects(const char *const *texts, const char *item, const char *expected)
{
    OWNED(arena) arena = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    struct path paths[8];
    struct projection projection = {.paths = paths};
    for (; texts[projection.count] != NULL; projection.count++)
        paths[projection.count] = path_of(arena, texts[projection.count]);
    struct path_group prepared = projection_prepare(&projection, arena);

    struct slice parts = projection_apply(prepared, item_of(arena, item), builder);

    assert_string_equal(text_of(arena, parts), expected);
}

#define ASSERT_PROJECTS(expected, ...)                                                             \
    assert_projects((const char *const[]){__VA_ARGS__, NULL}, item_text, expected)

static void test_attributes_are_taken_whole(void **state)
{
    (void)state;
    ASSERT_PROJECTS("{a: 1}", "a");
    ASSERT_PROJECTS("{a: 1, s: <'x'>}", "s", "a");
    ASSERT_PROJECTS("{b: {x: 1, y: {p: 2, q: 3}, z: []}}", "b");
}

static void test_parts_of_one_map_are_put_together(void **state)
{
    (void)state;
    ASSERT_PROJECTS("{b: {x: 1}}", "b.x");
    ASSERT_PROJECTS("{b: {x: 1, y: {q: 3}}}", "b.y.q", "b.x");
    ASSERT_PROJECTS("{b: {z: []}}", "b.z");
}

static void test_elements_move_up_in_the_order_of_their_indexes(void **state)
{
    (void)state;
    ASSERT_PROJECTS("{l: [11]}", "l[1]");
    ASSERT_PROJECTS("{l: [10, [41]]}", "l[3][1]", "l[0]");
    ASSERT_PROJECTS("{l: [11, {n: 31}]}", "l[2].n", "l[1]");
}

static void test_what_is_not_there_is_left_out_and_so_is_what_would_hold_it(void **state)
{
    (void)state;
    ASSERT_PROJECTS("{}", "x");
    ASSERT_PROJECTS("{}", "b.w");
    ASSERT_PROJECTS("{}", "b.y.w");
    ASSERT_PROJECTS("{}", "l[4]");
    ASSERT_PROJECTS("{}", "l[2].x");
    ASSERT_PROJECTS("{}", "b.z[0]");
    ASSERT_PROJECTS("{a: 1, b: {y: {p: 2}}}", "b.y.p", "b.w.p", "l[9]", "a", "zz");
    ASSERT_PROJECTS("{l: [{m: 30}]}", "l[2].m", "l[3][7]");
}

static void test_a_step_into_another_type_leads_nowhere(void **state)
{
    (void)state;
    ASSERT_PROJECTS("{}", "a.x");
    ASSERT_PROJECTS("{}", "a[0]");
    ASSERT_PROJECTS("{}", "b[0]");
    ASSERT_PROJECTS("{}", "l.x");
    ASSERT_PROJECTS("{}", "s[0]");
    ASSERT_PROJECTS("{b: {x: 1}, l: [10]}", "b[0]", "b.x", "l.k", "l[0]");
}

static void test_overlapping_paths_give_the_larger_part_once(void **state)
{
    (void)state;
    ASSERT_PROJECTS("{b: {y: {p: 2, q: 3}}}", "b.y", "b.y.p", "b.y");
}

static void test_an_item_that_does_not_exist_has_no_parts(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    struct path path = path_of(arena, "a");
    struct projection projection = {.paths = &path, .count = 1};
    struct path_group paths = projection_prepare(&projection, arena);

    assert_string_equal(text_of(arena, projection_apply(paths, (struct slice){0}, builder)), "{}");
}

static void test_one_order_serves_many_items(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    struct path paths[] = {path_of(arena, "k[1]"), path_of(arena, "a")};
    struct projection projection = {.paths = paths, .count = 2};
    struct path_group prepared = projection_prepare(&projection, arena);
    static const char *const cases[][2] = {
        {"{a: 1, b: 2}", "{a: 1}"},
        {"{k: [1, 2, 3]}", "{k: [2]}"},
        {"{}", "{}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct slice parts = projection_apply(prepared, item_of(arena, cases[i][0]), builder);
        assert_string_equal(text_of(arena, parts), cases[i][1]);
    }
}

static void test_the_deepest_part_is_found(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    struct path_step steps[PATH_STEPS_MAX] = {{.name = slice_of_text("deep")}};
    item_builder_name(builder, steps[0].name);
    for (int i = 1; i < PATH_STEPS_MAX; i++) {
        item_builder_open(builder, VALUE_LIST);
        item_builder_null(builder);
        steps[i] = (struct path_step){.is_index = true, .index = 1};
    }
    item_builder_bool(builder, true);
    for (int i = 1; i < PATH_STEPS_MAX; i++)
        item_builder_close(builder);
    struct slice item;
    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_NONE);
    item = arena_copy(arena, item);
    struct path path = {.steps = steps, .count = PATH_STEPS_MAX};
    struct projection projection = {.paths = &path, .count = 1};

    struct slice parts = projection_apply(projection_prepare(&projection, arena), item, builder);

    const char *text = text_of(arena, parts);
    assert_true(strstr(text, "[true]") != NULL);
    assert_true(strstr(text, "null") == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attributes_are_taken_whole),
        cmocka_unit_test(test_parts_of_one_map_are_put_together),
        cmocka_unit_test(test_elements_move_up_in_the_order_of_their_indexes),
        cmocka_unit_test(test_what_is_not_there_is_left_out_and_so_is_what_would_hold_it),
        cmocka_unit_test(test_a_step_into_another_type_leads_nowhere),
        cmocka_unit_test(test_overlapping_paths_give_the_larger_part_once),
        cmocka_unit_test(test_an_item_that_does_not_exist_has_no_parts),
        cmocka_unit_test(test_one_order_serves_many_items),
        cmocka_unit_test(test_the_deepest_part_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
