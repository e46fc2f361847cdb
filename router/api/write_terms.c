#include "router/api/write_terms.h"

#include "core/expression/parser.h"
#include "core/expression/tree_codec.h"
#include "router/api/expressions.h"
#include "router/api/legacy_condition.h"
#include "router/api/legacy_update.h"

static enum status check_parameters(struct api_call *call, const struct write_term_members *members)
{
    const struct expression_parameter entries[] = {
        {.name = "AttributeUpdates",
         .is_present = members->attribute_updates != NULL,
         .is_legacy = true},
        {.name = "Expected", .is_present = members->expected != NULL, .is_legacy = true},
        {.name = "ConditionalOperator",
         .is_present = members->conditional_operator != NULL,
         .is_legacy = true},
        {.name = "UpdateExpression",
         .is_present = members->update_expression != NULL,
         .takes_values = true},
        {.name = "ConditionExpression",
         .is_present = members->condition_expression != NULL,
         .takes_values = true},
    };
    enum { NOT_OF_UPDATES = 3 };
    struct expression_parameter own[SHAPE_COUNT(entries)];
    size_t count = 0;
    for (size_t i = 0; i < SHAPE_COUNT(entries); i++)
        if (members->is_update || (i != 0 && i != NOT_OF_UPDATES))
            own[count++] = entries[i];
    const struct expression_parameters parameters = {
        .entries = own,
        .count = count,
        .has_names = members->names != NULL,
        .has_values = members->values != NULL,
    };
    return expressions_refuse(call, expression_parameters_check(call->arena, &parameters));
}

struct trees {
    bool has_condition;
    struct condition condition;
    struct update update;
};

static enum status read_expressions(struct api_call *call, const struct write_term_members *members,
                                    struct trees *trees)
{
    struct expression_context *context;
    TRY(expressions_open(call, members->names, members->values, &context));
    if (members->update_expression != NULL)
        TRY(expressions_refuse(
            call,
            expression_parse_update(context, members->update_expression->text, &trees->update)));
    trees->has_condition = members->condition_expression != NULL;
    if (trees->has_condition)
        TRY(expressions_refuse(call, expression_parse_condition(context, EXPRESSION_CONDITION,
                                                                members->condition_expression->text,
                                                                &trees->condition)));
    return expressions_close(call, context);
}

static enum status read_legacy(struct api_call *call, const struct write_term_members *members,
                               struct trees *trees)
{
    struct slice conditional_operator = members->conditional_operator != NULL
                                            ? members->conditional_operator->text
                                            : (struct slice){0};
    if (members->attribute_updates != NULL)
        TRY(legacy_update_read(call, members->attribute_updates, &trees->update));
    return legacy_expected_read(call, members->expected, conditional_operator,
                                &trees->has_condition, &trees->condition);
}

/* One value may stand in a tree many times. */
static enum status check_size(struct api_call *call, const struct row_terms *terms)
{
    if (terms->condition.size + terms->update.size <= LIMIT_EXPRESSION_BYTES)
        return STATUS_OK;
    return api_call_refuse(call, API_ERROR_VALIDATION,
                           "The values that the request's expressions name are too large together");
}

static enum status encode(struct api_call *call, const struct trees *trees, struct row_terms *terms)
{
    SCOPED(buffer) bytes;
    buffer_init(&bytes);
    if (trees->has_condition)
        tree_encode_condition(&trees->condition, &bytes);
    terms->condition = arena_copy(call->arena, buffer_slice(&bytes));
    buffer_clear(&bytes);
    if (trees->update.count > 0)
        tree_encode_update(&trees->update, &bytes);
    terms->update = arena_copy(call->arena, buffer_slice(&bytes));
    return check_size(call, terms);
}

enum status write_terms_read(struct api_call *call, const struct write_term_members *members,
                             struct row_terms *terms, struct update *out_update)
{
    struct trees trees = {0};
    TRY(check_parameters(call, members));
    if (members->update_expression != NULL || members->condition_expression != NULL)
        TRY(read_expressions(call, members, &trees));
    else
        TRY(read_legacy(call, members, &trees));
    *out_update = trees.update;
    return encode(call, &trees, terms);
}
