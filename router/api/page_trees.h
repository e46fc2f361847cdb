/*
 * Page trees: what a Query or Scan asks for in words, as trees: from its expressions, or from the
 * older parameters that mean the same.
 *
 * Ownership: trees lie in the call's arena, and borrow from its request.
 */
#pragma once

#include "core/expression/key_condition.h"
#include "core/expression/tree.h"
#include "router/front/api_call.h"

#include <stdbool.h>

struct page_trees {
    bool has_filter;
    bool is_filter_legacy;
    struct condition filter;
    bool has_projection;
    struct projection projection;
    struct slice filter_bytes; /* as core/expression/tree_codec.h makes them */
    struct slice projection_bytes;
    struct key_terms key_terms; /* of a Query */
};

/* Members of the request; NULL: missing, or the operation has no such member. */
struct page_tree_members {
    bool is_query;
    const struct json_node *key_condition_expression;
    const struct json_node *filter_expression;
    const struct json_node *projection_expression;
    const struct json_node *names;
    const struct json_node *values;
    const struct json_node *key_conditions;
    const struct json_node *legacy_filter; /* QueryFilter or ScanFilter */
    const struct json_node *attributes_to_get;
    const struct json_node *conditional_operator;
};

MUST_USE enum status page_trees_read(struct api_call *call, const struct page_tree_members *members,
                                     struct page_trees *out_trees);
