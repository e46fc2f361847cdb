/*
 * Page operation: what Query and Scan have in common: most members of their requests, the way to a
 * table's rows and back, and their answers.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/catalog/table.h"
#include "router/api/consumed_capacity.h"
#include "router/api/legacy_shapes.h"
#include "router/api/page_trees.h"
#include "router/api/request.h"
#include "router/api/start_key.h"
#include "router/api/table_attempt.h"
#include "router/route/range_client.h"

#include <stdbool.h>
#include <stdint.h>

enum page_member {
    PAGE_TABLE_NAME,
    PAGE_INDEX_NAME,
    PAGE_ATTRIBUTES_TO_GET,
    PAGE_LIMIT,
    PAGE_SELECT,
    PAGE_LEGACY_FILTER, /* QueryFilter or ScanFilter */
    PAGE_CONDITIONAL_OPERATOR,
    PAGE_EXCLUSIVE_START_KEY,
    PAGE_RETURN_CONSUMED_CAPACITY,
    PAGE_PROJECTION_EXPRESSION,
    PAGE_FILTER_EXPRESSION,
    PAGE_EXPRESSION_ATTRIBUTE_NAMES,
    PAGE_EXPRESSION_ATTRIBUTE_VALUES,
    PAGE_CONSISTENT_READ,
    PAGE_MEMBER_COUNT, /* where an operation's own begin */
};

/* All but the older filter, for the list of members. */
#define PAGE_MEMBERS                                                                               \
    [PAGE_TABLE_NAME] = SHAPE_MEMBER("TableName", shape_table_name, .is_required = true),          \
    [PAGE_INDEX_NAME] = SHAPE_MEMBER("IndexName", shape_plain_name),                               \
    [PAGE_ATTRIBUTES_TO_GET] = SHAPE_MEMBER("AttributesToGet", shape_attribute_names),             \
    [PAGE_LIMIT] = SHAPE_MEMBER("Limit", shape_positive_integer),                                  \
    [PAGE_SELECT] = SHAPE_MEMBER("Select", shape_select),                                          \
    [PAGE_CONDITIONAL_OPERATOR] = SHAPE_MEMBER("ConditionalOperator", shape_conditional_operator), \
    [PAGE_EXCLUSIVE_START_KEY] = SHAPE_MEMBER("ExclusiveStartKey", shape_item),                    \
    [PAGE_RETURN_CONSUMED_CAPACITY] =                                                              \
        SHAPE_MEMBER("ReturnConsumedCapacity", shape_return_consumed_capacity),                    \
    [PAGE_PROJECTION_EXPRESSION] = SHAPE_MEMBER("ProjectionExpression", shape_text),               \
    [PAGE_FILTER_EXPRESSION] = SHAPE_MEMBER("FilterExpression", shape_text),                       \
    [PAGE_EXPRESSION_ATTRIBUTE_NAMES] =                                                            \
        SHAPE_MEMBER("ExpressionAttributeNames", shape_string_map),                                \
    [PAGE_EXPRESSION_ATTRIBUTE_VALUES] =                                                           \
        SHAPE_MEMBER("ExpressionAttributeValues", shape_value_map),                                \
    [PAGE_CONSISTENT_READ] = SHAPE_MEMBER("ConsistentRead", shape_boolean)

/* Where their items and attribute values stand. */
#define PAGE_FIELDS                                                                                \
    {JSON_ITEM, {"ExclusiveStartKey"}},                                                            \
    {                                                                                              \
        JSON_VALUE,                                                                                \
        {                                                                                          \
            "ExpressionAttributeValues", "*"                                                       \
        }                                                                                          \
    }

extern const struct shape shape_select;
extern const struct shape shape_positive_integer;

/* Which rows: bounds as router/route/range_plan.h has them. */
struct page_keys {
    struct buffer first;
    struct buffer end;
    bool is_empty; /* no row can be meant */
};

struct page_operation {
    struct table_attempt attempt; /* first */
    struct slice table_name;
    bool is_backward;
    bool is_count_only;
    enum consumed_capacity_detail detail;
    struct key_schema schema; /* of the table found */
    struct page_trees trees;

    /* The answer, as far as it has been written. */
    struct range_page page;
    struct json_writer writer;
    struct slice items; /* of the page, each with its size before it */
    struct slice tail;  /* of the answer */

    /* Says which rows of the table are meant; `start` is NULL without ExclusiveStartKey. */
    enum status (*keys_fn)(struct api_call *call, const struct table *table,
                           const struct start_key *start, struct page_keys *out_keys);

    /* Of a Query. */
    bool is_query;
    const struct json_node *key_condition_expression;
    const struct json_node *key_conditions;
};

/* Takes the call's `state`: it is the operation, or begins with it. */
MUST_USE enum status page_operation_start(struct api_call *call, struct page_operation *operation);
