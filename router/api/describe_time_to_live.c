#include "router/api/operation.h"
#include "router/api/table_record.h"
#include "router/api/table_refusal.h"

static enum status check_state(struct api_call *call, const struct table *table)
{
    if (table->status == TABLE_CREATING)
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "Cannot describe time to live while table is in CREATING state");
    return STATUS_OK;
}

static void write_description(const struct api_call *call, const struct table *table,
                              struct json_writer *writer)
{
    (void)call;
    bool is_enabled = table->expiry.size > 0;
    json_writer_name(writer, slice_of_text("TimeToLiveDescription"));
    json_writer_object_start(writer);
    if (is_enabled) {
        json_writer_name(writer, slice_of_text("AttributeName"));
        json_writer_string(writer, table->expiry);
    }
    json_writer_name(writer, slice_of_text("TimeToLiveStatus"));
    json_writer_string(writer, slice_of_text(is_enabled ? "ENABLED" : "DISABLED"));
    json_writer_object_end(writer);
}

static enum status start(struct api_call *call)
{
    static const struct table_record_answer answer = {
        .missing_fn = table_refusal_not_found,
        .check_fn = check_state,
        .write_fn = write_description,
    };
    return table_record_start(call, &answer);
}

const struct operation describe_time_to_live_operation = {
    .name = SHAPE_TEXT("DescribeTimeToLive"),
    .input = &table_record_input,
    .start_fn = start,
};
