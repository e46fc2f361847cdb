/*
 * Item write: what PutItem, DeleteItem and UpdateItem have in common: nearly all members of their
 * requests, and their answers.
 */
#pragma once

#include "proto/write_kind.h"
#include "router/api/legacy_shapes.h"
#include "router/api/request.h"

enum item_write_member {
    ITEM_WRITE_TABLE_NAME,
    ITEM_WRITE_ITEM, /* or Key */
    ITEM_WRITE_EXPECTED,
    ITEM_WRITE_RETURN_VALUES,
    ITEM_WRITE_RETURN_CONSUMED_CAPACITY,
    ITEM_WRITE_RETURN_ITEM_COLLECTION_METRICS,
    ITEM_WRITE_CONDITIONAL_OPERATOR,
    ITEM_WRITE_CONDITION_EXPRESSION,
    ITEM_WRITE_EXPRESSION_ATTRIBUTE_NAMES,
    ITEM_WRITE_EXPRESSION_ATTRIBUTE_VALUES,
    ITEM_WRITE_RETURN_VALUES_ON_FAILURE,

    /* Of an update only. */
    ITEM_WRITE_ATTRIBUTE_UPDATES,
    ITEM_WRITE_UPDATE_EXPRESSION,
};

/* All but the item or key, for the list of members. */
#define ITEM_WRITE_MEMBERS                                                                         \
    [ITEM_WRITE_TABLE_NAME] = SHAPE_MEMBER("TableName", shape_table_name, .is_required = true),    \
    [ITEM_WRITE_EXPECTED] = SHAPE_MEMBER("Expected", shape_expected),                              \
    [ITEM_WRITE_RETURN_VALUES] = SHAPE_MEMBER("ReturnValues", shape_return_values),                \
    [ITEM_WRITE_RETURN_CONSUMED_CAPACITY] =                                                        \
        SHAPE_MEMBER("ReturnConsumedCapacity", shape_return_consumed_capacity),                    \
    [ITEM_WRITE_RETURN_ITEM_COLLECTION_METRICS] =                                                  \
        SHAPE_MEMBER("ReturnItemCollectionMetrics", shape_return_item_collection_metrics),         \
    [ITEM_WRITE_CONDITIONAL_OPERATOR] =                                                            \
        SHAPE_MEMBER("ConditionalOperator", shape_conditional_operator),                           \
    [ITEM_WRITE_CONDITION_EXPRESSION] = SHAPE_MEMBER("ConditionExpression", shape_text),           \
    [ITEM_WRITE_EXPRESSION_ATTRIBUTE_NAMES] =                                                      \
        SHAPE_MEMBER("ExpressionAttributeNames", shape_string_map),                                \
    [ITEM_WRITE_EXPRESSION_ATTRIBUTE_VALUES] =                                                     \
        SHAPE_MEMBER("ExpressionAttributeValues", shape_value_map),                                \
    [ITEM_WRITE_RETURN_VALUES_ON_FAILURE] =                                                        \
        SHAPE_MEMBER("ReturnValuesOnConditionCheckFailure", shape_return_values_on_failure)

/* Where attribute values stand in requests, besides the item or key. */
#define ITEM_WRITE_FIELDS                                                                          \
    LEGACY_EXPECTED_FIELDS,                                                                        \
    {                                                                                              \
        JSON_VALUE,                                                                                \
        {                                                                                          \
            "ExpressionAttributeValues", "*"                                                       \
        }                                                                                          \
    }

/* Writes the item that the request has, or deletes or updates the one of its key; as `kind` says.
 */
MUST_USE enum status item_write_start(struct api_call *call, enum write_kind kind);
