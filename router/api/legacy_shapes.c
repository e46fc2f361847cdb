#include "router/api/legacy_shapes.h"

#include "core/base/limits.h"

#include "router/api/shapes.h"

static const struct shape shape_comparison_operator =
    SHAPE_ENUM("IN", "NULL", "BETWEEN", "LT", "NOT_CONTAINS", "EQ", "GT", "NOT_NULL", "NE", "LE",
               "BEGINS_WITH", "GE", "CONTAINS");
static const struct shape shape_action = SHAPE_ENUM("ADD", "DELETE", "PUT");
static const struct shape shape_value = {.type = JSON_TARGET_ATTRIBUTE_VALUE};
static const struct shape shape_values = {.type = JSON_TARGET_LIST, .element = &shape_value};

static const struct shape_member expected_members[] = {
    SHAPE_MEMBER("Value", shape_value),
    SHAPE_MEMBER("Exists", shape_boolean),
    SHAPE_MEMBER("ComparisonOperator", shape_comparison_operator),
    SHAPE_MEMBER("AttributeValueList", shape_values),
};

static const struct shape shape_expected_value = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "ExpectedAttributeValue",
    .members = expected_members,
    .member_count = SHAPE_COUNT(expected_members),
};

const struct shape shape_expected = {
    .type = JSON_TARGET_STRUCTURE,
    .element = &shape_expected_value,
};

static const struct shape_member condition_members[] = {
    SHAPE_MEMBER("AttributeValueList", shape_values),
    SHAPE_MEMBER("ComparisonOperator", shape_comparison_operator, .is_required = true),
};

static const struct shape shape_condition = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "Condition",
    .members = condition_members,
    .member_count = SHAPE_COUNT(condition_members),
};

const struct shape shape_conditions = {
    .type = JSON_TARGET_STRUCTURE,
    .element = &shape_condition,
};

static const struct shape_member update_members[] = {
    SHAPE_MEMBER("Value", shape_value),
    SHAPE_MEMBER("Action", shape_action),
};

static const struct shape shape_update = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "AttributeValueUpdate",
    .members = update_members,
    .member_count = SHAPE_COUNT(update_members),
};

const struct shape shape_attribute_updates = {
    .type = JSON_TARGET_STRUCTURE,
    .element = &shape_update,
};

static const struct shape shape_attribute_name = {
    .type = JSON_TARGET_STRING,
    .has_max = true,
    .max = LIMIT_ATTRIBUTE_NAME_SIZE,
};

const struct shape shape_attribute_names = {
    .type = JSON_TARGET_LIST,
    .has_min = true,
    .min = 1,
    .element = &shape_attribute_name,
};
