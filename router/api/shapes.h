/*
 * Shapes that requests share, after the service model.
 */
#pragma once

#include "router/api/shape.h"

extern const struct shape shape_table_name; /* or the table's ARN */
extern const struct shape shape_plain_name; /* a table's or an index's name, and no ARN */
extern const struct shape shape_key_name;   /* of a key attribute */
extern const struct shape shape_text;       /* any string */
extern const struct shape shape_boolean;
extern const struct shape shape_long;      /* any */
extern const struct shape shape_list;      /* of anything */
extern const struct shape shape_structure; /* of anything */
extern const struct shape shape_string_map;
extern const struct shape shape_value_map; /* ExpressionAttributeValues */
extern const struct shape shape_item;

extern const struct shape shape_return_values;
extern const struct shape shape_return_consumed_capacity;
extern const struct shape shape_return_item_collection_metrics;
extern const struct shape shape_return_values_on_failure; /* of a condition's check */
extern const struct shape shape_conditional_operator;

#define SHAPE_ENUM(...)                                                                            \
    {                                                                                              \
        .type = JSON_TARGET_STRING, .values = (const char *const[])                                \
        {                                                                                          \
            __VA_ARGS__, NULL                                                                      \
        }                                                                                          \
    }
