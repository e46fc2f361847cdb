/*
 * What tests of evaluations share: items of a few numbers, requests with trees made from text, and
 * what came of them.
 */
#pragma once

#include "core/base/check.h"
#include "core/expression/parser.h"
#include "core/expression/tree_codec.h"
#include "node/tablet/evaluate.h"

struct evaluate_fixture {
    struct arena *arena;
    struct evaluate_scratch scratch;
    struct effects effects;
    struct verdict verdict;
};

static const struct stamp fixture_stamp = {.time = 7, .region_id = 3};

static inline void evaluate_fixture_init(struct evaluate_fixture *fixture)
{
    *fixture = (struct evaluate_fixture){.arena = arena_create()};
    evaluate_scratch_init(&fixture->scratch);
    effects_init(&fixture->effects);
}

static inline void evaluate_fixture_deinit(struct evaluate_fixture *fixture)
{
    effects_deinit(&fixture->effects);
    evaluate_scratch_deinit(&fixture->scratch);
    arena_destroy(fixture->arena);
}

/* {"k": 1} and, if it is not 0, {"n": number} too. */
static inline struct slice item_of(struct evaluate_fixture *fixture, unsigned number)
{
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    item_builder_name(builder, slice_of_text("k"));
    item_builder_number(builder, (struct number){.digits = 1});
    if (number != 0) {
        item_builder_name(builder, slice_of_text("n"));
        item_builder_number(builder, (struct number){.digits = number});
    }
    CHECK(item_builder_finish(builder, &item) == ITEM_FAULT_NONE);
    return arena_copy(fixture->arena, item);
}

/* :one, :two and :text are there to be used, and one of them must be. */
static inline struct expression_context *context_of(struct evaluate_fixture *fixture)
{
    static const uint8_t text[] = {1, 'x'};
    struct expression_context *context;
    uint8_t *keys = arena_alloc(fixture->arena, (size_t)2 * NUMBER_KEY_SIZE_MAX);
    struct expression_value values[] = {
        {slice_of_text(":one"),
         {VALUE_NUMBER, slice_of(keys, number_key_encode((struct number){.digits = 1}, keys))}},
        {slice_of_text(":two"),
         {VALUE_NUMBER,
          slice_of(keys + NUMBER_KEY_SIZE_MAX,
                   number_key_encode((struct number){.digits = 2}, keys + NUMBER_KEY_SIZE_MAX))}},
        {slice_of_text(":text"), {VALUE_STRING, slice_of(text, sizeof text)}},
    };
    struct expression_value *copy =
        memcpy(arena_alloc(fixture->arena, sizeof values), values, sizeof values);
    struct expression_fault fault = expression_context_create(
        fixture->arena, (struct expression_names){0},
        (struct expression_values){.entries = copy, .count = 3, .is_present = true}, &context);
    CHECK(expression_fault_is_none(fault));
    return context;
}

static inline struct slice condition_of(struct evaluate_fixture *fixture, const char *text)
{
    struct condition condition;
    SCOPED(buffer) bytes = {0};
    struct expression_fault fault = expression_parse_condition(
        context_of(fixture), EXPRESSION_CONDITION, slice_of_text(text), &condition);
    CHECK(expression_fault_is_none(fault));
    tree_encode_condition(&condition, &bytes);
    return arena_copy(fixture->arena, buffer_slice(&bytes));
}

static inline struct slice update_of(struct evaluate_fixture *fixture, const char *text)
{
    struct update update = {0};
    SCOPED(buffer) bytes = {0};
    struct expression_fault fault =
        expression_parse_update(context_of(fixture), slice_of_text(text), &update);
    CHECK(expression_fault_is_none(fault));
    tree_encode_update(&update, &bytes);
    return arena_copy(fixture->arena, buffer_slice(&bytes));
}

static inline enum status evaluate(struct evaluate_fixture *fixture,
                                   const struct write_request *request, struct slice before)
{
    effects_clear(&fixture->effects, 0);
    return evaluate_write(request, before, fixture_stamp, &fixture->scratch, &fixture->effects,
                          &fixture->verdict);
}

/* The only effect: whether it puts that item, or deletes the row when `item` has no bytes. */
static inline bool effect_is(struct evaluate_fixture *fixture, struct slice item)
{
    SCOPED(buffer) bytes = {0};
    struct effects_cursor cursor;
    struct effect effect;
    uint64_t time;
    effects_encode(&fixture->effects, &bytes);
    CHECK(effects_open(buffer_slice(&bytes), &cursor, &time) == STATUS_OK);
    CHECK(time == fixture_stamp.time);
    CHECK(effects_next(&cursor, &effect));
    bool is_it =
        effect.kind == EFFECT_PUT_ROW ? slice_is_equal(effect.value, item) : item.size == 0;
    return is_it && !effects_next(&cursor, &effect);
}
