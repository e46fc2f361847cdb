#include "core/json/json_item.h"
#include "router/api/consumed_capacity.h"
#include "router/api/operation.h"
#include "router/api/request.h"
#include "router/api/row_operation.h"
#include "router/api/shapes.h"
#include "router/api/table_name.h"

enum {
    TABLE_NAME,
    KEY,
    ATTRIBUTES_TO_GET,
    CONSISTENT_READ,
    RETURN_CONSUMED_CAPACITY,
    PROJECTION_EXPRESSION,
    EXPRESSION_ATTRIBUTE_NAMES,
};

static void write_capacity(const struct api_call *call, const struct row_result *result,
                           struct json_writer *writer)
{
    enum consumed_capacity_detail detail =
        consumed_capacity_detail_of(request_text(call, RETURN_CONSUMED_CAPACITY));
    if (detail == CONSUMED_CAPACITY_NONE)
        return;
    size_t size = result->is_found ? item_size(result->item) : 0;
    bool is_consistent = request_flag(call, CONSISTENT_READ, false);
    consumed_capacity_write(writer, detail, request_text(call, TABLE_NAME),
                            consumed_capacity_of_read(size, is_consistent));
}

static void write_answer(struct api_call *call, const struct row_result *result)
{
    struct json_writer writer = json_writer_of(&call->body);
    json_writer_object_start(&writer);
    write_capacity(call, result, &writer);
    if (result->is_found) {
        json_writer_name(&writer, slice_of_text("Item"));
        json_item_write(json_writer_value(&writer), result->item);
    }
    json_writer_object_end(&writer);
}

static void answer(struct api_call *call, const struct row_result *result)
{
    row_operation_answer(call, result, write_answer);
}

static enum status start(struct api_call *call)
{
    struct row_operation *operation = arena_alloc(call->arena, sizeof *operation);
    *operation = (struct row_operation){
        .item = request_item(call, KEY),
        .source = PRIMARY_KEY_ALONE,
        .is_read = true,
        .is_consistent = request_flag(call, CONSISTENT_READ, false),
        .done_fn = answer,
    };
    TRY(table_name_read(call, TABLE_NAME, &operation->table_name));
    return row_operation_start(call, operation);
}

static const struct shape_member members[] = {
    [TABLE_NAME] = SHAPE_MEMBER("TableName", shape_table_name, .is_required = true),
    [KEY] = SHAPE_MEMBER("Key", shape_item, .is_required = true),
    [ATTRIBUTES_TO_GET] = SHAPE_MEMBER("AttributesToGet", shape_list, .support = SHAPE_NOT_SERVED),
    [CONSISTENT_READ] = SHAPE_MEMBER("ConsistentRead", shape_boolean),
    [RETURN_CONSUMED_CAPACITY] =
        SHAPE_MEMBER("ReturnConsumedCapacity", shape_return_consumed_capacity),
    [PROJECTION_EXPRESSION] =
        SHAPE_MEMBER("ProjectionExpression", shape_text, .support = SHAPE_NOT_SERVED),
    [EXPRESSION_ATTRIBUTE_NAMES] =
        SHAPE_MEMBER("ExpressionAttributeNames", shape_string_map, .support = SHAPE_NOT_SERVED),
};

static const struct shape input = {
    .type = JSON_TARGET_STRUCTURE, .members = members, .member_count = SHAPE_COUNT(members)};

static const struct json_field fields[] = {{JSON_ITEM, {"Key"}}};

const struct operation get_item_operation = {
    .name = SHAPE_TEXT("GetItem"),
    .input = &input,
    .fields = fields,
    .field_count = SHAPE_COUNT(fields),
    .start_fn = start,
};
