#include "core/json/json_item.h"
#include "router/api/batch.h"
#include "router/api/consumed_capacity.h"
#include "router/api/item_limits.h"
#include "router/api/operation.h"
#include "router/api/request.h"
#include "router/api/shapes.h"

enum {
    REQUEST_ITEMS,
    RETURN_CONSUMED_CAPACITY,
    RETURN_ITEM_COLLECTION_METRICS,
};

enum { REQUEST_COUNT_MAX = 25, TABLE_COUNT_MAX = 25 };

/* --- The answer ------------------------------------------------------------------------------ */

static uint64_t units_of(const struct batch_row *row)
{
    size_t new_size = row->write.kind == WRITE_PUT ? item_size(row->item) : 0;
    return consumed_capacity_of_write(row->result.size_before, new_size);
}

static void write_row(const struct batch_row *row, struct json_writer *writer)
{
    bool is_put = row->write.kind == WRITE_PUT;
    json_writer_object_start(writer);
    json_writer_name(writer, slice_of_text(is_put ? "PutRequest" : "DeleteRequest"));
    json_writer_object_start(writer);
    json_writer_name(writer, slice_of_text(is_put ? "Item" : "Key"));
    json_item_write(json_writer_value(writer), row->item);
    json_writer_object_end(writer);
    json_writer_object_end(writer);
}

static void write_left_part(const struct batch_part *part, struct json_writer *writer)
{
    json_writer_array_start(writer);
    for (size_t i = 0; i < part->row_count; i++)
        if (part->rows[i].state == BATCH_ROW_LEFT)
            write_row(&part->rows[i], writer);
    json_writer_array_end(writer);
}

static enum status answer(struct api_call *call, struct batch *batch)
{
    struct json_writer writer = json_writer_of(&call->body);
    json_writer_object_start(&writer);
    batch_write_capacity(batch, request_text(call, RETURN_CONSUMED_CAPACITY), units_of, &writer);
    batch_write_left(batch, "UnprocessedItems", write_left_part, &writer);
    json_writer_object_end(&writer);
    api_call_answer(call, 200);
    return STATUS_OK;
}

/* --- The request ----------------------------------------------------------------------------- */

static size_t count_requests(const struct json_node *request)
{
    return request->count;
}

/* One of WriteRequest's two members. */
static enum status read_request(struct api_call *call, const struct json_node *node,
                                struct batch_row *row)
{
    const struct json_node *put = json_node_find(node, "PutRequest");
    const struct json_node *delete = json_node_find(node, "DeleteRequest");
    if ((put != NULL) == (delete != NULL))
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "Each WriteRequest must have exactly one of PutRequest and "
                               "DeleteRequest");
    bool is_put = put != NULL;
    row->item = is_put ? json_node_find(put, "Item")->text : json_node_find(delete, "Key")->text;
    row->source = is_put ? PRIMARY_KEY_IN_ITEM : PRIMARY_KEY_ALONE;
    row->write.kind = is_put ? WRITE_PUT : WRITE_DELETE;
    row->write.item = is_put ? row->item : (struct slice){0};
    size_t size;
    return is_put ? item_limits_check(call, row->item, &size) : STATUS_OK;
}

static enum status start(struct api_call *call)
{
    static const struct row_terms with_sizes = {.wants_sizes = true};
    struct batch *batch = arena_alloc_zeroed(call->arena, sizeof *batch);
    bool wants_capacity =
        consumed_capacity_detail_of(request_text(call, RETURN_CONSUMED_CAPACITY)) !=
        CONSUMED_CAPACITY_NONE;
    batch->done_fn = answer;
    TRY(batch_init(call, batch, request_member(call, REQUEST_ITEMS), count_requests,
                   REQUEST_COUNT_MAX));
    for (size_t i = 0; i < batch->part_count; i++) {
        struct batch_row *row = batch->parts[i].rows;
        const struct json_node *node = batch->parts[i].request->first;
        for (; node != NULL; node = node->next, row++) {
            TRY(read_request(call, node, row));
            row->write.terms = wants_capacity ? &with_sizes : NULL;
        }
    }
    return batch_start(call, batch);
}

static const struct shape_member put_members[] = {
    SHAPE_MEMBER("Item", shape_item, .is_required = true),
};

static const struct shape shape_put = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "PutRequest",
    .members = put_members,
    .member_count = SHAPE_COUNT(put_members),
};

static const struct shape_member delete_members[] = {
    SHAPE_MEMBER("Key", shape_item, .is_required = true),
};

static const struct shape shape_delete = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "DeleteRequest",
    .members = delete_members,
    .member_count = SHAPE_COUNT(delete_members),
};

static const struct shape_member request_members[] = {
    SHAPE_MEMBER("PutRequest", shape_put),
    SHAPE_MEMBER("DeleteRequest", shape_delete),
};

static const struct shape shape_request = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "WriteRequest",
    .members = request_members,
    .member_count = SHAPE_COUNT(request_members),
};

static const struct shape shape_requests = {
    .type = JSON_TARGET_LIST,
    .has_min = true,
    .has_max = true,
    .min = 1,
    .max = REQUEST_COUNT_MAX,
    .element = &shape_request,
};

static const struct shape shape_tables = {
    .type = JSON_TARGET_STRUCTURE,
    .has_min = true,
    .has_max = true,
    .min = 1,
    .max = TABLE_COUNT_MAX,
    .element = &shape_requests,
    .key = &shape_table_name,
};

static const struct shape_member members[] = {
    [REQUEST_ITEMS] = SHAPE_MEMBER("RequestItems", shape_tables, .is_required = true),
    [RETURN_CONSUMED_CAPACITY] =
        SHAPE_MEMBER("ReturnConsumedCapacity", shape_return_consumed_capacity),
    [RETURN_ITEM_COLLECTION_METRICS] =
        SHAPE_MEMBER("ReturnItemCollectionMetrics", shape_return_item_collection_metrics),
};

static const struct shape input = {
    .type = JSON_TARGET_STRUCTURE, .members = members, .member_count = SHAPE_COUNT(members)};

static const struct json_field fields[] = {
    {JSON_ITEM, {"RequestItems", "*", "*", "PutRequest", "Item"}},
    {JSON_ITEM, {"RequestItems", "*", "*", "DeleteRequest", "Key"}},
};

const struct operation batch_write_item_operation = {
    .name = SHAPE_TEXT("BatchWriteItem"),
    .input = &input,
    .fields = fields,
    .field_count = SHAPE_COUNT(fields),
    .start_fn = start,
};
