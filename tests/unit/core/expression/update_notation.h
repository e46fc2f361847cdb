/*
 * For tests of updates: their trees from a text, which is not the API's.
 *
 *     set a.b = plus($n, 1); remove l[0]; add n 5; delete s <'x'>; append l [1]
 *
 * Operands are values, `$path`, plus(,) minus(,) append(,) and default($path,). `append` as an
 * action is the older parameters' ADD.
 */
#pragma once

#include "core/expression/tree.h"
#include "tests/unit/core/expression/notation.h"

enum { ACTIONS_MAX = 16 };

static inline struct path read_path(struct arena *arena, const char **text)
{
    struct slice taken = take_until(text, " ,;)=");
    return path_of(arena, arena_copy_text(arena, taken));
}

static inline struct operand read_constant(struct arena *arena, const char **text)
{
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    struct value value;
    item_builder_name(builder, (struct slice){0});
    read_value(builder, text);
    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_NONE);
    assert_true(item_find(arena_copy(arena, item), (struct slice){0}, &value));
    return operand_of_value(value);
}

static inline struct operand read_operand(struct arena *arena, const char **text)
{
    static const struct {
        const char *name;
        enum operand_kind kind;
    } functions[] = {
        {"plus(", OPERAND_PLUS},
        {"minus(", OPERAND_MINUS},
        {"append(", OPERAND_LIST_APPEND},
        {"default(", OPERAND_IF_NOT_EXISTS},
    };
    if (take_sign(text, '$'))
        return operand_of_path(read_path(arena, text));
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        size_t size = strlen(functions[i].name);
        if (strncmp(*text, functions[i].name, size) != 0)
            continue;
        *text += size;
        struct operand arguments[2] = {read_operand(arena, text)};
        assert_true(take_sign(text, ','));
        arguments[1] = read_operand(arena, text);
        assert_true(take_sign(text, ')'));
        return operand_of_function(arena, functions[i].kind, arguments);
    }
    return read_constant(arena, text);
}

static inline struct update_action read_action(struct arena *arena, const char **text)
{
    struct slice word = take_until(text, " ");
    struct update_action action = {.path = read_path(arena, text)};
    if (slice_is_text(word, "remove")) {
        action.kind = UPDATE_REMOVE;
        return action;
    }
    if (slice_is_text(word, "set")) {
        action.kind = UPDATE_SET;
        assert_true(take_sign(text, '='));
    } else if (slice_is_text(word, "add")) {
        action.kind = UPDATE_ADD;
    } else if (slice_is_text(word, "delete")) {
        action.kind = UPDATE_DELETE;
    } else {
        assert_true(slice_is_text(word, "append"));
        action.kind = UPDATE_ADD_OR_APPEND;
    }
    action.operand = read_operand(arena, text);
    return action;
}

static inline struct update update_of(struct arena *arena, const char *text)
{
    struct update_action *actions = arena_alloc_zeroed(arena, ACTIONS_MAX * sizeof *actions);
    struct update update = {.actions = actions};
    do {
        assert_true(update.count < ACTIONS_MAX);
        actions[update.count++] = read_action(arena, &text);
    } while (take_sign(&text, ';'));
    assert_string_equal(text, "");
    return update;
}
