#include "router/api/consumed_capacity.h"
#include "router/api/item_projection.h"
#include "router/api/legacy_shapes.h"
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

struct get {
    struct row_operation operation; /* first: it is the call's state */
    struct item_projection projection;
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
    const struct get *get = call->state;
    struct json_writer writer = json_writer_of(&call->body);
    json_writer_object_start(&writer);
    write_capacity(call, result, &writer);
    if (result->is_found) {
        json_writer_name(&writer, slice_of_text("Item"));
        item_projection_write(&get->projection, result->item, json_writer_value(&writer));
    }
    json_writer_object_end(&writer);
}

static void answer(struct api_call *call, const struct row_result *result)
{
    row_operation_answer(call, result, write_answer);
}

static enum status start(struct api_call *call)
{
    struct get *get = arena_alloc(call->arena, sizeof *get);
    struct row_operation *operation = &get->operation;
    const struct item_projection_members projection_members = {
        .attributes_to_get = request_member(call, ATTRIBUTES_TO_GET),
        .expression = request_member(call, PROJECTION_EXPRESSION),
        .names = request_member(call, EXPRESSION_ATTRIBUTE_NAMES),
    };
    *operation = (struct row_operation){
        .item = request_item(call, KEY),
        .source = PRIMARY_KEY_ALONE,
        .is_read = true,
        .is_consistent = request_flag(call, CONSISTENT_READ, false),
        .done_fn = answer,
    };
    TRY(item_projection_read(call, &projection_members, &get->projection));
    TRY(table_name_read(call, TABLE_NAME, &operation->table_name));
    return row_operation_start(call, operation);
}

static const struct shape_member members[] = {
    [TABLE_NAME] = SHAPE_MEMBER("TableName", shape_table_name, .is_required = true),
    [KEY] = SHAPE_MEMBER("Key", shape_item, .is_required = true),
    [ATTRIBUTES_TO_GET] = SHAPE_MEMBER("AttributesToGet", shape_attribute_names),
    [CONSISTENT_READ] = SHAPE_MEMBER("ConsistentRead", shape_boolean),
    [RETURN_CONSUMED_CAPACITY] =
        SHAPE_MEMBER("ReturnConsumedCapacity", shape_return_consumed_capacity),
    [PROJECTION_EXPRESSION] = SHAPE_MEMBER("ProjectionExpression", shape_text),
    [EXPRESSION_ATTRIBUTE_NAMES] = SHAPE_MEMBER("ExpressionAttributeNames", shape_string_map),
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
