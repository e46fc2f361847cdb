#include "router/api/legacy_comparison.h"

#include "core/base/check.h"
#include "core/base/limits.h"
#include "core/key/key_codec.h"

#define INVALID_TEXT "One or more parameter values were invalid: "

/* Of arguments: a bit for each type. */
#define TYPE(type)     (1u << (type))
#define TYPES_SCALAR   (TYPE(VALUE_STRING) | TYPE(VALUE_NUMBER) | TYPE(VALUE_BINARY))
#define TYPES_TEXT     (TYPE(VALUE_STRING) | TYPE(VALUE_BINARY))
#define TYPES_CONSTANT (TYPE(VALUE_NULL) | TYPE(VALUE_FALSE) | TYPE(VALUE_TRUE))
#define TYPES_ANY      (~0u)

static const struct comparison {
    const char *name;
    enum condition_kind kind;
    bool is_negated;
    uint32_t count_min;
    uint32_t count_max;
    uint32_t types;
} comparisons[] = {
    {"EQ", CONDITION_EQUAL, false, 1, 1, TYPES_ANY},
    {"NE", CONDITION_NOT_EQUAL, false, 1, 1, TYPES_ANY},
    {"LE", CONDITION_LESS_OR_EQUAL, false, 1, 1, TYPES_SCALAR},
    {"LT", CONDITION_LESS, false, 1, 1, TYPES_SCALAR},
    {"GE", CONDITION_GREATER_OR_EQUAL, false, 1, 1, TYPES_SCALAR},
    {"GT", CONDITION_GREATER, false, 1, 1, TYPES_SCALAR},
    {"NOT_NULL", CONDITION_ATTRIBUTE_EXISTS, false, 0, 0, 0},
    {"NULL", CONDITION_ATTRIBUTE_NOT_EXISTS, false, 0, 0, 0},
    {"CONTAINS", CONDITION_CONTAINS, false, 1, 1, TYPES_SCALAR | TYPES_CONSTANT},
    {"NOT_CONTAINS", CONDITION_CONTAINS, true, 1, 1, TYPES_SCALAR | TYPES_CONSTANT},
    {"BEGINS_WITH", CONDITION_BEGINS_WITH, false, 1, 1, TYPES_TEXT},
    {"IN", CONDITION_IN, false, 1, CONDITION_IN_MAX, TYPES_SCALAR},
    {"BETWEEN", CONDITION_BETWEEN, false, 2, 2, TYPES_SCALAR},
};

static const struct comparison *comparison_find(struct slice name)
{
    for (size_t i = 0; i < SHAPE_COUNT(comparisons); i++)
        if (slice_is_text(name, comparisons[i].name))
            return &comparisons[i];
    CHECK(!"an operator that has passed its shape");
    return NULL;
}

static uint32_t argument_count(const struct legacy_comparison *comparison)
{
    if (comparison->arguments != NULL)
        return comparison->arguments->count;
    return comparison->value != NULL ? 1 : 0;
}

static const struct json_node *first_argument(const struct legacy_comparison *comparison)
{
    return comparison->arguments != NULL ? comparison->arguments->first : comparison->value;
}

static enum status refuse_type(struct api_call *call, const struct comparison *known,
                               enum value_type type)
{
    return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                  INVALID_TEXT
                                  "ComparisonOperator %s is not valid for %s AttributeValue type",
                                  known->name, value_type_name(type));
}

static enum status read_argument(struct api_call *call, const struct comparison *known,
                                 const struct json_node *node, struct operand *out_operand)
{
    if (node->kind != JSON_VALUE)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "Supplied AttributeValue is empty, must contain exactly one of the "
                               "supported datatypes");
    struct value value = json_node_value(node);
    if (!(known->types & TYPE(value.type)))
        return refuse_type(call, known, value.type);
    *out_operand = operand_of_value(value);
    return STATUS_OK;
}

static bool are_of_one_type(const struct operand *operands, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (operands[i].value.type != operands[0].value.type)
            return false;
    return true;
}

/* Key bytes sort as the values do. */
static bool is_in_order(struct value low, struct value high)
{
    SCOPED(buffer) first;
    SCOPED(buffer) second;
    buffer_init(&first);
    buffer_init(&second);
    key_encode_value(&first, low);
    key_encode_value(&second, high);
    return slice_compare(buffer_slice(&first), buffer_slice(&second)) <= 0;
}

static enum status check_arguments(struct api_call *call, const struct comparison *known,
                                   const struct operand *operands, uint32_t count)
{
    if (!are_of_one_type(operands, count))
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               INVALID_TEXT "AttributeValues inside AttributeValueList must all be "
                                            "of the same type");
    if (known->kind == CONDITION_BETWEEN && !is_in_order(operands[0].value, operands[1].value))
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "The BETWEEN condition was provided a range where the lower bound "
                               "is greater than the upper bound");
    return STATUS_OK;
}

enum status legacy_comparison_read(struct api_call *call,
                                   const struct legacy_comparison *comparison,
                                   struct condition *out_condition)
{
    struct operand operands[1 + CONDITION_IN_MAX];
    const struct comparison *known = comparison_find(comparison->comparison_operator);
    uint32_t count = argument_count(comparison);
    if (comparison->attribute.size > LIMIT_ATTRIBUTE_NAME_SIZE)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "Attribute name is too large, must be less than 65536 bytes");
    if (count < known->count_min || count > known->count_max)
        return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                      INVALID_TEXT
                                      "Invalid number of argument(s) for the %s ComparisonOperator",
                                      known->name);
    operands[0] = operand_of_attribute(call->arena, comparison->attribute);
    const struct json_node *node = first_argument(comparison);
    for (uint32_t i = 1; i <= count; i++, node = node->next)
        TRY(read_argument(call, known, node, &operands[i]));
    TRY(check_arguments(call, known, operands + 1, count));
    *out_condition = condition_of_operands(call->arena, known->kind, operands, count + 1);
    if (known->is_negated)
        *out_condition = condition_not(call->arena, *out_condition);
    return STATUS_OK;
}
