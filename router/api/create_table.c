#include "router/api/create_table.h"
#include "proto/frame.h"
#include "router/api/catalog_access.h"
#include "router/api/operation.h"
#include "router/api/table_description.h"
#include "router/api/table_refusal.h"

#include "proto/schema/catalog.pb-c.h"

/* How often a region that is still being set up is asked again. */
enum { SERVING_RETRY_US = 100000 };

static enum status create(struct api_call *call);

static enum status answer(struct api_call *call, const struct table *table)
{
    if (table == NULL)
        return table_refusal_internal(call);
    struct json_writer writer = json_writer_of(&call->body);
    json_writer_object_start(&writer);
    json_writer_name(&writer, slice_of_text("TableDescription"));
    table_description_write(&writer, call->backend, table);
    json_writer_object_end(&writer);
    api_call_answer(call, 200);
    return STATUS_OK;
}

static enum status refuse_existing(struct api_call *call)
{
    const struct table *wanted = call->state;
    return api_call_refuse_format(call, API_ERROR_RESOURCE_IN_USE, "Table already exists: %.*s",
                                  (int)wanted->name.size, (const char *)wanted->name.bytes);
}

/* Nothing was done: the region has not made its tablets yet. */
static enum status wait_for_region(struct api_call *call)
{
    if (api_call_time_left_us(call) <= SERVING_RETRY_US)
        return api_call_refuse(call, API_ERROR_UNAVAILABLE,
                               "The region is being set up; try again shortly");
    api_call_wait(call, SERVING_RETRY_US, create);
    return STATUS_OK;
}

static enum status changed(struct api_call *call, enum catalog_result result,
                           const struct table *table)
{
    if (result == CATALOG_DONE)
        return answer(call, table);
    if (result == CATALOG_TABLE_EXISTS)
        return refuse_existing(call);
    if (result == CATALOG_TABLE_LIMIT)
        return api_call_refuse_format(
            call, API_ERROR_LIMIT_EXCEEDED,
            "Subscriber limit exceeded: There is a limit of %d tables per subscriber",
            CATALOG_TABLES_MAX);
    if (result == CATALOG_NOT_SERVING)
        return wait_for_region(call);
    return table_refusal_internal(call);
}

static enum status create(struct api_call *call)
{
    Graticule__Wire__CreateTableRequest message = GRATICULE__WIRE__CREATE_TABLE_REQUEST__INIT;
    SCOPED(buffer) record;
    SCOPED(buffer) body;
    buffer_init(&record);
    buffer_init(&body);
    table_encode(call->state, &record);
    message.table = frame_data(buffer_slice(&record));
    frame_pack(&message.base, &body);
    catalog_access_change(call, RPC_CATALOG_CREATE_TABLE, buffer_slice(&body), changed);
    return STATUS_OK;
}

static enum status start(struct api_call *call)
{
    struct table *table = arena_alloc(call->arena, sizeof *table);
    TRY(create_table_read(call, table));
    call->state = table;
    return create(call);
}

const struct operation create_table_operation = {
    .name = SHAPE_TEXT("CreateTable"),
    .input = &create_table_shape,
    .start_fn = start,
};
