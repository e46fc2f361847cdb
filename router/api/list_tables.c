#include "core/json/json_writer.h"
#include "router/api/catalog_access.h"
#include "router/api/operation.h"
#include "router/api/request.h"
#include "router/api/shapes.h"

enum { EXCLUSIVE_START_TABLE_NAME, LIMIT };
enum { LIMIT_MAX = 100 };

static enum status list(struct api_call *call)
{
    const struct catalog_view *view = catalog_access_view(call);
    struct slice start_name = request_text(call, EXCLUSIVE_START_TABLE_NAME);
    size_t position = start_name.size > 0 ? catalog_view_tables_after(view, start_name) : 0;
    size_t end = position + (size_t)request_integer(call, LIMIT, LIMIT_MAX);
    const struct table *table;
    const struct table *last = NULL;

    struct json_writer writer = json_writer_of(&call->body);
    json_writer_object_start(&writer);
    json_writer_name(&writer, slice_of_text("TableNames"));
    json_writer_array_start(&writer);
    while (position < end && (table = catalog_view_table_at(view, position)) != NULL) {
        json_writer_string(&writer, table->name);
        last = table;
        position++;
    }
    json_writer_array_end(&writer);
    if (last != NULL && catalog_view_table_at(view, position) != NULL) {
        json_writer_name(&writer, slice_of_text("LastEvaluatedTableName"));
        json_writer_string(&writer, last->name);
    }
    json_writer_object_end(&writer);
    api_call_answer(call, 200);
    return STATUS_OK;
}

static enum status start(struct api_call *call)
{
    catalog_access_refresh(call, list);
    return STATUS_OK;
}

static const struct shape shape_limit = {
    .type = JSON_TARGET_INTEGER, .has_min = true, .has_max = true, .min = 1, .max = LIMIT_MAX};

static const struct shape_member members[] = {
    [EXCLUSIVE_START_TABLE_NAME] = SHAPE_MEMBER("ExclusiveStartTableName", shape_plain_name),
    [LIMIT] = SHAPE_MEMBER("Limit", shape_limit),
};

static const struct shape input = {
    .type = JSON_TARGET_STRUCTURE, .members = members, .member_count = SHAPE_COUNT(members)};

const struct operation list_tables_operation = {
    .name = SHAPE_TEXT("ListTables"),
    .input = &input,
    .start_fn = start,
};
