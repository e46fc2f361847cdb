#include "router/api/catalog_access.h"
#include "router/api/operation.h"
#include "router/api/request.h"
#include "router/api/shapes.h"
#include "router/api/table_description.h"
#include "router/api/table_name.h"
#include "router/api/table_refusal.h"

enum { TABLE_NAME };

static enum status describe(struct api_call *call)
{
    struct slice name;
    TRY(table_name_read(call, TABLE_NAME, &name));
    const struct table *table = catalog_access_find(call, name);
    if (table == NULL)
        return table_refusal_not_found(call, name);
    struct json_writer writer = json_writer_of(&call->body);
    json_writer_object_start(&writer);
    json_writer_name(&writer, slice_of_text("Table"));
    table_description_write(&writer, call->backend, table);
    json_writer_object_end(&writer);
    api_call_answer(call, 200);
    return STATUS_OK;
}

/* What was committed must be seen, also by way of another router. */
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

const struct operation describe_table_operation = {
    .name = SHAPE_TEXT("DescribeTable"),
    .input = &input,
    .start_fn = start,
};
