#include "proto/frame.h"
#include "router/api/catalog_access.h"
#include "router/api/operation.h"
#include "router/api/request.h"
#include "router/api/shapes.h"
#include "router/api/table_description.h"
#include "router/api/table_name.h"
#include "router/api/table_refusal.h"

#include "proto/schema/catalog.pb-c.h"

enum { TABLE_NAME };

static enum status answer(struct api_call *call, const struct table *table)
{
    if (table == NULL)
        return table_refusal_internal(call);
    struct json_writer writer = json_writer_of(&call->body);
    json_writer_object_start(&writer);
    json_writer_name(&writer, slice_of_text("TableDescription"));
    table_description_write_deleted(&writer, call->backend, table);
    json_writer_object_end(&writer);
    api_call_answer(call, 200);
    return STATUS_OK;
}

static enum status changed(struct api_call *call, enum catalog_result result,
                           const struct table *table)
{
    struct slice name;
    TRY(table_name_read(call, TABLE_NAME, &name));
    if (result == CATALOG_DONE)
        return answer(call, table);
    if (result == CATALOG_TABLE_BUSY)
        return table_refusal_busy(call, name, table);
    if (result == CATALOG_TABLE_NOT_FOUND)
        return table_refusal_not_found(call, name);
    if (result == CATALOG_TABLE_PROTECTED)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "Resource cannot be deleted as it is currently protected against "
                               "deletion. Disable deletion protection first.");
    return table_refusal_internal(call);
}

static enum status start(struct api_call *call)
{
    struct slice name;
    TRY(table_name_read(call, TABLE_NAME, &name));
    Graticule__Wire__DeleteTableRequest message = GRATICULE__WIRE__DELETE_TABLE_REQUEST__INIT;
    SCOPED(buffer) body;
    buffer_init(&body);
    message.name = arena_copy_text(call->arena, name);
    frame_pack(&message.base, &body);
    catalog_access_change(call, RPC_CATALOG_DELETE_TABLE, buffer_slice(&body), changed);
    return STATUS_OK;
}

static const struct shape_member members[] = {
    [TABLE_NAME] = SHAPE_MEMBER("TableName", shape_table_name, .is_required = true),
};

static const struct shape input = {
    .type = JSON_TARGET_STRUCTURE, .members = members, .member_count = SHAPE_COUNT(members)};

const struct operation delete_table_operation = {
    .name = SHAPE_TEXT("DeleteTable"),
    .input = &input,
    .start_fn = start,
};
