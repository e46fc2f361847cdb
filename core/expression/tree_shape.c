#include "core/expression/tree_shape_private.h"

bool condition_shape_allows_count(enum condition_kind kind, uint64_t count)
{
    switch (kind) {
    case CONDITION_AND:
    case CONDITION_OR:
        return count >= 2;
    case CONDITION_NOT:
    case CONDITION_ATTRIBUTE_EXISTS:
    case CONDITION_ATTRIBUTE_NOT_EXISTS:
        return count == 1;
    case CONDITION_EQUAL:
    case CONDITION_NOT_EQUAL:
    case CONDITION_LESS:
    case CONDITION_LESS_OR_EQUAL:
    case CONDITION_GREATER:
    case CONDITION_GREATER_OR_EQUAL:
    case CONDITION_ATTRIBUTE_TYPE:
    case CONDITION_BEGINS_WITH:
    case CONDITION_CONTAINS:
        return count == 2;
    case CONDITION_BETWEEN:
        return count == 3;
    case CONDITION_IN:
        return count >= 2 && count <= 1 + CONDITION_IN_MAX;
    }
    return false;
}

bool operand_shape_allows_kind(enum operand_place place, unsigned kind)
{
    switch ((enum operand_kind)kind) {
    case OPERAND_PATH:
    case OPERAND_VALUE:
        return true;
    case OPERAND_SIZE:
        return place == OPERAND_IN_CONDITION;
    case OPERAND_PLUS:
    case OPERAND_MINUS:
    case OPERAND_IF_NOT_EXISTS:
    case OPERAND_LIST_APPEND:
        return place == OPERAND_IN_UPDATE;
    }
    return false;
}

bool operand_shape_is_sound(const struct operand *operand)
{
    switch (operand->kind) {
    case OPERAND_SIZE:
        return operand_argument_count(operand->arguments[0].kind) == 0;
    case OPERAND_IF_NOT_EXISTS:
        return operand->arguments[0].kind == OPERAND_PATH;
    case OPERAND_PATH:
    case OPERAND_VALUE:
    case OPERAND_PLUS:
    case OPERAND_MINUS:
    case OPERAND_LIST_APPEND:
        return true;
    }
    return false;
}

static bool names_a_type(const struct operand *operand)
{
    return operand->kind == OPERAND_VALUE && operand->value.type == VALUE_STRING &&
           value_type_of_name(value_bytes(operand->value)) != 0;
}

bool condition_shape_is_sound(const struct condition *condition)
{
    switch (condition->kind) {
    case CONDITION_ATTRIBUTE_EXISTS:
    case CONDITION_ATTRIBUTE_NOT_EXISTS:
        return condition->operands[0].kind == OPERAND_PATH;
    case CONDITION_ATTRIBUTE_TYPE:
        return names_a_type(&condition->operands[1]);
    case CONDITION_AND:
    case CONDITION_OR:
    case CONDITION_NOT:
    case CONDITION_EQUAL:
    case CONDITION_NOT_EQUAL:
    case CONDITION_LESS:
    case CONDITION_LESS_OR_EQUAL:
    case CONDITION_GREATER:
    case CONDITION_GREATER_OR_EQUAL:
    case CONDITION_BETWEEN:
    case CONDITION_IN:
    case CONDITION_BEGINS_WITH:
    case CONDITION_CONTAINS:
        return true;
    }
    return false;
}

bool update_shape_is_sound(const struct update_action *action)
{
    const struct operand *operand = &action->operand;
    bool is_value = operand->kind == OPERAND_VALUE;
    switch (action->kind) {
    case UPDATE_SET:
    case UPDATE_REMOVE:
        return true;
    case UPDATE_ADD:
        return is_value && (operand->value.type == VALUE_NUMBER ||
                            value_type_element(operand->value.type) != 0);
    case UPDATE_DELETE:
        return is_value && value_type_element(operand->value.type) != 0;
    case UPDATE_ADD_OR_APPEND:
        return is_value &&
               (operand->value.type == VALUE_NUMBER || operand->value.type == VALUE_LIST ||
                value_type_element(operand->value.type) != 0);
    }
    return false;
}
