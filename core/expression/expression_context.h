/*
 * Expression context: what the placeholders of one request stand for.
 *
 * All expressions of a request share one: each lookup marks its placeholder as used, and
 * expression_context_finish refuses those that no expression used.
 *
 * Ownership: the context lies in its arena and borrows names and values.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/slice.h"
#include "core/expression/expression_fault.h"
#include "core/model/value.h"

#include <stdbool.h>
#include <stddef.h>

enum { EXPRESSION_SUBSTITUTES_SIZE_MAX = 2 << 20 };

/* An entry of ExpressionAttributeNames or ExpressionAttributeValues. */
struct expression_name {
    struct slice placeholder; /* with its mark, as #n */
    struct slice name;
};

struct expression_value {
    struct slice placeholder; /* as :v */
    struct value value;
};

/* A map of the request, in the order of its text; no placeholder stands in it twice. */
struct expression_names {
    const struct expression_name *entries;
    size_t count;
    bool is_present; /* the parameter was given, though it be empty */
};

struct expression_values {
    const struct expression_value *entries;
    size_t count;
    bool is_present;
};

struct expression_context;

/* Refuses maps that are empty, too large, or have a key that is no placeholder. */
struct expression_fault expression_context_create(struct arena *arena,
                                                  struct expression_names names,
                                                  struct expression_values values,
                                                  struct expression_context **out_context);

/* Where the context lies, and what is made with it. */
struct arena *expression_context_arena(const struct expression_context *context);

/* False when the placeholder is not defined; else it counts as used. */
bool expression_context_name(struct expression_context *context, struct slice placeholder,
                             struct slice *out_name);
bool expression_context_value(struct expression_context *context, struct slice placeholder,
                              struct value *out_value);

/* Call once all expressions have been parsed: refuses what none of them used. */
struct expression_fault expression_context_finish(const struct expression_context *context);
