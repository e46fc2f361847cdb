#include "router/api/page_operation.h"

#include "core/expression/update_fault.h"
#include "core/json/json_item.h"
#include "router/api/catalog_access.h"
#include "router/api/shapes.h"
#include "router/api/table_name.h"

enum {
    /* How soon a tablet that does not know its table yet is asked again. */
    TABLE_RETRY_US = 20000,
    PAGE_SIZE_MAX = 1 << 20,
    ITEMS_PER_TURN_MAX = 4096,
};

const struct shape shape_select =
    SHAPE_ENUM("SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES");
const struct shape shape_positive_integer = {
    .type = JSON_TARGET_INTEGER, .has_min = true, .min = 1};

/* --- The answer ------------------------------------------------------------------------------ */

static void write_capacity(struct api_call *call)
{
    struct page_operation *operation = call->state;
    bool is_consistent = request_flag(call, PAGE_CONSISTENT_READ, false);
    consumed_capacity_write(
        &operation->writer, operation->detail, request_text(call, PAGE_TABLE_NAME),
        consumed_capacity_of_read(operation->page.evaluated_size, is_consistent));
}

static enum status end_answer(struct api_call *call)
{
    struct page_operation *operation = call->state;
    const struct range_page *page = &operation->page;
    struct json_writer *writer = &operation->writer;
    if (page->last_key.size > 0 &&
        last_key_write(writer, &operation->schema, page->last_key) != STATUS_OK)
        return api_call_refuse(call, API_ERROR_INTERNAL, "Internal server error");
    json_writer_name(writer, slice_of_text("ScannedCount"));
    json_writer_integer(writer, (int64_t)page->evaluated_count);
    json_writer_object_end(writer);
    api_call_answer(call, 200);
    return STATUS_OK;
}

/* A page may have tens of thousands of items: they are written some in each turn of the loop. */
static enum status write_items(struct api_call *call)
{
    struct page_operation *operation = call->state;
    struct byte_reader *items = &operation->items;
    for (size_t i = 0; i < ITEMS_PER_TURN_MAX && items->rest.size > 0 && !items->has_failed; i++)
        json_item_write(json_writer_value(&operation->writer), byte_reader_sized(items));
    if (items->has_failed)
        return api_call_refuse(call, API_ERROR_INTERNAL, "Internal server error");
    if (items->rest.size > 0) {
        api_call_wait(call, 0, write_items);
        return STATUS_OK;
    }
    json_writer_array_end(&operation->writer);
    return end_answer(call);
}

static enum status write_page(struct api_call *call, const struct range_page *page)
{
    struct page_operation *operation = call->state;
    struct json_writer *writer = &operation->writer;
    operation->page = *page;
    operation->page.last_key = arena_copy(call->arena, page->last_key);
    *writer = json_writer_of(&call->body);
    buffer_reserve(&call->body, page->items.size + page->items.size / 2);
    json_writer_object_start(writer);
    write_capacity(call);
    json_writer_name(writer, slice_of_text("Count"));
    json_writer_integer(writer, (int64_t)page->matched_count);
    if (operation->is_count_only)
        return end_answer(call);
    json_writer_name(writer, slice_of_text("Items"));
    json_writer_array_start(writer);
    bool takes_turns = page->matched_count > ITEMS_PER_TURN_MAX;
    operation->items =
        byte_reader_of(takes_turns ? arena_copy(call->arena, page->items) : page->items);
    return write_items(call);
}

/* --- The way to the rows --------------------------------------------------------------------- */

static enum status attempt(struct api_call *call);

static enum status refresh(struct api_call *call)
{
    struct page_operation *operation = call->state;
    operation->is_refreshed = true;
    catalog_access_refresh(call, attempt);
    return STATUS_OK;
}

/* Our view of the catalog may be old, also if the table is gone for good. */
static enum status retry(struct api_call *call)
{
    const struct page_operation *operation = call->state;
    if (!operation->is_refreshed)
        return refresh(call);
    if (api_call_time_left_us(call) <= TABLE_RETRY_US)
        return api_call_refuse(call, API_ERROR_INTERNAL, "Internal server error");
    api_call_wait(call, TABLE_RETRY_US, refresh);
    return STATUS_OK;
}

static enum status take_page(struct api_call *call, const struct range_page *page)
{
    if (page->outcome == RPC_EXECUTED)
        return write_page(call, page);
    if (page->reason == RPC_REASON_NO_TABLE)
        return retry(call);
    if (page->reason == RPC_REASON_MALFORMED)
        return api_call_refuse(call, API_ERROR_INTERNAL, "Internal server error");
    if (page->reason == RPC_REASON_WORK)
        return api_call_refuse(call, API_ERROR_VALIDATION, update_fault_text(UPDATE_FAULT_WORK));
    if (page->reason == RPC_REASON_BUSY)
        return api_call_refuse(
            call, API_ERROR_THROTTLING,
            "Throughput exceeds the current capacity of your table or index. Please try again "
            "shortly.");
    return api_call_refuse(call, API_ERROR_UNAVAILABLE,
                           "The service is not available; try again shortly");
}

static void page_taken(void *context, const struct range_page *page)
{
    struct api_call *call = context;
    api_call_end_step(call, take_page(call, page));
}

static void read_range(struct api_call *call, const struct table *table,
                       const struct page_keys *keys)
{
    const struct page_operation *operation = call->state;
    const struct page_trees *trees = &operation->trees;
    struct range_read read = {
        .table_uid = table->uid,
        .keys = {.first = buffer_slice(&keys->first), .end = buffer_slice(&keys->end)},
        .is_backward = operation->is_backward,
        .is_consistent = request_flag(call, PAGE_CONSISTENT_READ, false),
        .is_count_only = operation->is_count_only,
        .count_max = (uint64_t)request_integer(call, PAGE_LIMIT, INT64_MAX),
        .size_max = PAGE_SIZE_MAX,
        .filter = trees->filter_bytes,
        .projection = trees->projection_bytes,
        .deadline_us = call->deadline_us,
    };
    range_client_read(call->backend->ranges, &read, page_taken, call);
}

static void page_keys_deinit(struct page_keys *keys)
{
    buffer_deinit(&keys->first);
    buffer_deinit(&keys->end);
}

static enum status read_keys(struct api_call *call, const struct table *table,
                             struct page_keys *keys)
{
    const struct page_operation *operation = call->state;
    if (request_member(call, PAGE_EXCLUSIVE_START_KEY) == NULL)
        return operation->keys_fn(call, table, NULL, keys);
    SCOPED(start_key) start;
    start_key_init(&start);
    TRY(start_key_read(call, table, request_item(call, PAGE_EXCLUSIVE_START_KEY),
                       operation->is_query, &start));
    return operation->keys_fn(call, table, &start, keys);
}

static enum status send(struct api_call *call, const struct table *table)
{
    struct page_operation *operation = call->state;
    if (request_member(call, PAGE_INDEX_NAME) != NULL) {
        struct slice name = request_text(call, PAGE_INDEX_NAME);
        return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                      "The table does not have the specified index: %.*s",
                                      (int)name.size, (const char *)name.bytes);
    }
    SCOPED(page_keys) keys = {0};
    TRY(read_keys(call, table, &keys));
    operation->schema = key_schema_keep(table, call->arena);
    if (keys.is_empty)
        return write_page(call, &(struct range_page){.outcome = RPC_EXECUTED, .is_end = true});
    read_range(call, table, &keys);
    return STATUS_OK;
}

static enum status attempt(struct api_call *call)
{
    const struct page_operation *operation = call->state;
    const struct table *table = catalog_access_find(call, operation->table_name);
    if (table != NULL && table->status == TABLE_ACTIVE)
        return send(call, table);
    if (!operation->is_refreshed)
        return refresh(call);
    return api_call_refuse(call, API_ERROR_RESOURCE_NOT_FOUND, "Requested resource not found");
}

/* --- The request ----------------------------------------------------------------------------- */

/* Which parts of items are asked for, and whether that fits what else is. */
static enum status check_select(struct api_call *call)
{
    bool has_expression = request_member(call, PAGE_PROJECTION_EXPRESSION) != NULL;
    bool has_parts = has_expression || request_member(call, PAGE_ATTRIBUTES_TO_GET) != NULL;
    const char *parts = has_expression ? "ProjectionExpression" : "AttributesToGet";
    struct slice select = request_text(call, PAGE_SELECT);
    bool is_specific = slice_is_text(select, "SPECIFIC_ATTRIBUTES");
    if (slice_is_text(select, "ALL_PROJECTED_ATTRIBUTES") &&
        request_member(call, PAGE_INDEX_NAME) == NULL)
        return api_call_refuse(
            call, API_ERROR_VALIDATION,
            "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
    if (is_specific && !has_parts)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "Must specify the AttributesToGet or ProjectionExpression when "
                               "choosing to get SPECIFIC_ATTRIBUTES");
    if (!has_parts || is_specific || select.size == 0)
        return STATUS_OK;
    if (slice_is_text(select, "COUNT"))
        return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                      "Cannot specify the %s when choosing to get only the Count",
                                      parts);
    return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                  "Cannot specify the %s when choosing to get %.*s", parts,
                                  (int)select.size, (const char *)select.bytes);
}

static enum status read_trees(struct api_call *call, struct page_operation *operation)
{
    const struct page_tree_members members = {
        .is_query = operation->is_query,
        .key_condition_expression = operation->key_condition_expression,
        .filter_expression = request_member(call, PAGE_FILTER_EXPRESSION),
        .projection_expression = request_member(call, PAGE_PROJECTION_EXPRESSION),
        .names = request_member(call, PAGE_EXPRESSION_ATTRIBUTE_NAMES),
        .values = request_member(call, PAGE_EXPRESSION_ATTRIBUTE_VALUES),
        .key_conditions = operation->key_conditions,
        .legacy_filter = request_member(call, PAGE_LEGACY_FILTER),
        .attributes_to_get = request_member(call, PAGE_ATTRIBUTES_TO_GET),
        .conditional_operator = request_member(call, PAGE_CONDITIONAL_OPERATOR),
    };
    return page_trees_read(call, &members, &operation->trees);
}

enum status page_operation_start(struct api_call *call, struct page_operation *operation)
{
    call->state = operation;
    operation->detail =
        consumed_capacity_detail_of(request_text(call, PAGE_RETURN_CONSUMED_CAPACITY));
    operation->is_count_only = request_is(call, PAGE_SELECT, "COUNT");
    TRY(check_select(call));
    TRY(read_trees(call, operation));
    TRY(table_name_read(call, PAGE_TABLE_NAME, &operation->table_name));
    return attempt(call);
}
