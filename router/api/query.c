#include "core/expression/key_condition_range.h"
#include "core/key/key_codec.h"
#include "core/key/key_hash.h"
#include "router/api/expressions.h"
#include "router/api/operation.h"
#include "router/api/page_operation.h"
#include "router/api/shapes.h"
#include "router/route/range_plan.h"

enum { KEY_CONDITIONS = PAGE_MEMBER_COUNT, SCAN_INDEX_FORWARD, KEY_CONDITION_EXPRESSION };

/* A filter comes after the key condition, and says nothing of the key. */
static enum status check_filter(struct api_call *call, const struct table *table)
{
    const struct page_operation *operation = call->state;
    const struct page_trees *trees = &operation->trees;
    const struct table_attribute *attributes[] = {&table->partition_key,
                                                  table->has_sort_key ? &table->sort_key : NULL};
    for (size_t i = 0; i < 2 && trees->has_filter; i++) {
        if (attributes[i] == NULL || !condition_uses(&trees->filter, attributes[i]->name))
            continue;
        return api_call_refuse_format(
            call, API_ERROR_VALIDATION,
            "%s can only contain non-primary key attributes: Primary key attribute: %.*s",
            trees->is_filter_legacy ? "QueryFilter" : "Filter Expression",
            (int)attributes[i]->name.size, (const char *)attributes[i]->name.bytes);
    }
    return STATUS_OK;
}

static struct slice partition_of(const struct key_condition *condition, struct buffer *key)
{
    buffer_clear(key);
    key_encode_value(key, condition->partition);
    return buffer_slice(key);
}

/* The range, from or up to the start key, which must lie in it. */
static enum status begin_behind(struct api_call *call, const struct start_key *start,
                                struct slice partition, struct page_keys *keys)
{
    const struct page_operation *operation = call->state;
    SCOPED(buffer) bound;
    buffer_init(&bound);
    range_bound(&bound, start->token, buffer_slice(&start->key));
    struct key_range range = {.first = buffer_slice(&keys->first), .end = buffer_slice(&keys->end)};
    if (!slice_is_equal(slice_of(start->key.bytes, start->partition_size), partition))
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "The provided starting key is outside query boundaries based on "
                               "provided conditions");
    if (!key_range_contains(range, buffer_slice(&bound)))
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "The provided starting key does not match the range key predicate");
    if (operation->is_backward)
        range_bound(&keys->end, start->token, buffer_slice(&start->key));
    else
        range_bound_behind(&keys->first, start->token, buffer_slice(&start->key));
    return STATUS_OK;
}

static enum status keys(struct api_call *call, const struct table *table,
                        const struct start_key *start, struct page_keys *out_keys)
{
    const struct page_operation *operation = call->state;
    struct key_schema schema = key_schema_of(table);
    struct key_condition condition;
    struct expression_fault fault =
        key_condition_match(call->arena, &operation->trees.key_terms, &schema, &condition);
    TRY(expressions_refuse(call, fault));
    TRY(check_filter(call, table));

    SCOPED(buffer) partition;
    SCOPED(buffer) first;
    SCOPED(buffer) end;
    buffer_init(&partition);
    buffer_init(&first);
    buffer_init(&end);
    uint64_t token = key_hash_token(table->hash_key, partition_of(&condition, &partition));
    struct key_range range = key_condition_range(&condition, &first, &end);
    range_bound(&out_keys->first, token, range.first);
    range_bound(&out_keys->end, token, range.end);
    if (start != NULL)
        TRY(begin_behind(call, start, buffer_slice(&partition), out_keys));
    out_keys->is_empty = key_range_is_empty((struct key_range){
        .first = buffer_slice(&out_keys->first), .end = buffer_slice(&out_keys->end)});
    return STATUS_OK;
}

static enum status start(struct api_call *call)
{
    struct page_operation *operation = arena_alloc_zeroed(call->arena, sizeof *operation);
    operation->keys_fn = keys;
    operation->is_query = true;
    operation->is_backward = !request_flag(call, SCAN_INDEX_FORWARD, true);
    operation->key_condition_expression = request_member(call, KEY_CONDITION_EXPRESSION);
    operation->key_conditions = request_member(call, KEY_CONDITIONS);
    return page_operation_start(call, operation);
}

static const struct shape_member members[] = {
    PAGE_MEMBERS,
    [PAGE_LEGACY_FILTER] = SHAPE_MEMBER("QueryFilter", shape_conditions),
    [KEY_CONDITIONS] = SHAPE_MEMBER("KeyConditions", shape_conditions),
    [SCAN_INDEX_FORWARD] = SHAPE_MEMBER("ScanIndexForward", shape_boolean),
    [KEY_CONDITION_EXPRESSION] = SHAPE_MEMBER("KeyConditionExpression", shape_text),
};

static const struct shape input = {
    .type = JSON_TARGET_STRUCTURE, .members = members, .member_count = SHAPE_COUNT(members)};

static const struct json_field fields[] = {PAGE_FIELDS, LEGACY_CONDITIONS_FIELD("QueryFilter"),
                                           LEGACY_CONDITIONS_FIELD("KeyConditions")};

const struct operation query_operation = {
    .name = SHAPE_TEXT("Query"),
    .input = &input,
    .fields = fields,
    .field_count = SHAPE_COUNT(fields),
    .start_fn = start,
};
