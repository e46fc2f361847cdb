#include "router/api/operation.h"
#include "router/api/table_description.h"
#include "router/api/table_record.h"
#include "router/api/table_refusal.h"

static void write_description(const struct api_call *call, const struct table *table,
                              struct json_writer *writer)
{
    json_writer_name(writer, slice_of_text("Table"));
    table_description_write(writer, call->backend, table);
}

static enum status start(struct api_call *call)
{
    static const struct table_record_answer answer = {
        .missing_fn = table_refusal_not_found,
        .write_fn = write_description,
    };
    return table_record_start(call, &answer);
}

const struct operation describe_table_operation = {
    .name = SHAPE_TEXT("DescribeTable"),
    .input = &table_record_input,
    .start_fn = start,
};
