#include "core/json/json_writer.h"
#include "router/api/operation.h"
#include "router/api/table_settings.h"

static void write_limit(struct json_writer *writer, const char *name)
{
    json_writer_name(writer, slice_of_text(name));
    json_writer_integer(writer, TABLE_SETTINGS_UNITS_MAX);
}

/* What a table may be given; there is no bound on all tables together but that of their number. */
static enum status start(struct api_call *call)
{
    struct json_writer writer = json_writer_of(&call->body);
    json_writer_object_start(&writer);
    write_limit(&writer, "AccountMaxReadCapacityUnits");
    write_limit(&writer, "AccountMaxWriteCapacityUnits");
    write_limit(&writer, "TableMaxReadCapacityUnits");
    write_limit(&writer, "TableMaxWriteCapacityUnits");
    json_writer_object_end(&writer);
    api_call_answer(call, 200);
    return STATUS_OK;
}

static const struct shape input = {.type = JSON_TARGET_STRUCTURE};

const struct operation describe_limits_operation = {
    .name = SHAPE_TEXT("DescribeLimits"),
    .input = &input,
    .start_fn = start,
};
