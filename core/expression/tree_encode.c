#include "core/expression/tree_codec.h"

static void encode_header(enum tree_kind kind, struct buffer *buffer)
{
    buffer_append_u8(buffer, TREE_VERSION);
    buffer_append_u8(buffer, (uint8_t)kind);
}

static void encode_step(struct path_step step, struct buffer *buffer)
{
    buffer_append_u8(buffer, step.is_index ? TREE_STEP_INDEX : TREE_STEP_NAME);
    if (step.is_index)
        buffer_append_varint(buffer, step.index);
    else
        buffer_append_sized(buffer, step.name);
}

static void encode_path(struct path path, struct buffer *buffer)
{
    buffer_append_varint(buffer, path.count);
    buffer_append_sized(buffer, path_attribute(path));
    for (uint32_t i = 1; i < path.count; i++)
        encode_step(path.steps[i], buffer);
}

static void encode_value(struct value value, struct buffer *buffer)
{
    buffer_append_varint(buffer, 1 + value.payload.size);
    buffer_append_u8(buffer, (uint8_t)value.type);
    buffer_append(buffer, value.payload);
}

static void encode_operand(const struct operand *operand, struct buffer *buffer)
{
    buffer_append_u8(buffer, (uint8_t)operand->kind);
    switch (operand->kind) {
    case OPERAND_PATH:
        encode_path(operand->path, buffer);
        return;
    case OPERAND_VALUE:
        encode_value(operand->value, buffer);
        return;
    case OPERAND_SIZE:
    case OPERAND_PLUS:
    case OPERAND_MINUS:
    case OPERAND_IF_NOT_EXISTS:
    case OPERAND_LIST_APPEND:
        for (uint32_t i = 0; i < operand_argument_count(operand->kind); i++)
            encode_operand(&operand->arguments[i], buffer);
        return;
    }
}

static void encode_condition(const struct condition *condition, struct buffer *buffer)
{
    buffer_append_u8(buffer, (uint8_t)condition->kind);
    buffer_append_varint(buffer, condition->count);
    for (uint32_t i = 0; i < condition->count; i++) {
        if (condition_has_children(condition->kind))
            encode_condition(&condition->children[i], buffer);
        else
            encode_operand(&condition->operands[i], buffer);
    }
}

void tree_encode_condition(const struct condition *condition, struct buffer *buffer)
{
    encode_header(TREE_CONDITION, buffer);
    encode_condition(condition, buffer);
}

void tree_encode_update(const struct update *update, struct buffer *buffer)
{
    encode_header(TREE_UPDATE, buffer);
    buffer_append_varint(buffer, update->count);
    for (uint32_t i = 0; i < update->count; i++) {
        const struct update_action *action = &update->actions[i];
        buffer_append_u8(buffer, (uint8_t)action->kind);
        encode_path(action->path, buffer);
        if (action->kind != UPDATE_REMOVE)
            encode_operand(&action->operand, buffer);
    }
}

void tree_encode_projection(const struct projection *projection, struct buffer *buffer)
{
    encode_header(TREE_PROJECTION, buffer);
    buffer_append_varint(buffer, projection->count);
    for (uint32_t i = 0; i < projection->count; i++)
        encode_path(projection->paths[i], buffer);
}
