#include "core/json/json_writer.h"
#include "router/api/catalog_access.h"
#include "router/api/operation.h"
#include "router/api/request.h"
#include "router/api/shapes.h"
#include "router/api/table_name.h"
#include "router/api/table_refusal.h"

enum { TABLE_NAME };

static void write_description(struct json_writer *writer, const struct table *table)
{
    bool is_enabled = table->expiry.size > 0;
    json_writer_object_start(writer);
    json_writer_name(writer, slice_of_text("TimeToLiveDescription"));
    json_writer_object_start(writer);
    if (is_enabled) {
        json_writer_name(writer, slice_of_text("AttributeName"));
        json_writer_string(writer, table->expiry);
    }
    json_writer_name(writer, slice_of_text("TimeToLiveStatus"));
    json_writer_string(writer, slice_of_text(is_enabled ? "ENABLED" : "DISABLED"));
    json_writer_object_end(writer);
    json_writer_object_end(writer);
}

static enum status describe(struct api_call *call)
{
    struct slice name;
    TRY(table_name_read(call, TABLE_NAME, &name));
    const struct table *table = catalog_access_find(call, name);
    if (table == NULL)
        return table_refusal_not_found(call, name);
    if (table->status == TABLE_CREATING)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "Cannot describe time to live while table is in CREATING state");
    struct json_writer writer = json_writer_of(&call->body);
    write_description(&writer, table);
    api_call_answer(call, 200);
    return STATUS_OK;
}

static enum status start(struct api_call *call)
{
    struct slice name;
    TRY(table_name_read(call, TABLE_NAME, &name));
    catalog_access_refresh(call, describe);
    return STATUS_OK;
}

static const struct shape_member members[] = {
    [TABLE_NAME] = SHAPE_MEMBER("TableName", shape_table_name, .is_required = true),
};

static const struct shape input = {
    .type = JSON_TARGET_STRUCTURE, .members = members, .member_count = SHAPE_COUNT(members)};

const struct operation describe_time_to_live_operation = {
    .name = SHAPE_TEXT("DescribeTimeToLive"),
    .input = &input,
    .start_fn = start,
};
