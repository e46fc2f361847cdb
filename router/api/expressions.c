#include "router/api/expressions.h"

#include "router/api/item_limits.h"

enum status expressions_refuse(struct api_call *call, struct expression_fault fault)
{
    if (expression_fault_is_none(fault))
        return STATUS_OK;
    call->error = (struct api_error){.kind = API_ERROR_VALIDATION, .message = fault.message};
    return STATUS_INVALID;
}

static struct expression_names names_of(struct api_call *call, const struct json_node *map)
{
    if (map == NULL)
        return (struct expression_names){0};
    struct expression_name *entries = arena_alloc(call->arena, map->count * sizeof *entries);
    size_t count = 0;
    for (const struct json_node *node = map->first; node != NULL; node = node->next)
        if (node->kind == JSON_STRING)
            entries[count++] =
                (struct expression_name){.placeholder = node->name, .name = node->text};
    return (struct expression_names){.entries = entries, .count = count, .is_present = true};
}

static struct expression_values values_of(struct api_call *call, const struct json_node *map)
{
    if (map == NULL)
        return (struct expression_values){0};
    struct expression_value *entries = arena_alloc(call->arena, map->count * sizeof *entries);
    size_t count = 0;
    for (const struct json_node *node = map->first; node != NULL; node = node->next)
        if (node->kind == JSON_VALUE)
            entries[count++] = (struct expression_value){.placeholder = node->name,
                                                         .value = json_node_value(node)};
    return (struct expression_values){.entries = entries, .count = count, .is_present = true};
}

enum status expressions_open(struct api_call *call, const struct json_node *names,
                             const struct json_node *values,
                             struct expression_context **out_context)
{
    struct expression_values found = values_of(call, values);
    for (size_t i = 0; i < found.count; i++)
        TRY(item_limits_check_value(call, found.entries[i].value));
    return expressions_refuse(
        call, expression_context_create(call->arena, names_of(call, names), found, out_context));
}

enum status expressions_close(struct api_call *call, const struct expression_context *context)
{
    return expressions_refuse(call, expression_context_finish(context));
}
