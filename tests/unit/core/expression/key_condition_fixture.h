/*
 * For tests of key conditions: one from its text, for a table whose key is pk (S) and sk.
 */
#pragma once

#include "core/expression/key_condition.h"
#include "tests/unit/core/expression/expression_fixture.h"

/* `sort_type` 0: there is no sort key. */
static inline struct expression_fault read_key_condition(struct arena *arena, const char *text,
                                                         const char *values,
                                                         enum value_type sort_type,
                                                         struct key_condition *out_condition)
{
    struct condition condition;
    struct key_terms terms;
    struct key_schema schema = {
        .partition = {slice_of_text("pk"), VALUE_STRING},
        .sort = {slice_of_text("sk"), sort_type},
        .has_sort = sort_type != 0,
    };
    TRY_EXPRESSION(expression_parse_condition(context_of(arena, NULL, values),
                                              EXPRESSION_KEY_CONDITION, slice_of_text(text),
                                              &condition));
    TRY_EXPRESSION(key_terms_read(arena, &condition, &terms));
    return key_condition_match(arena, &terms, &schema, out_condition);
}
