#include "core/expression/tree_shape_private.h"

#include "tests/unit/core/expression/notation.h"

static void test_a_condition_has_as_many_operands_as_it_takes(void **state)
{
    (void)state;
    static const struct {
        enum condition_kind kind;
        uint64_t least;
        uint64_t most;
    } counts[] = {
        {CONDITION_AND, 2, UINT64_MAX},
        {CONDITION_OR, 2, UINT64_MAX},
        {CONDITION_NOT, 1, 1},
        {CONDITION_EQUAL, 2, 2},
        {CONDITION_NOT_EQUAL, 2, 2},
        {CONDITION_LESS, 2, 2},
        {CONDITION_LESS_OR_EQUAL, 2, 2},
        {CONDITION_GREATER, 2, 2},
        {CONDITION_GREATER_OR_EQUAL, 2, 2},
        {CONDITION_BETWEEN, 3, 3},
        {CONDITION_IN, 2, 101},
        {CONDITION_ATTRIBUTE_EXISTS, 1, 1},
        {CONDITION_ATTRIBUTE_NOT_EXISTS, 1, 1},
        {CONDITION_ATTRIBUTE_TYPE, 2, 2},
        {CONDITION_BEGINS_WITH, 2, 2},
        {CONDITION_CONTAINS, 2, 2},
    };
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        assert_false(condition_shape_allows_count(counts[i].kind, counts[i].least - 1));
        assert_true(condition_shape_allows_count(counts[i].kind, counts[i].least));
        assert_true(condition_shape_allows_count(counts[i].kind, counts[i].most));
        if (counts[i].most < UINT64_MAX)
            assert_false(condition_shape_allows_count(counts[i].kind, counts[i].most + 1));
    }
}

static void test_operands_belong_to_conditions_or_updates(void **state)
{
    (void)state;
    assert_true(operand_shape_allows_kind(OPERAND_IN_CONDITION, OPERAND_SIZE));
    assert_false(operand_shape_allows_kind(OPERAND_IN_UPDATE, OPERAND_SIZE));
    for (unsigned kind = OPERAND_PLUS; kind <= OPERAND_LIST_APPEND; kind++) {
        assert_true(operand_shape_allows_kind(OPERAND_IN_UPDATE, kind));
        assert_false(operand_shape_allows_kind(OPERAND_IN_CONDITION, kind));
    }
    assert_false(operand_shape_allows_kind(OPERAND_IN_UPDATE, 0));
    assert_false(operand_shape_allows_kind(OPERAND_IN_UPDATE, OPERAND_LIST_APPEND + 1));
}

static void test_functions_take_what_they_take(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct operand path = operand_of_attribute(arena, slice_of_text("a"));
    struct operand value = operand_of_value(value_of(arena, "1"));
    struct operand size = operand_of_function(arena, OPERAND_SIZE, &path);
    struct operand nested = operand_of_function(arena, OPERAND_SIZE, &size);
    struct operand exists =
        operand_of_function(arena, OPERAND_IF_NOT_EXISTS, (struct operand[]){path, value});
    struct operand turned =
        operand_of_function(arena, OPERAND_IF_NOT_EXISTS, (struct operand[]){value, path});
    assert_true(operand_shape_is_sound(&size));
    assert_false(operand_shape_is_sound(&nested));
    assert_true(operand_shape_is_sound(&exists));
    assert_false(operand_shape_is_sound(&turned));
}

static bool type_test_is_sound(struct arena *arena, const char *type)
{
    struct operand operands[] = {
        operand_of_attribute(arena, slice_of_text("a")),
        operand_of_value(value_of(arena, type)),
    };
    struct condition condition =
        condition_of_operands(arena, CONDITION_ATTRIBUTE_TYPE, operands, 2);
    return condition_shape_is_sound(&condition);
}

static void test_tests_take_what_they_take(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct operand path = operand_of_attribute(arena, slice_of_text("a"));
    struct operand value = operand_of_value(value_of(arena, "1"));
    struct condition of_path = condition_of_operands(arena, CONDITION_ATTRIBUTE_EXISTS, &path, 1);
    struct condition of_value =
        condition_of_operands(arena, CONDITION_ATTRIBUTE_NOT_EXISTS, &value, 1);
    assert_true(condition_shape_is_sound(&of_path));
    assert_false(condition_shape_is_sound(&of_value));
    assert_true(type_test_is_sound(arena, "'SS'"));
    assert_false(type_test_is_sound(arena, "'SSS'"));
    assert_false(type_test_is_sound(arena, "1"));
}

static bool action_is_sound(struct arena *arena, enum update_kind kind, const char *value)
{
    struct update_action action = {
        .kind = kind,
        .path = path_of_attribute(arena, slice_of_text("a")),
        .operand = operand_of_value(value_of(arena, value)),
    };
    return update_shape_is_sound(&action);
}

static void test_actions_take_what_they_take(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    assert_true(action_is_sound(arena, UPDATE_SET, "{}"));
    assert_true(action_is_sound(arena, UPDATE_ADD, "1"));
    assert_true(action_is_sound(arena, UPDATE_ADD, "<'a'>"));
    assert_false(action_is_sound(arena, UPDATE_ADD, "[1]"));
    assert_false(action_is_sound(arena, UPDATE_ADD, "'a'"));
    assert_true(action_is_sound(arena, UPDATE_DELETE, "<1>"));
    assert_false(action_is_sound(arena, UPDATE_DELETE, "1"));
    assert_true(action_is_sound(arena, UPDATE_ADD_OR_APPEND, "[1]"));
    assert_true(action_is_sound(arena, UPDATE_ADD_OR_APPEND, "1"));
    assert_false(action_is_sound(arena, UPDATE_ADD_OR_APPEND, "{}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_condition_has_as_many_operands_as_it_takes),
        cmocka_unit_test(test_operands_belong_to_conditions_or_updates),
        cmocka_unit_test(test_functions_take_what_they_take),
        cmocka_unit_test(test_tests_take_what_they_take),
        cmocka_unit_test(test_actions_take_what_they_take),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
