#include "router/api/page_trees.h"

#include "core/base/limits.h"
#include "core/expression/parser.h"
#include "core/expression/tree_codec.h"
#include "router/api/expressions.h"
#include "router/api/legacy_condition.h"
#include "router/api/legacy_projection.h"

/* Old and new parameters may not stand in one request, nor placeholders without an expression. */
static enum status check_parameters(struct api_call *call, const struct page_tree_members *members)
{
    enum { QUERY_ONLY_COUNT = 2 };
    const struct expression_parameter entries[] = {
        {.name = "AttributesToGet",
         .is_present = members->attributes_to_get != NULL,
         .is_legacy = true},
        {.name = members->is_query ? "QueryFilter" : "ScanFilter",
         .is_present = members->legacy_filter != NULL,
         .is_legacy = true},
        {.name = "ConditionalOperator",
         .is_present = members->conditional_operator != NULL,
         .is_legacy = true},
        {.name = "ProjectionExpression", .is_present = members->projection_expression != NULL},
        {.name = "FilterExpression",
         .is_present = members->filter_expression != NULL,
         .takes_values = true},
        {.name = "KeyConditions", .is_present = members->key_conditions != NULL, .is_legacy = true},
        {.name = "KeyConditionExpression",
         .is_present = members->key_condition_expression != NULL,
         .takes_values = true},
    };
    const size_t count = sizeof entries / sizeof *entries;
    const struct expression_parameters parameters = {
        .entries = entries,
        .count = members->is_query ? count : count - QUERY_ONLY_COUNT,
        .has_names = members->names != NULL,
        .has_values = members->values != NULL,
    };
    return expressions_refuse(call, expression_parameters_check(call->arena, &parameters));
}

static enum status parse_condition(struct api_call *call, struct expression_context *context,
                                   enum expression_kind kind, const struct json_node *text,
                                   struct condition *out_condition)
{
    return expressions_refuse(call,
                              expression_parse_condition(context, kind, text->text, out_condition));
}

static enum status read_expressions(struct api_call *call, const struct page_tree_members *members,
                                    struct page_trees *trees)
{
    struct expression_context *context;
    struct condition key_condition;
    TRY(expressions_open(call, members->names, members->values, &context));
    trees->has_filter = members->filter_expression != NULL;
    trees->has_projection = members->projection_expression != NULL;
    if (trees->has_filter)
        TRY(parse_condition(call, context, EXPRESSION_FILTER, members->filter_expression,
                            &trees->filter));
    if (trees->has_projection)
        TRY(expressions_refuse(
            call, expression_parse_projection(context, members->projection_expression->text,
                                              &trees->projection)));
    if (members->key_condition_expression == NULL)
        return expressions_close(call, context);
    TRY(parse_condition(call, context, EXPRESSION_KEY_CONDITION, members->key_condition_expression,
                        &key_condition));
    TRY(expressions_close(call, context));
    return expressions_refuse(call, key_terms_read(call->arena, &key_condition, &trees->key_terms));
}

/* The older parameters; those that are missing say nothing. */
static enum status read_legacy(struct api_call *call, const struct page_tree_members *members,
                               struct page_trees *trees)
{
    const struct json_node *joined_by = members->conditional_operator;
    struct slice conditional_operator = joined_by != NULL ? joined_by->text : (struct slice){0};
    struct condition key_condition;
    TRY(legacy_filter_read(call, members->legacy_filter, conditional_operator, &trees->has_filter,
                           &trees->filter));
    trees->is_filter_legacy = trees->has_filter;
    trees->has_projection = members->attributes_to_get != NULL;
    if (trees->has_projection)
        TRY(legacy_projection_read(call, members->attributes_to_get, &trees->projection));
    if (members->key_conditions == NULL)
        return STATUS_OK;
    if (members->key_conditions->count == 0 || members->key_conditions->count > KEY_TERMS_MAX)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "Conditions can be of length 1 or 2 only");
    TRY(legacy_key_conditions_read(call, members->key_conditions, &key_condition));
    return expressions_refuse(call, key_terms_read(call->arena, &key_condition, &trees->key_terms));
}

static bool has_legacy(const struct page_tree_members *members)
{
    return members->attributes_to_get != NULL || members->legacy_filter != NULL ||
           members->conditional_operator != NULL || members->key_conditions != NULL;
}

/* As bytes, which a value is in each time that it is named. */
static enum status encode(struct api_call *call, struct page_trees *trees)
{
    SCOPED(buffer) filter;
    SCOPED(buffer) projection;
    buffer_init(&filter);
    buffer_init(&projection);
    if (trees->has_filter)
        tree_encode_condition(&trees->filter, &filter);
    if (trees->has_projection)
        tree_encode_projection(&trees->projection, &projection);
    if (filter.size + projection.size > LIMIT_EXPRESSION_BYTES)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "The expressions of a request may have 2 MB together, in which a "
                               "value counts each time that it is named");
    trees->filter_bytes = arena_copy(call->arena, buffer_slice(&filter));
    trees->projection_bytes = arena_copy(call->arena, buffer_slice(&projection));
    return STATUS_OK;
}

enum status page_trees_read(struct api_call *call, const struct page_tree_members *members,
                            struct page_trees *out_trees)
{
    *out_trees = (struct page_trees){0};
    TRY(check_parameters(call, members));
    if (members->is_query && members->key_condition_expression == NULL &&
        members->key_conditions == NULL)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "Either the KeyConditions or KeyConditionExpression parameter must "
                               "be specified in the request.");
    if (has_legacy(members))
        TRY(read_legacy(call, members, out_trees));
    else
        TRY(read_expressions(call, members, out_trees));
    return encode(call, out_trees);
}
