#include "router/api/operation.h"
#include "router/api/table_record.h"

static enum status refuse_missing(struct api_call *call, struct slice name)
{
    return api_call_refuse_format(call, API_ERROR_TABLE_NOT_FOUND, "Table not found: %.*s",
                                  (int)name.size, (const char *)name.bytes);
}

/* Continuous backups are always "enabled"; recovery to a point in time is what can be had or not.
 */
static void write_description(const struct api_call *call, const struct table *table,
                              struct json_writer *writer)
{
    (void)call;
    (void)table;
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
}

static enum status start(struct api_call *call)
{
    static const struct table_record_answer answer = {
        .missing_fn = refuse_missing,
        .write_fn = write_description,
    };
    return table_record_start(call, &answer);
}

const struct operation describe_continuous_backups_operation = {
    .name = SHAPE_TEXT("DescribeContinuousBackups"),
    .input = &table_record_input,
    .start_fn = start,
};
