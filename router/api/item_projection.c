#include "router/api/item_projection.h"

#include "core/expression/parser.h"
#include "core/expression/projection.h"
#include "core/json/json_item.h"
#include "router/api/expressions.h"
#include "router/api/legacy_projection.h"

static enum status check_parameters(struct api_call *call,
                                    const struct item_projection_members *members)
{
    const struct expression_parameter entries[] = {
        {.name = "AttributesToGet",
         .is_present = members->attributes_to_get != NULL,
         .is_legacy = true},
        {.name = "ProjectionExpression", .is_present = members->expression != NULL},
    };
    const struct expression_parameters parameters = {
        .entries = entries,
        .count = SHAPE_COUNT(entries),
        .has_names = members->names != NULL,
    };
    return expressions_refuse(call, expression_parameters_check(call->arena, &parameters));
}

static enum status read_expression(struct api_call *call,
                                   const struct item_projection_members *members,
                                   struct projection *out_projection)
{
    struct expression_context *context;
    TRY(expressions_open(call, members->names, NULL, &context));
    TRY(expressions_refuse(
        call, expression_parse_projection(context, members->expression->text, out_projection)));
    return expressions_close(call, context);
}

enum status item_projection_read(struct api_call *call,
                                 const struct item_projection_members *members,
                                 struct item_projection *out_projection)
{
    struct projection projection;
    bool has_parameters =
        members->attributes_to_get != NULL || members->expression != NULL || members->names != NULL;
    *out_projection = (struct item_projection){0};
    if (!has_parameters)
        return STATUS_OK;
    TRY(check_parameters(call, members));
    if (members->expression != NULL)
        TRY(read_expression(call, members, &projection));
    else
        TRY(legacy_projection_read(call, members->attributes_to_get, &projection));
    *out_projection = (struct item_projection){
        .is_partial = true,
        .paths = projection_prepare(&projection, call->arena),
    };
    return STATUS_OK;
}

void item_projection_write(const struct item_projection *projection, struct slice item,
                           struct buffer *json)
{
    if (!projection->is_partial) {
        json_item_write(json, item);
        return;
    }
    OWNED(item_builder) builder = item_builder_create();
    json_item_write(json, projection_apply(projection->paths, item, builder));
}
