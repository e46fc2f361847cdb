#include "router/api/legacy_condition.h"

#include "core/base/utf8.h"
#include "router/api/legacy_comparison.h"

#define INVALID_TEXT "One or more parameter values were invalid: "

enum { NAME_ECHO_MAX = 255 };

/* --- Expected -------------------------------------------------------------------------------- */

static enum status refuse_expected(struct api_call *call, struct slice attribute, const char *why)
{
    struct slice name = utf8_prefix(attribute, NAME_ECHO_MAX);
    return api_call_refuse_format(call, API_ERROR_VALIDATION, INVALID_TEXT "%s for Attribute: %.*s",
                                  why, (int)name.size, (const char *)name.bytes);
}

/* Exists and Value, of before there was a ComparisonOperator. */
static enum status read_existence(struct api_call *call, const struct json_node *node,
                                  struct condition *out_condition)
{
    const struct json_node *exists = json_node_find(node, "Exists");
    const struct json_node *value = json_node_find(node, "Value");
    bool is_absent = exists != NULL && exists->kind == JSON_FALSE;
    if (is_absent && value != NULL)
        return refuse_expected(call, node->name, "Value cannot be used when Exists is false");
    if (!is_absent && value == NULL)
        return refuse_expected(call, node->name,
                               exists != NULL ? "Value must be provided when Exists is true"
                                              : "Value must be provided when Exists is null");
    struct legacy_comparison comparison = {
        .attribute = node->name,
        .comparison_operator = slice_of_text(is_absent ? "NULL" : "EQ"),
        .value = value,
    };
    return legacy_comparison_read(call, &comparison, out_condition);
}

static enum status read_expected(struct api_call *call, const struct json_node *node,
                                 struct condition *out_condition)
{
    const struct json_node *comparison_operator = json_node_find(node, "ComparisonOperator");
    struct legacy_comparison comparison = {
        .attribute = node->name,
        .arguments = json_node_find(node, "AttributeValueList"),
        .value = json_node_find(node, "Value"),
    };
    if (comparison.arguments != NULL && comparison_operator == NULL)
        return refuse_expected(call, node->name,
                               "AttributeValueList can only be used with a ComparisonOperator");
    if (comparison_operator == NULL)
        return read_existence(call, node, out_condition);
    if (json_node_find(node, "Exists") != NULL)
        return refuse_expected(call, node->name,
                               "Exists and ComparisonOperator cannot be used together");
    if (comparison.arguments != NULL && comparison.value != NULL)
        return refuse_expected(call, node->name,
                               "Value and AttributeValueList cannot be used together");
    comparison.comparison_operator = comparison_operator->text;
    return legacy_comparison_read(call, &comparison, out_condition);
}

/* --- QueryFilter, ScanFilter, KeyConditions -------------------------------------------------- */

static enum status read_condition(struct api_call *call, const struct json_node *node,
                                  struct condition *out_condition)
{
    struct legacy_comparison comparison = {
        .attribute = node->name,
        .arguments = json_node_find(node, "AttributeValueList"),
    };
    const struct json_node *comparison_operator = json_node_find(node, "ComparisonOperator");
    if (comparison_operator == NULL)
        return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                      INVALID_TEXT "A condition lacks its ComparisonOperator");
    comparison.comparison_operator = comparison_operator->text;
    return legacy_comparison_read(call, &comparison, out_condition);
}

static enum status read_key_condition(struct api_call *call, const struct json_node *node,
                                      struct condition *out_condition)
{
    static const char *const refused[] = {"NE",       "IN",           "NULL", "NOT_NULL",
                                          "CONTAINS", "NOT_CONTAINS", NULL};
    const struct json_node *comparison_operator = json_node_find(node, "ComparisonOperator");
    for (size_t i = 0; comparison_operator != NULL && refused[i] != NULL; i++)
        if (slice_is_text(comparison_operator->text, refused[i]))
            return api_call_refuse(call, API_ERROR_VALIDATION,
                                   "Attempted conditional constraint is not an indexable "
                                   "operation");
    return read_condition(call, node, out_condition);
}

/* --- Several --------------------------------------------------------------------------------- */

typedef enum status (*read_fn)(struct api_call *call, const struct json_node *node,
                               struct condition *out_condition);

static enum status read_all(struct api_call *call, const struct json_node *map, read_fn read,
                            enum condition_kind joined_by, struct condition *out_condition)
{
    struct condition *conditions = arena_alloc(call->arena, map->count * sizeof *conditions);
    uint32_t count = 0;
    for (const struct json_node *node = map->first; node != NULL; node = node->next)
        TRY(read(call, node, &conditions[count++]));
    *out_condition = condition_join(call->arena, joined_by, conditions, count);
    return STATUS_OK;
}

static enum status check_operator(struct api_call *call, uint32_t count,
                                  struct slice conditional_operator)
{
    if (conditional_operator.size == 0 || count > 1)
        return STATUS_OK;
    if (count == 1)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "ConditionalOperator can only be used when Filter or Expected has "
                               "two or more elements");
    return api_call_refuse(call, API_ERROR_VALIDATION,
                           "ConditionalOperator cannot be used without Filter or Expected");
}

/* NULL or empty: there is no condition. */
static enum status read_joined(struct api_call *call, const struct json_node *map, read_fn read,
                               struct slice conditional_operator, struct condition *out_condition)
{
    uint32_t count = map != NULL ? map->count : 0;
    bool is_or = slice_is_text(conditional_operator, "OR");
    TRY(check_operator(call, count, conditional_operator));
    if (count == 0)
        return STATUS_OK;
    return read_all(call, map, read, is_or ? CONDITION_OR : CONDITION_AND, out_condition);
}

enum status legacy_expected_read(struct api_call *call, const struct json_node *expected,
                                 struct slice conditional_operator, bool *out_has_condition,
                                 struct condition *out_condition)
{
    *out_has_condition = expected != NULL && expected->count > 0;
    return read_joined(call, expected, read_expected, conditional_operator, out_condition);
}

enum status legacy_filter_read(struct api_call *call, const struct json_node *filter,
                               struct slice conditional_operator, bool *out_has_condition,
                               struct condition *out_condition)
{
    *out_has_condition = filter != NULL && filter->count > 0;
    return read_joined(call, filter, read_condition, conditional_operator, out_condition);
}

enum status legacy_key_conditions_read(struct api_call *call, const struct json_node *conditions,
                                       struct condition *out_condition)
{
    if (conditions->count == 0)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "Conditions can be of length 1 or 2 only");
    return read_all(call, conditions, read_key_condition, CONDITION_AND, out_condition);
}
