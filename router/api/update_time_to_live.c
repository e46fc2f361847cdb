#include "core/json/json_writer.h"
#include "router/api/operation.h"
#include "router/api/request.h"
#include "router/api/shapes.h"
#include "router/api/table_change_call.h"
#include "router/api/table_name.h"

enum { TABLE_NAME, SPECIFICATION };

/* The request's specification, as it has been taken. */
static enum status answer(struct api_call *call, const struct table *table)
{
    (void)table; /* What it says is what was asked for. */
    const struct table_change_call *change_call = call->state;
    struct json_writer writer = json_writer_of(&call->body);
    json_writer_object_start(&writer);
    json_writer_name(&writer, slice_of_text("TimeToLiveSpecification"));
    json_writer_object_start(&writer);
    json_writer_name(&writer, slice_of_text("AttributeName"));
    json_writer_string(&writer, change_call->change.expiry_attribute);
    json_writer_name(&writer, slice_of_text("Enabled"));
    json_writer_bool(&writer, change_call->change.expiry == TABLE_CHANGE_EXPIRY_ENABLE);
    json_writer_object_end(&writer);
    json_writer_object_end(&writer);
    api_call_answer(call, 200);
    return STATUS_OK;
}

static enum status start(struct api_call *call)
{
    const struct json_node *specification = request_member(call, SPECIFICATION);
    bool is_enabled = json_node_find(specification, "Enabled")->kind == JSON_TRUE;
    struct table_change_call *change_call = arena_alloc_zeroed(call->arena, sizeof *change_call);
    change_call->done_fn = answer;
    change_call->change.expiry =
        is_enabled ? TABLE_CHANGE_EXPIRY_ENABLE : TABLE_CHANGE_EXPIRY_DISABLE;
    change_call->change.expiry_attribute = json_node_find(specification, "AttributeName")->text;
    TRY(table_name_read(call, TABLE_NAME, &change_call->table_name));
    return table_change_call_start(call, change_call);
}

static const struct shape_member specification_members[] = {
    SHAPE_MEMBER("Enabled", shape_boolean, .is_required = true),
    SHAPE_MEMBER("AttributeName", shape_key_name, .is_required = true),
};

static const struct shape shape_specification = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "TimeToLiveSpecification",
    .members = specification_members,
    .member_count = SHAPE_COUNT(specification_members),
};

static const struct shape_member members[] = {
    [TABLE_NAME] = SHAPE_MEMBER("TableName", shape_table_name, .is_required = true),
    [SPECIFICATION] =
        SHAPE_MEMBER("TimeToLiveSpecification", shape_specification, .is_required = true),
};

static const struct shape input = {
    .type = JSON_TARGET_STRUCTURE, .members = members, .member_count = SHAPE_COUNT(members)};

const struct operation update_time_to_live_operation = {
    .name = SHAPE_TEXT("UpdateTimeToLive"),
    .input = &input,
    .start_fn = start,
};
