/*
 * Random items, paths and trees, of so few names and values that they often meet. They live in the
 * arena.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/check.h"
#include "core/base/random.h"
#include "core/expression/tree.h"
#include "core/model/item.h"

#include <string.h>

enum { RANDOM_ACTIONS_MAX = 4, RANDOM_DEPTH_MAX = 4 };

/* What random things are made with. */
struct maker {
    struct random random;
    struct arena *arena;
};

static inline unsigned pick(struct maker *maker, unsigned bound)
{
    return (unsigned)random_below(&maker->random, bound);
}

static inline struct slice random_name(struct maker *maker)
{
    static const char *const names[] = {"a", "b", "c", "dd", "e'"};
    return slice_of_text(names[pick(maker, 5)]);
}

static inline struct slice random_text(struct maker *maker)
{
    static const char *const texts[] = {"", "a", "ab", "abc", "b", "S", "N", "\xf0\x9d\x84\x9e"};
    return slice_of_text(texts[pick(maker, 8)]);
}

static inline struct number small_number(struct maker *maker)
{
    static const char *const texts[] = {"0", "1", "2", "-1", "0.5", "10", "9E125", "1E-130"};
    struct number number;
    CHECK(number_parse(slice_of_text(texts[pick(maker, 8)]), &number) == NUMBER_FAULT_NONE);
    return number;
}

static inline void put_scalar(struct maker *maker, struct item_builder *builder, unsigned type)
{
    switch (type) {
    case VALUE_STRING:
        item_builder_string(builder, random_text(maker));
        return;
    case VALUE_BINARY:
        item_builder_binary(builder, random_text(maker));
        return;
    case VALUE_NUMBER:
        item_builder_number(builder, small_number(maker));
        return;
    case VALUE_NULL:
        item_builder_null(builder);
        return;
    default:
        item_builder_bool(builder, type == VALUE_TRUE);
        return;
    }
}

/* One to three elements, of which none is twice. */
static inline void put_set(struct maker *maker, struct item_builder *builder, enum value_type type)
{
    unsigned members = 1 + pick(maker, 7);
    item_builder_open(builder, type);
    for (unsigned i = 0; i < 3; i++) {
        struct slice text = slice_of("abc" + i, 1);
        struct number number = {.digits = i + 1};
        if ((members & 1u << i) == 0)
            continue;
        if (type == VALUE_STRING_SET)
            item_builder_string(builder, text);
        else if (type == VALUE_BINARY_SET)
            item_builder_binary(builder, text);
        else
            item_builder_number(builder, number);
    }
    item_builder_close(builder);
}

static inline void put_entries(struct maker *maker, struct item_builder *builder, unsigned depth);

static inline void put_value(struct maker *maker, struct item_builder *builder, unsigned depth)
{
    enum value_type type = (enum value_type)(1 + pick(maker, VALUE_BINARY_SET));
    if (pick(maker, 3) == 0)
        type = pick(maker, 2) == 0 ? VALUE_MAP : VALUE_LIST;
    if (type >= VALUE_STRING_SET) {
        put_set(maker, builder, type);
        return;
    }
    if (type < VALUE_LIST || depth == RANDOM_DEPTH_MAX) {
        put_scalar(maker, builder, type);
        return;
    }
    item_builder_open(builder, type);
    if (type == VALUE_MAP)
        put_entries(maker, builder, depth + 1);
    for (unsigned i = pick(maker, 4); i > 0 && type == VALUE_LIST; i--)
        put_value(maker, builder, depth + 1);
    item_builder_close(builder);
}

static inline void put_entries(struct maker *maker, struct item_builder *builder, unsigned depth)
{
    static const char *const names[] = {"a", "b", "c", "dd", "e'"};
    unsigned members = pick(maker, 32);
    for (unsigned i = 0; i < 5; i++) {
        if ((members & 1u << i) == 0)
            continue;
        item_builder_name(builder, slice_of_text(names[i]));
        put_value(maker, builder, depth);
    }
}

static inline struct slice random_item(struct maker *maker)
{
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    put_entries(maker, builder, 0);
    CHECK(item_builder_finish(builder, &item) == ITEM_FAULT_NONE);
    return arena_copy(maker->arena, item);
}

static inline struct value random_value(struct maker *maker)
{
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    struct value value;
    item_builder_name(builder, slice_of_text("v"));
    put_value(maker, builder, 1);
    CHECK(item_builder_finish(builder, &item) == ITEM_FAULT_NONE);
    CHECK(item_find(arena_copy(maker->arena, item), slice_of_text("v"), &value));
    return value;
}

static inline struct path random_path(struct maker *maker)
{
    uint32_t count = pick(maker, 2) == 0 ? 1 : 1 + pick(maker, 3);
    struct path_step *steps = arena_alloc_zeroed(maker->arena, count * sizeof *steps);
    for (uint32_t i = 0; i < count; i++) {
        steps[i].is_index = i > 0 && pick(maker, 2) == 0;
        if (steps[i].is_index)
            steps[i].index = pick(maker, 4);
        else
            steps[i].name = random_name(maker);
    }
    return (struct path){.steps = steps, .count = count};
}

static inline struct operand random_path_or_value(struct maker *maker)
{
    return pick(maker, 2) == 0 ? operand_of_path(random_path(maker))
                               : operand_of_value(random_value(maker));
}

/* An operand of conditions. */
static inline struct operand random_operand(struct maker *maker)
{
    struct operand operand = random_path_or_value(maker);
    if (pick(maker, 4) == 0)
        return operand_of_function(maker->arena, OPERAND_SIZE, &operand);
    return operand;
}

/* A test of operands. */
static inline struct condition random_test(struct maker *maker)
{
    enum condition_kind kind =
        (enum condition_kind)(CONDITION_EQUAL + pick(maker, CONDITION_CONTAINS - CONDITION_NOT));
    struct operand operands[5];
    uint32_t count = 2;
    if (kind == CONDITION_BETWEEN)
        count = 3;
    if (kind == CONDITION_IN)
        count = 2 + pick(maker, 4);
    if (kind == CONDITION_ATTRIBUTE_EXISTS || kind == CONDITION_ATTRIBUTE_NOT_EXISTS)
        count = 1;
    for (uint32_t i = 0; i < count; i++)
        operands[i] = random_operand(maker);
    return condition_of_operands(maker->arena, kind, operands, count);
}

static inline struct condition random_condition(struct maker *maker, unsigned depth)
{
    unsigned kind = pick(maker, 4);
    if (kind == 0 || depth == RANDOM_DEPTH_MAX)
        return random_test(maker);
    struct condition children[3];
    uint32_t count = kind == CONDITION_NOT ? 1 : 2 + pick(maker, 2);
    for (uint32_t i = 0; i < count; i++)
        children[i] = random_condition(maker, depth + 1);
    if (kind == CONDITION_NOT)
        return condition_not(maker->arena, children[0]);
    return condition_join(maker->arena, (enum condition_kind)kind, children, count);
}

/* An operand of updates. */
static inline struct operand random_source(struct maker *maker, unsigned depth)
{
    if (depth == RANDOM_DEPTH_MAX || pick(maker, 3) > 0)
        return random_path_or_value(maker);
    struct operand arguments[2];
    enum operand_kind kind = (enum operand_kind)(OPERAND_PLUS + pick(maker, 4));
    arguments[0] = kind == OPERAND_IF_NOT_EXISTS ? operand_of_path(random_path(maker))
                                                 : random_source(maker, depth + 1);
    arguments[1] = random_source(maker, depth + 1);
    return operand_of_function(maker->arena, kind, arguments);
}

static inline bool is_apart(const struct path *paths, uint32_t count, struct path path)
{
    for (uint32_t i = 0; i < count; i++)
        if (path_compare(paths[i], path) != PATHS_APART)
            return false;
    return true;
}

/* At least one, apart from each other. */
static inline struct projection random_projection(struct maker *maker)
{
    struct path *paths = arena_alloc(maker->arena, RANDOM_ACTIONS_MAX * sizeof *paths);
    struct projection projection = {.paths = paths};
    for (unsigned tries = 1 + pick(maker, RANDOM_ACTIONS_MAX); tries > 0; tries--) {
        struct path path = random_path(maker);
        if (is_apart(paths, projection.count, path))
            paths[projection.count++] = path;
    }
    return projection;
}

static inline struct update random_update(struct maker *maker)
{
    struct projection places = random_projection(maker);
    struct update_action *actions =
        arena_alloc_zeroed(maker->arena, places.count * sizeof *actions);
    for (uint32_t i = 0; i < places.count; i++) {
        actions[i].kind = (enum update_kind)(UPDATE_SET + pick(maker, UPDATE_ADD_OR_APPEND));
        actions[i].path = places.paths[i];
        actions[i].operand = actions[i].kind == UPDATE_SET ? random_source(maker, 0)
                                                           : operand_of_value(random_value(maker));
    }
    return (struct update){.actions = actions, .count = places.count};
}
