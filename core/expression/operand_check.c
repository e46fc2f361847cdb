#include "core/expression/operand_check_private.h"

#include "core/model/value_compare.h"

enum value_type operand_known_type(const struct operand *operand)
{
    switch (operand->kind) {
    case OPERAND_VALUE:
        return operand->value.type;
    case OPERAND_SIZE:
    case OPERAND_PLUS:
    case OPERAND_MINUS:
        return VALUE_NUMBER;
    case OPERAND_LIST_APPEND:
        return VALUE_LIST;
    case OPERAND_PATH:
    case OPERAND_IF_NOT_EXISTS:
        return 0;
    }
    return 0;
}

void operand_check_type(struct parser *parser, const char *operator_name,
                        const struct operand *operand, uint32_t types)
{
    enum value_type type = operand_known_type(operand);
    if (type != 0 && (types & TYPES(type)) == 0)
        parser_complain_of_type(parser, operator_name, value_type_name(type));
}

static bool paths_are_equal(struct path left, struct path right)
{
    return left.count == right.count && path_compare(left, right) == PATHS_OVERLAP;
}

void operand_check_distinct(struct parser *parser, const char *operator_name,
                            const struct operand *operands, uint32_t count)
{
    for (uint32_t i = 1; i < count && operands[0].kind == OPERAND_PATH; i++) {
        if (operands[i].kind == OPERAND_PATH && paths_are_equal(operands[0].path, operands[i].path))
            parser_complain(parser, COMPLAINT_SAME_OPERAND,
                            "The first operand must be distinct from the remaining operands for "
                            "this operator or function; operator: %s, first operand: %s",
                            operator_name, path_text(parser->arena, operands[0].path));
    }
}

/* As DynamoDB shows a bound; what it shows of bytes is how Java calls a buffer of them. */
static const char *bound_text(struct arena *arena, struct value value)
{
    char digits[NUMBER_TEXT_SIZE_MAX];
    const char *type = value_type_name(value.type);
    if (value.type == VALUE_NUMBER)
        return arena_format(arena, "{%s:%.*s}", type,
                            (int)number_print(value_number(value), digits), digits);
    struct slice bytes = value_bytes(value);
    if (value.type == VALUE_STRING)
        return arena_format(arena, "{%s:%.*s}", type, EXPRESSION_SLICE(bytes));
    return arena_format(arena, "{%s:java.nio.HeapByteBuffer[pos=0 lim=%zu cap=%zu]}", type,
                        bytes.size, bytes.size);
}

static void complain_of_bounds(struct parser *parser, const char *what, struct value lower,
                               struct value upper)
{
    parser_complain(parser, COMPLAINT_BOUNDS,
                    "The BETWEEN operator requires %s; lower bound operand: AttributeValue: %s, "
                    "upper bound operand: AttributeValue: %s",
                    what, bound_text(parser->arena, lower), bound_text(parser->arena, upper));
}

void operand_check_bounds(struct parser *parser, const struct operand *lower,
                          const struct operand *upper)
{
    bool are_ordered = lower->kind == OPERAND_VALUE && upper->kind == OPERAND_VALUE &&
                       value_type_is_ordered(lower->value.type) &&
                       value_type_is_ordered(upper->value.type);
    if (!are_ordered)
        return;
    if (lower->value.type != upper->value.type)
        complain_of_bounds(parser, "same data type for lower and upper bounds", lower->value,
                           upper->value);
    else if (values_compare(lower->value, upper->value) > 0)
        complain_of_bounds(parser, "upper bound to be greater than or equal to lower bound",
                           lower->value, upper->value);
}
