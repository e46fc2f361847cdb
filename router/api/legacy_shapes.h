/*
 * Legacy shapes: the members by which requests said what they wanted before there were expressions,
 * and where attribute values stand in them.
 */
#pragma once

#include "core/json/json_request.h"
#include "router/api/shape.h"

extern const struct shape shape_expected;          /* Expected */
extern const struct shape shape_conditions;        /* KeyConditions, QueryFilter, ScanFilter */
extern const struct shape shape_attribute_updates; /* AttributeUpdates */
extern const struct shape shape_attribute_names;   /* AttributesToGet */

#define LEGACY_EXPECTED_FIELDS                                                                     \
    {JSON_VALUE, {"Expected", "*", "Value"}},                                                      \
    {                                                                                              \
        JSON_VALUE,                                                                                \
        {                                                                                          \
            "Expected", "*", "AttributeValueList", "*"                                             \
        }                                                                                          \
    }
#define LEGACY_CONDITIONS_FIELD(name)                                                              \
    {                                                                                              \
        JSON_VALUE,                                                                                \
        {                                                                                          \
            name, "*", "AttributeValueList", "*"                                                   \
        }                                                                                          \
    }
#define LEGACY_UPDATES_FIELD                                                                       \
    {                                                                                              \
        JSON_VALUE,                                                                                \
        {                                                                                          \
            "AttributeUpdates", "*", "Value"                                                       \
        }                                                                                          \
    }
