#include "core/expression/update.h"

#include "core/base/limits.h"
#include "tests/unit/core/expression/endless_work.h"
#include "tests/unit/core/expression/update_notation.h"

static enum update_fault apply(struct arena *arena, const char *item, const char *update_text,
                               const char **out_after)
{
    OWNED(item_builder) builder = item_builder_create();
    struct update update = update_of(arena, update_text);
    struct slice before = item == NULL ? (struct slice){0} : item_of(arena, item);
    struct slice after;
    enum update_fault fault = update_apply(&update, endless_reader(before), arena, builder, &after);
    if (fault == UPDATE_FAULT_NONE)
        *out_after = text_of(arena, after);
    return fault;
}

static void assert_updates(const char *item, const char *update, const char *expected)
{
    OWNED(arena) arena = arena_create();
    const char *after = NULL;
    assert_int_equal(apply(arena, item, update, &after), UPDATE_FAULT_NONE);
    assert_string_equal(after, expected);
}

static void assert_faults(const char *item, const char *update, enum update_fault expected)
{
    OWNED(arena) arena = arena_create();
    const char *after = "untouched";
    assert_int_equal(apply(arena, item, update, &after), expected);
    assert_string_equal(after, "untouched");
}

static void test_set_adds_and_replaces_attributes(void **state)
{
    (void)state;
    assert_updates("{b: 1}", "set a = 'x'", "{a: 'x', b: 1}");
    assert_updates("{b: 1}", "set b = 'x'", "{b: 'x'}");
    assert_updates("{b: 1}", "set c = [1, {k: 2}]", "{b: 1, c: [1, {k: 2}]}");
    assert_updates("{b: 1}", "set c = 1; set a = 2; set b = 3", "{a: 2, b: 3, c: 1}");
}

static void test_an_item_without_attributes_and_one_of_no_bytes_get_them(void **state)
{
    (void)state;
    assert_updates("{}", "set a = 1", "{a: 1}");
    assert_updates(NULL, "set b = 1; add a 2; remove c", "{a: 2, b: 1}");
}

static void test_set_reaches_into_maps_and_lists(void **state)
{
    (void)state;
    assert_updates("{m: {a: 1, c: 3}}", "set m.b = 2", "{m: {a: 1, b: 2, c: 3}}");
    assert_updates("{m: {a: 1, c: 3}}", "set m.c = 2", "{m: {a: 1, c: 2}}");
    assert_updates("{l: [1, 2, 3]}", "set l[1] = 'x'", "{l: [1, 'x', 3]}");
    assert_updates("{l: [1, [2, {k: 3}]], z: 0}", "set l[1][1].k = 4",
                   "{l: [1, [2, {k: 4}]], z: 0}");
    assert_updates("{m: {n: {}}}", "set m.n.x = 1; set m.k = 2", "{m: {k: 2, n: {x: 1}}}");
}

static void test_set_behind_the_end_of_a_list_appends_in_the_order_of_indexes(void **state)
{
    (void)state;
    assert_updates("{l: [1]}", "set l[100] = 2", "{l: [1, 2]}");
    assert_updates("{l: [1]}", "set l[9] = 'i'; set l[10] = 'j'; set l[1] = 'b'",
                   "{l: [1, 'b', 'i', 'j']}");
    assert_updates("{l: []}", "set l[0] = 2", "{l: [2]}");
    assert_updates("{l: [1]}", "add l[5] 7", "{l: [1, 7]}");
}

static void test_removed_elements_mean_the_list_before_and_their_places_close_up(void **state)
{
    (void)state;
    assert_updates("{l: [0, 1, 2, 3]}", "remove l[0]; remove l[2]", "{l: [1, 3]}");
    assert_updates("{l: [0, 1, 2]}", "remove l[0]; set l[2] = 'x'", "{l: [1, 'x']}");
    assert_updates("{l: [0]}", "remove l[0]", "{l: []}");
    assert_updates("{l: [0]}", "remove l[0]; set l[7] = 1", "{l: [1]}");
    assert_updates("{l: [0]}", "remove l[1]", "{l: [0]}");
}

static void test_remove_takes_attributes_and_entries_and_leaves_what_is_not_there(void **state)
{
    (void)state;
    assert_updates("{a: 1, b: 2}", "remove a", "{b: 2}");
    assert_updates("{a: 1}", "remove a", "{}");
    assert_updates("{a: 1}", "remove b", "{a: 1}");
    assert_updates("{m: {a: 1, b: 2}}", "remove m.a", "{m: {b: 2}}");
    assert_updates("{m: {a: 1}}", "remove m.a", "{m: {}}");
    assert_updates("{m: {a: 1}}", "remove m.b", "{m: {a: 1}}");
}

static void test_what_a_path_leads_through_must_be_there(void **state)
{
    (void)state;
    static const char *const updates[] = {
        "set x.a = 1",     "set x[0] = 1",   "set m.x.y = 1",  "set l[7].k = 1",
        "set l[7][0] = 1", "remove x.a",     "remove x[0]",    "remove m.x.y",
        "add x.n 1",       "delete x.s <1>", "append x.l [1]", "set m.l[0] = 1",
    };
    for (size_t i = 0; i < sizeof updates / sizeof updates[0]; i++)
        assert_faults("{a: 1, m: {k: 1}, l: [1]}", updates[i], UPDATE_FAULT_PATH);
}

static void test_a_step_must_fit_what_is_there(void **state)
{
    (void)state;
    static const char *const updates[] = {
        "set a.x = 1", "set a[0] = 1",  "set m[0] = 1",   "set l.x = 1",
        "remove l.x",  "remove m[0]",   "remove a.x",     "set s[0] = 1",
        "remove s.x",  "set m.k.x = 1", "set l[0].x = 1",
    };
    for (size_t i = 0; i < sizeof updates / sizeof updates[0]; i++)
        assert_faults("{a: 1, m: {k: 1}, l: [1], s: <'x'>}", updates[i], UPDATE_FAULT_PATH);
}

static void test_paths_that_overlap_are_refused_though_the_tree_should_have_been(void **state)
{
    (void)state;
    assert_faults("{a: 1}", "set a = 1; set a = 2", UPDATE_FAULT_PATH);
    assert_faults("{a: {b: 1}}", "set a.b = 1; remove a", UPDATE_FAULT_PATH);
    assert_faults("{}", "set a = 1; remove a", UPDATE_FAULT_PATH);
    assert_faults("{a: {b: 1}}", "set a.b = 1; set a[0] = 2", UPDATE_FAULT_PATH);
    assert_faults("{a: [1]}", "set a.b = 1; set a[0] = 2", UPDATE_FAULT_PATH);
}

static void test_all_operands_mean_the_item_before(void **state)
{
    (void)state;
    assert_updates("{a: 1, b: 2}", "set a = $b; set b = $a", "{a: 2, b: 1}");
    assert_updates("{a: 1, b: 2}", "set c = $a; remove a", "{b: 2, c: 1}");
    assert_updates("{l: [0, 1, 2]}", "set l[0] = $l[1]; set l[1] = $l[2]; remove l[2]",
                   "{l: [1, 2]}");
    assert_updates("{m: {x: 1}}", "set m.y = $m", "{m: {x: 1, y: {x: 1}}}");
    assert_faults("{}", "set a = 1; set b = $a", UPDATE_FAULT_MISSING);
}

static void test_an_operand_that_is_not_there_is_a_fault(void **state)
{
    (void)state;
    assert_faults("{a: 1}", "set b = $x", UPDATE_FAULT_MISSING);
    assert_faults("{a: 1}", "set a = plus($x, 1)", UPDATE_FAULT_MISSING);
    assert_faults("{a: 1}", "set a = plus(1, $a.b)", UPDATE_FAULT_MISSING);
    assert_faults("{a: [1]}", "set a = append($a, $a[1])", UPDATE_FAULT_MISSING);
    assert_faults("{a: [1]}", "set a = append($x, [1])", UPDATE_FAULT_MISSING);
    assert_faults("{a: 1}", "set b = default($x, $y)", UPDATE_FAULT_MISSING);
}

static void test_a_fault_of_any_action_is_the_fault_of_the_update(void **state)
{
    (void)state;
    assert_faults("{a: 1, b: 2}", "set c = 1; set b = 3; set a = $x; set z = 1",
                  UPDATE_FAULT_MISSING);
}

/* An item whose attribute `deep` is as deep as may be, and an empty map `m`. */
static const char *deepest_item(struct arena *arena)
{
    char opening[LIMIT_ITEM_DEPTH + 1] = "";
    char closing[LIMIT_ITEM_DEPTH + 1] = "";
    memset(opening, '[', LIMIT_ITEM_DEPTH);
    memset(closing, ']', LIMIT_ITEM_DEPTH);
    return arena_format(arena, "{deep: %s%s, m: {}}", opening, closing);
}

static void test_one_level_more_than_an_item_may_have_is_a_fault(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    const char *after;
    const char *item = deepest_item(arena);

    assert_int_equal(apply(arena, item, "set other = $deep", &after), UPDATE_FAULT_NONE);
    assert_int_equal(apply(arena, item, "set m.x = $deep[0]", &after), UPDATE_FAULT_NONE);
    assert_faults(item, "set m.x = $deep", UPDATE_FAULT_DEPTH);
    assert_int_equal(apply(arena, item, "set other = append($deep[0], [1])", &after),
                     UPDATE_FAULT_NONE);
    assert_faults(item, "set m.x = append($deep, [1])", UPDATE_FAULT_DEPTH);
}

static const char *item_of_text_size(struct arena *arena, size_t size)
{
    char *text = arena_alloc(arena, size + 1);
    memset(text, 'x', size);
    text[size] = '\0';
    return arena_format(arena, "{l: ['%s']}", text);
}

static void test_an_item_beyond_all_bounds_is_a_fault(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    const char *after;
    const char *item = item_of_text_size(arena, LIMIT_ITEM_BYTES / 2);

    assert_int_equal(apply(arena, item, "set m = 1", &after), UPDATE_FAULT_NONE);
    assert_faults(item, "set l = append($l, $l)", UPDATE_FAULT_SIZE);
    assert_faults(item_of_text_size(arena, LIMIT_REQUEST_SIZE / 2), "set l = append($l, $l)",
                  UPDATE_FAULT_SIZE);
}

static const char *image(struct arena *arena, enum update_image which, const char *before,
                         const char *update_text)
{
    OWNED(item_builder) builder = item_builder_create();
    OWNED(item_builder) image_builder = item_builder_create();
    struct update update = update_of(arena, update_text);
    struct slice item = item_of(arena, before);
    struct slice after;
    assert_int_equal(update_apply(&update, endless_reader(item), arena, builder, &after),
                     UPDATE_FAULT_NONE);
    struct slice of = which == UPDATE_IMAGE_OLD ? item : after;
    return text_of(arena, update_image(&update, which, of, arena, image_builder));
}

static void assert_images(const char *before, const char *update, const char *old_image,
                          const char *new_image)
{
    OWNED(arena) arena = arena_create();
    assert_string_equal(image(arena, UPDATE_IMAGE_OLD, before, update), old_image);
    assert_string_equal(image(arena, UPDATE_IMAGE_NEW, before, update), new_image);
}

static void test_images_show_what_the_paths_name_and_no_more(void **state)
{
    (void)state;
    assert_images("{a: 1, b: 2}", "set a = 3", "{a: 1}", "{a: 3}");
    assert_images("{a: 1, m: {x: 1, y: 2}}", "set m.x = 3", "{m: {x: 1}}", "{m: {x: 3}}");
    assert_images("{l: [1, 2, 3]}", "set l[1] = 'x'", "{l: [2]}", "{l: ['x']}");
    assert_images("{n: 1, s: <1, 2>}", "add n 1; delete s <1>", "{n: 1, s: <1, 2>}",
                  "{n: 2, s: <2>}");
    assert_images("{m: {x: {p: 1, q: 2}, y: 3}}", "set m.x.p = 5; set m.y = 4",
                  "{m: {x: {p: 1}, y: 3}}", "{m: {x: {p: 5}, y: 4}}");
}

static void test_images_leave_out_what_is_not_in_their_item(void **state)
{
    (void)state;
    assert_images("{a: 1}", "set b = 2", "{}", "{b: 2}");
    assert_images("{a: 1}", "remove a", "{a: 1}", "{}");
    assert_images("{s: <1>}", "delete s <1>", "{s: <1>}", "{}");
    assert_images("{l: [1]}", "set l[5] = 2", "{}", "{}");
    assert_images("{l: [1, 2]}", "remove l[0]", "{l: [1]}", "{}");
}

static void test_the_size_of_an_update_is_what_it_wrote(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct slice after = item_of(arena, "{kept: 'aaaaaaaaaa', a: 'xyz', m: {k: 5}}");
    struct update update = update_of(arena, "set a = 'xyz'; add m.k 1; remove r; delete s <1>");

    assert_int_equal(update_size(&update, after, arena), 3 + (19 + 1 + 3) + (19 + 1 + 2) + 2 + 2);
}

/* {v: a list of so many numbers, s: a set of them} */
static struct slice item_of_numbers(struct arena *arena, unsigned count)
{
    OWNED(item_builder) builder = item_builder_create();
    static const enum value_type types[] = {VALUE_LIST, VALUE_NUMBER_SET};
    struct slice item;
    for (int i = 0; i < 2; i++) {
        item_builder_name(builder, slice_of_text(i == 0 ? "l" : "s"));
        item_builder_open(builder, types[i]);
        for (unsigned j = 0; j < count; j++)
            item_builder_number(builder, (struct number){.digits = 100001 + 2 * (uint64_t)j});
        item_builder_close(builder);
    }
    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_NONE);
    return arena_copy(arena, item);
}

/* Of as many copies of the operand as `count`, each into an attribute of its own. */
static enum update_fault copy_often(struct arena *arena, struct slice item, unsigned count,
                                    const char *operand, struct work *work)
{
    OWNED(item_builder) builder = item_builder_create();
    struct update_action *actions = arena_alloc_zeroed(arena, count * sizeof *actions);
    struct item_reader before = item_reader_of(item, work);
    struct slice after;
    for (unsigned i = 0; i < count; i++)
        actions[i] = *update_of(arena, arena_format(arena, "set a%u = %s", i, operand)).actions;
    return update_apply(&(struct update){actions, count}, &before, arena, builder, &after);
}

static void test_an_update_ends_soon_after_its_work_is_over(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    static const char *const operands[] = {"append($l, $l)", "$l", "plus($l[49999], $l[49998])",
                                           "default($l[50000], $l[49999])"};
    struct slice item = item_of_numbers(arena, 50000);
    for (size_t i = 0; i < sizeof operands / sizeof operands[0]; i++) {
        struct work work = {.max = EVALUATION_WORK_MAX / 8};
        assert_int_equal(copy_often(arena, item, 100, operands[i], &work), UPDATE_FAULT_WORK);
        assert_in_range(work.done, work.max, work.max + EVALUATION_WORK_MAX / 4);
    }
}

static void test_changes_of_large_sets_are_work(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    struct slice item = item_of_numbers(arena, 50000);
    static const char *const changes[] = {"add s <1>", "delete s <100001>"};
    for (int i = 0; i < 2; i++) {
        struct work work = work_of_request();
        struct item_reader before = item_reader_of(item, &work);
        struct update update = update_of(arena, changes[i]);
        struct slice after;
        assert_int_equal(update_apply(&update, &before, arena, builder, &after), UPDATE_FAULT_NONE);
        assert_in_range(work.done, 50000 * WORK_OF_WALK, EVALUATION_WORK_MAX / 2);
    }
}

static void test_setting_many_elements_at_the_end_of_a_list_takes_one_walk(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    enum { COUNT = 250, ELEMENTS = 50000 };
    struct update_action actions[COUNT];
    struct work work = work_of_request();
    struct item_reader before = item_reader_of(item_of_numbers(arena, ELEMENTS), &work);
    struct slice after;
    for (unsigned i = 0; i < COUNT; i++)
        actions[i] = *update_of(arena, arena_format(arena, "set l[%u] = 7", 49000 + i)).actions;
    struct update update = {actions, COUNT};
    assert_int_equal(update_apply(&update, &before, arena, builder, &after), UPDATE_FAULT_NONE);
    assert_in_range(work.done, ELEMENTS * WORK_OF_WALK, ELEMENTS * 4 * WORK_OF_WALK);
    assert_int_equal(update_size(&update, after, arena), 3 + COUNT * (19 + 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_adds_and_replaces_attributes),
        cmocka_unit_test(test_an_item_without_attributes_and_one_of_no_bytes_get_them),
        cmocka_unit_test(test_set_reaches_into_maps_and_lists),
        cmocka_unit_test(test_set_behind_the_end_of_a_list_appends_in_the_order_of_indexes),
        cmocka_unit_test(test_removed_elements_mean_the_list_before_and_their_places_close_up),
        cmocka_unit_test(test_remove_takes_attributes_and_entries_and_leaves_what_is_not_there),
        cmocka_unit_test(test_what_a_path_leads_through_must_be_there),
        cmocka_unit_test(test_a_step_must_fit_what_is_there),
        cmocka_unit_test(test_paths_that_overlap_are_refused_though_the_tree_should_have_been),
        cmocka_unit_test(test_all_operands_mean_the_item_before),
        cmocka_unit_test(test_an_operand_that_is_not_there_is_a_fault),
        cmocka_unit_test(test_a_fault_of_any_action_is_the_fault_of_the_update),
        cmocka_unit_test(test_one_level_more_than_an_item_may_have_is_a_fault),
        cmocka_unit_test(test_an_item_beyond_all_bounds_is_a_fault),
        cmocka_unit_test(test_images_show_what_the_paths_name_and_no_more),
        cmocka_unit_test(test_images_leave_out_what_is_not_in_their_item),
        cmocka_unit_test(test_the_size_of_an_update_is_what_it_wrote),
        cmocka_unit_test(test_an_update_ends_soon_after_its_work_is_over),
        cmocka_unit_test(test_changes_of_large_sets_are_work),
        cmocka_unit_test(test_setting_many_elements_at_the_end_of_a_list_takes_one_walk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
