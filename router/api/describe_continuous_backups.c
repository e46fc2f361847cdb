#include "core/json/json_writer.h"
#include "router/api/catalog_access.h"
#include "router/api/operation.h"
#include "router/api/request.h"
#include "router/api/shapes.h"
#include "router/api/table_name.h"

enum { TABLE_NAME };

/* Continuous backups are always "enabled"; recovery to a point in time is what can be had or not.
 */
static void write_description(struct json_writer *writer)
{
    json_writer_object_start(writer);
    json_writer_name(writer, slice_of_text("ContinuousBackupsDescription"));
    json_writer_object_start(writer);
    json_writer_name(writer, slice_of_text("ContinuousBackupsStatus"));
    json_writer_string(writer, slice_of_text("ENABLED"));
    json_writer_name(writer, slice_of_text("PointInTimeRecoveryDescription"));
    json_writer_object_start(writer);
    json_writer_name(writer, slice_of_text("PointInTimeRecoveryStatus"));
    json_writer_string(writer, slice_of_text("DISABLED"));
    json_writer_object_end(writer);
    json_writer_object_end(writer);
    json_writer_object_end(writer);
}

static enum status describe(struct api_call *call)
{
    struct slice name;
    TRY(table_name_read(call, TABLE_NAME, &name));
    if (catalog_access_find(call, name) == NULL)
        return api_call_refuse_format(call, API_ERROR_TABLE_NOT_FOUND, "Table not found: %.*s",
                                      (int)name.size, (const char *)name.bytes);
    struct json_writer writer = json_writer_of(&call->body);
    write_description(&writer);
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

const struct operation describe_continuous_backups_operation = {
    .name = SHAPE_TEXT("DescribeContinuousBackups"),
    .input = &input,
    .start_fn = start,
};
