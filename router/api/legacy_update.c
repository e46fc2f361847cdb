#include "router/api/legacy_update.h"

#include "core/base/limits.h"
#include "router/api/item_limits.h"

#define INVALID_TEXT "One or more parameter values were invalid: "

static bool is_set(enum value_type type)
{
    return value_type_element(type) != 0;
}

static enum status read_value(struct api_call *call, enum update_kind kind, struct value value)
{
    enum value_type type = value.type;
    if (kind == UPDATE_DELETE && !is_set(type))
        return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                      INVALID_TEXT
                                      "DELETE action with value is not supported for the type %s",
                                      value_type_name(type));
    bool may_be_added = type == VALUE_NUMBER || type == VALUE_LIST || is_set(type);
    if (kind == UPDATE_ADD_OR_APPEND && !may_be_added)
        return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                      INVALID_TEXT "ADD action is not supported for the type %s",
                                      value_type_name(type));
    return STATUS_OK;
}

/* Without an action the value is put. */
static enum update_kind kind_of(const struct json_node *action)
{
    if (action != NULL && slice_is_text(action->text, "DELETE"))
        return UPDATE_DELETE;
    if (action != NULL && slice_is_text(action->text, "ADD"))
        return UPDATE_ADD_OR_APPEND;
    return UPDATE_SET;
}

static enum status read_action(struct api_call *call, const struct json_node *node,
                               struct update_action *out_action)
{
    if (node->name.size > LIMIT_ATTRIBUTE_NAME_SIZE)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "Attribute name is too large, must be less than 65536 bytes");
    const struct json_node *value = json_node_find(node, "Value");
    enum update_kind kind = kind_of(json_node_find(node, "Action"));
    *out_action = (struct update_action){
        .kind = kind,
        .path = path_of_attribute(call->arena, node->name),
    };
    if (value == NULL && kind == UPDATE_DELETE) {
        out_action->kind = UPDATE_REMOVE;
        return STATUS_OK;
    }
    if (value == NULL)
        return api_call_refuse(
            call, API_ERROR_VALIDATION,
            INVALID_TEXT "Only DELETE action is allowed when no attribute value is specified");
    TRY(item_limits_check_value(call, json_node_value(value)));
    out_action->operand = operand_of_value(json_node_value(value));
    return read_value(call, kind, json_node_value(value));
}

enum status legacy_update_read(struct api_call *call, const struct json_node *updates,
                               struct update *out_update)
{
    struct update_action *actions = arena_alloc(call->arena, updates->count * sizeof *actions);
    uint32_t count = 0;
    for (const struct json_node *node = updates->first; node != NULL; node = node->next)
        TRY(read_action(call, node, &actions[count++]));
    *out_update = (struct update){.actions = actions, .count = count};
    return STATUS_OK;
}
