#include "router/api/page_operation.h"

#include "core/json/json_item.h"
#include "router/api/shapes.h"
#include "router/api/table_name.h"
#include "router/front/answer_share.h"

enum {
    PAGE_SIZE_MAX = 1 << 20,

    /* A page of more bytes is written by a worker: at worst, a list of nothing but NULL, so many
     * take some milliseconds. */
    ASIDE_BYTES_MIN = 128 << 10,
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

static void write_head(struct api_call *call)
{
    struct page_operation *operation = call->state;
    struct json_writer *writer = &operation->writer;
    *writer = json_writer_of(&call->body);
    json_writer_object_start(writer);
    write_capacity(call);
    json_writer_name(writer, slice_of_text("Count"));
    json_writer_integer(writer, (int64_t)operation->page.matched_count);
}

/* What follows the items, made before them, as it may fail. */
static enum status make_tail(struct api_call *call)
{
    struct page_operation *operation = call->state;
    SCOPED(buffer) text;
    buffer_init(&text);
    struct json_writer writer = json_writer_of(&text);
    writer.needs_comma = true;
    if (operation->page.last_key.size > 0)
        TRY(last_key_write(&writer, &operation->schema, operation->page.last_key));
    json_writer_name(&writer, slice_of_text("ScannedCount"));
    json_writer_integer(&writer, (int64_t)operation->page.evaluated_count);
    json_writer_object_end(&writer);
    operation->tail = arena_copy(call->arena, buffer_slice(&text));
    return STATUS_OK;
}

/* Items of which each has its size before it. */
static bool is_framed(struct slice items)
{
    struct byte_reader reader = byte_reader_of(items);
    while (reader.rest.size > 0 && !reader.has_failed)
        (void)byte_reader_sized(&reader);
    return !reader.has_failed;
}

static void write_items(struct api_call *call)
{
    struct page_operation *operation = call->state;
    struct json_writer *writer = &operation->writer;
    struct byte_reader reader = byte_reader_of(operation->items);
    json_writer_name(writer, slice_of_text("Items"));
    json_writer_array_start(writer);
    while (reader.rest.size > 0)
        json_item_write(json_writer_value(writer), byte_reader_sized(&reader));
    json_writer_array_end(writer);
    buffer_append(&call->body, operation->tail);
}

static enum status write_page(struct api_call *call, const struct range_page *page)
{
    struct page_operation *operation = call->state;
    bool is_large = page->items.size > ASIDE_BYTES_MIN;
    if (!answer_share_take(call, page->items.size))
        return answer_share_refuse(call);
    operation->page = *page;
    if (make_tail(call) != STATUS_OK || !is_framed(page->items))
        return api_call_refuse(call, API_ERROR_INTERNAL, "Internal server error");
    write_head(call);
    buffer_reserve(&call->body, page->items.size + page->items.size / 2);
    operation->items = is_large ? arena_copy(call->arena, page->items) : page->items;
    if (is_large && !operation->is_count_only) {
        api_call_answer_aside(call, write_items);
        return STATUS_OK;
    }
    if (operation->is_count_only)
        buffer_append(&call->body, operation->tail);
    else
        write_items(call);
    api_call_answer(call, 200);
    return STATUS_OK;
}

/* --- The way to the rows --------------------------------------------------------------------- */

static enum status take_page(struct api_call *call, const struct range_page *page)
{
    if (page->outcome == RPC_EXECUTED)
        return write_page(call, page);
    return table_attempt_fail(call, page->reason);
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
    const struct table *table = table_attempt_find(call, operation->table_name);
    return table != NULL ? send(call, table) : table_attempt_missing(call);
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
    operation->attempt.attempt_fn = attempt;
    operation->detail =
        consumed_capacity_detail_of(request_text(call, PAGE_RETURN_CONSUMED_CAPACITY));
    operation->is_count_only = request_is(call, PAGE_SELECT, "COUNT");
    TRY(check_select(call));
    TRY(read_trees(call, operation));
    TRY(table_name_read(call, PAGE_TABLE_NAME, &operation->table_name));
    return attempt(call);
}
