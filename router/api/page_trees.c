#include "router/api/page_trees.h"

#include "core/expression/parser.h"
#include "router/api/expressions.h"

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

enum status page_trees_read(struct api_call *call, const struct page_tree_members *members,
                            struct page_trees *out_trees)
{
    *out_trees = (struct page_trees){0};
    TRY(check_parameters(call, members));
    if (members->is_query && members->key_condition_expression == NULL)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "Either the KeyConditions or KeyConditionExpression parameter must "
                               "be specified in the request.");
    return read_expressions(call, members, out_trees);
}
