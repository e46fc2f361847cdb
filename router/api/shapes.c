#include "router/api/shapes.h"

#include "core/base/limits.h"

enum { TABLE_NAME_SIZE_MIN = 3, KEY_NAME_SIZE_MAX = 255 };

const struct shape shape_table_name = {
    .type = JSON_TARGET_STRING,
    .has_min = true,
    .has_max = true,
    .min = TABLE_NAME_SIZE_MIN,
    .max = LIMIT_TABLE_NAME_SIZE,
    .pattern = SHAPE_PATTERN_NAME,
    .may_be_arn = true,
};

const struct shape shape_plain_name = {
    .type = JSON_TARGET_STRING,
    .has_min = true,
    .has_max = true,
    .min = TABLE_NAME_SIZE_MIN,
    .max = LIMIT_TABLE_NAME_SIZE,
    .pattern = SHAPE_PATTERN_NAME,
};

const struct shape shape_key_name = {
    .type = JSON_TARGET_STRING,
    .has_min = true,
    .has_max = true,
    .min = 1,
    .max = KEY_NAME_SIZE_MAX,
};

const struct shape shape_text = {.type = JSON_TARGET_STRING};
const struct shape shape_boolean = {.type = JSON_TARGET_BOOLEAN};
const struct shape shape_long = {.type = JSON_TARGET_LONG};
const struct shape shape_list = {.type = JSON_TARGET_LIST};
const struct shape shape_structure = {.type = JSON_TARGET_STRUCTURE};
const struct shape shape_string_map = {.type = JSON_TARGET_STRING_MAP};
static const struct shape shape_value = {.type = JSON_TARGET_ATTRIBUTE_VALUE};
const struct shape shape_value_map = {.type = JSON_TARGET_STRUCTURE, .element = &shape_value};
const struct shape shape_item = {.type = JSON_TARGET_ITEM};

const struct shape shape_return_values =
    SHAPE_ENUM("ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW");
const struct shape shape_return_consumed_capacity = SHAPE_ENUM("INDEXES", "TOTAL", "NONE");
const struct shape shape_return_item_collection_metrics = SHAPE_ENUM("SIZE", "NONE");
const struct shape shape_return_values_on_failure = SHAPE_ENUM("ALL_OLD", "NONE");
const struct shape shape_conditional_operator = SHAPE_ENUM("OR", "AND");
