/* What holds for conditions, updates and projections whatever the item and the tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/expression/condition.h"
#include "core/expression/path_lookup.h"
#include "core/expression/projection.h"
#include "core/expression/update.h"
#include "core/model/value_compare.h"
#include "tests/unit/core/expression/endless_work.h"
#include "tests/unit/core/expression/random_tree.h"
#include "tests/unit/seed.h"

enum { ROUNDS = 5000 };

static bool holds(struct condition condition, struct slice item)
{
    return condition_holds(&condition, item, endless_work());
}

static bool test_holds(struct maker *maker, enum condition_kind kind, struct operand left,
                       struct operand right, struct slice item)
{
    struct operand operands[] = {left, right};
    return holds(condition_of_operands(maker->arena, kind, operands, 2), item);
}

static void check_not_and_or(struct maker *maker, struct slice item)
{
    struct condition both[] = {random_condition(maker, 0), random_condition(maker, 0)};
    struct condition nots[] = {
        condition_not(maker->arena, both[0]),
        condition_not(maker->arena, both[1]),
    };
    bool first = holds(both[0], item);
    bool second = holds(both[1], item);

    assert_int_equal(holds(nots[0], item), !first);
    assert_int_equal(holds(condition_join(maker->arena, CONDITION_AND, both, 2), item),
                     first && second);
    assert_int_equal(holds(condition_join(maker->arena, CONDITION_OR, nots, 2), item),
                     !(first && second));
}

static void check_comparisons(struct maker *maker, struct slice item)
{
    struct operand left = random_operand(maker);
    struct operand right = random_operand(maker);
    struct operand other = random_operand(maker);
    struct operand three[] = {left, right, other};
    bool is_less = test_holds(maker, CONDITION_LESS, left, right, item);
    bool is_equal = test_holds(maker, CONDITION_EQUAL, left, right, item);
    bool is_less_or_equal = test_holds(maker, CONDITION_LESS_OR_EQUAL, left, right, item);

    assert_int_equal(test_holds(maker, CONDITION_GREATER, right, left, item), is_less);
    assert_int_equal(test_holds(maker, CONDITION_NOT_EQUAL, left, right, item), !is_equal);
    assert_false(is_less && is_equal);
    assert_true(!is_less || is_less_or_equal);
    assert_true(!is_less_or_equal || is_less || is_equal);
    assert_int_equal(holds(condition_of_operands(maker->arena, CONDITION_BETWEEN, three, 3), item),
                     test_holds(maker, CONDITION_GREATER_OR_EQUAL, left, right, item) &&
                         test_holds(maker, CONDITION_LESS_OR_EQUAL, left, other, item));
    assert_int_equal(holds(condition_of_operands(maker->arena, CONDITION_IN, three, 3), item),
                     is_equal || test_holds(maker, CONDITION_EQUAL, left, other, item));
}

static void test_conditions_obey_logic(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct maker maker = {random_of_test(), arena};
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(arena);
        struct slice item =
            random_one_in(&maker.random, 10) ? (struct slice){0} : random_item(&maker);
        check_not_and_or(&maker, item);
        check_comparisons(&maker, item);
    }
}

static bool has_index(struct path path)
{
    for (uint32_t i = 0; i < path.count; i++)
        if (path.steps[i].is_index)
            return true;
    return false;
}

static void test_projections_hold_what_the_item_has_and_nothing_else(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    struct maker maker = {random_of_test(), arena};
    unsigned found_count = 0;
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(arena);
        struct slice item = random_item(&maker);
        struct projection projection = random_projection(&maker);
        struct slice parts =
            projection_apply(projection_prepare(&projection, arena), item, builder);

        assert_int_equal(item_check(parts), STATUS_OK);
        assert_true(parts.size <= item.size);
        for (uint32_t j = 0; j < projection.count; j++) {
            struct value whole;
            struct value part;
            struct path path = projection.paths[j];
            if (has_index(path))
                continue;
            bool is_there = path_lookup(item, path, endless_work(), &whole);
            found_count += is_there;
            assert_int_equal(path_lookup(parts, path, endless_work(), &part), is_there);
            assert_true(!is_there || values_are_equal(whole, part));
        }
    }
    assert_true(found_count > ROUNDS / 4);
}

/* Attributes that no path begins with are the same before and after. */
static void check_untouched(const struct update *update, struct slice from, struct slice to)
{
    struct value_cursor cursor = item_cursor(from);
    struct slice name;
    struct value value;
    struct value other;
    while (value_cursor_next(&cursor, &name, &value))
        if (!update_changes(update, name))
            assert_true(item_find(to, name, &other) && values_are_equal(value, other));
}

/* What SET and REMOVE name is there, or not there, unless a list moves. */
static void check_touched(const struct update *update, struct slice before, struct slice after)
{
    for (uint32_t i = 0; i < update->count; i++) {
        const struct update_action *action = &update->actions[i];
        const struct operand *operand = &action->operand;
        struct value wanted;
        struct value value;
        if (has_index(action->path))
            continue;
        bool is_there = path_lookup(after, action->path, endless_work(), &value);
        if (action->kind == UPDATE_REMOVE)
            assert_false(is_there);
        if (action->kind != UPDATE_SET)
            continue;
        assert_true(is_there);
        if (operand->kind == OPERAND_VALUE)
            assert_true(values_are_equal(value, operand->value));
        if (operand->kind == OPERAND_PATH)
            assert_true(path_lookup(before, operand->path, endless_work(), &wanted) &&
                        values_are_equal(value, wanted));
    }
}

static void test_updates_change_what_their_paths_name_and_nothing_else(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    OWNED(item_builder) image_builder = item_builder_create();
    struct maker maker = {random_of_test(), arena};
    unsigned fault_counts[UPDATE_FAULT_COUNT] = {0};
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(arena);
        struct slice before = random_item(&maker);
        struct update update = random_update(&maker);
        struct slice after;
        enum update_fault fault =
            update_apply(&update, endless_reader(before), arena, builder, &after);

        fault_counts[fault]++;
        if (fault != UPDATE_FAULT_NONE)
            continue;
        assert_int_equal(item_check(after), STATUS_OK);
        check_untouched(&update, before, after);
        check_untouched(&update, after, before);
        check_touched(&update, before, after);
        struct slice image = update_image(&update, UPDATE_IMAGE_NEW, after, arena, image_builder);
        assert_int_equal(item_check(image), STATUS_OK);
    }
    assert_true(fault_counts[UPDATE_FAULT_NONE] > ROUNDS / 10);
    assert_true(fault_counts[UPDATE_FAULT_PATH] > 0);
    assert_true(fault_counts[UPDATE_FAULT_MISSING] > 0);
    assert_true(fault_counts[UPDATE_FAULT_TYPE] > 0);
}

static void test_setting_what_is_there_to_itself_changes_no_byte(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    struct maker maker = {random_of_test(), arena};
    unsigned changed_count = 0;
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(arena);
        struct slice item = random_item(&maker);
        struct projection places = random_projection(&maker);
        struct update_action actions[RANDOM_ACTIONS_MAX];
        struct update update = {.actions = actions};
        for (uint32_t j = 0; j < places.count; j++) {
            struct value value;
            struct path path = places.paths[j];
            if (path_lookup(item, path, endless_work(), &value))
                actions[update.count++] =
                    (struct update_action){UPDATE_SET, path, operand_of_path(path)};
        }
        struct slice after;
        assert_int_equal(update_apply(&update, endless_reader(item), arena, builder, &after),
                         UPDATE_FAULT_NONE);
        assert_true(slice_is_equal(after, item));
        changed_count += update.count;
    }
    assert_true(changed_count > ROUNDS / 2);
}

static void test_what_was_set_anew_is_gone_once_removed(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    OWNED(item_builder) back_builder = item_builder_create();
    struct maker maker = {random_of_test(), arena};
    unsigned added_count = 0;
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(arena);
        struct slice item = random_item(&maker);
        struct path path = random_path(&maker);
        struct value value;
        struct slice after;
        struct slice back;
        bool is_last_index = path.steps[path.count - 1].is_index;
        if (path_lookup(item, path, endless_work(), &value) || is_last_index)
            continue;
        struct update_action set = {UPDATE_SET, path, operand_of_value(random_value(&maker))};
        struct update_action removal = {.kind = UPDATE_REMOVE, .path = path};
        struct update forth = {&set, 1};
        struct update undo = {&removal, 1};
        if (update_apply(&forth, endless_reader(item), arena, builder, &after) != UPDATE_FAULT_NONE)
            continue;

        assert_int_equal(update_apply(&undo, endless_reader(after), arena, back_builder, &back),
                         UPDATE_FAULT_NONE);
        assert_true(slice_is_equal(back, item));
        added_count++;
    }
    assert_true(added_count > ROUNDS / 10);
}

enum { LIST_MAX = 12 };

/* The item `{a: [...]}` of these numbers. */
static struct slice list_of(struct arena *arena, const uint64_t *numbers, unsigned count)
{
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    item_builder_name(builder, slice_of_text("a"));
    item_builder_open(builder, VALUE_LIST);
    for (unsigned i = 0; i < count; i++)
        item_builder_number(builder, (struct number){.digits = numbers[i]});
    item_builder_close(builder);
    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_NONE);
    return arena_copy(arena, item);
}

static struct path path_of_index(struct arena *arena, uint32_t index)
{
    struct path_step *steps = arena_alloc_zeroed(arena, 2 * sizeof *steps);
    steps[0].name = slice_of_text("a");
    steps[1] = (struct path_step){.index = index, .is_index = true};
    return (struct path){.steps = steps, .count = 2};
}

static struct operand number_operand(struct arena *arena, uint64_t digits)
{
    uint8_t *key = arena_alloc(arena, NUMBER_KEY_SIZE_MAX);
    size_t size = number_key_encode((struct number){.digits = digits}, key);
    return operand_of_value((struct value){VALUE_NUMBER, slice_of(key, size)});
}

static void test_elements_are_set_removed_and_appended_as_one_would_by_hand(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    struct maker maker = {random_of_test(), arena};
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(arena);
        static const uint64_t numbers[] = {11, 12, 13, 14, 15, 16, 17, 18, 19};
        struct update_action actions[LIST_MAX];
        struct update update = {.actions = actions};
        uint64_t expected[LIST_MAX];
        unsigned expected_count = 0;
        unsigned count = pick(&maker, 10);
        for (unsigned index = 0; index < LIST_MAX; index++) {
            unsigned choice = pick(&maker, 3);
            if (choice == 0) {
                if (index < count)
                    expected[expected_count++] = numbers[index];
                continue;
            }
            struct update_action *action = &actions[update.count++];
            action->kind = choice == 1 ? UPDATE_SET : UPDATE_REMOVE;
            action->path = path_of_index(arena, index);
            action->operand = number_operand(arena, 71 + index % 9);
            if (choice == 1)
                expected[expected_count++] = 71 + index % 9;
        }
        struct slice after;
        enum update_fault fault = update_apply(
            &update, endless_reader(list_of(arena, numbers, count)), arena, builder, &after);

        assert_int_equal(fault, UPDATE_FAULT_NONE);
        assert_true(slice_is_equal(after, list_of(arena, expected, expected_count)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conditions_obey_logic),
        cmocka_unit_test(test_projections_hold_what_the_item_has_and_nothing_else),
        cmocka_unit_test(test_updates_change_what_their_paths_name_and_nothing_else),
        cmocka_unit_test(test_setting_what_is_there_to_itself_changes_no_byte),
        cmocka_unit_test(test_elements_are_set_removed_and_appended_as_one_would_by_hand),
        cmocka_unit_test(test_what_was_set_anew_is_gone_once_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
