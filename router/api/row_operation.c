#include "router/api/row_operation.h"

#include "router/api/table_refusal.h"
#include "router/front/answer_share.h"

/* Whatever may have been done is never called refused. */
static enum status refuse(struct api_call *call, const struct row_result *result)
{
    if (result->outcome != RPC_NOT_EXECUTED)
        return table_refusal_internal(call);
    return table_attempt_fail(call, result->reason);
}

static void take_result(void *context, const struct row_result *result)
{
    struct api_call *call = context;
    const struct row_operation *operation = call->state;
    if (result->outcome == RPC_EXECUTED)
        operation->done_fn(call, result);
    else
        api_call_end_step(call, refuse(call, result));
}

static enum status send(struct api_call *call, const struct table *table)
{
    const struct row_operation *operation = call->state;
    SCOPED(buffer) key;
    buffer_init(&key);
    size_t partition_size;
    TRY(primary_key_encode(call, table, operation->item, operation->source, &key, &partition_size));
    if (operation->check_fn != NULL)
        TRY(operation->check_fn(call, table));
    const struct row_name row = {
        .table = table,
        .partition_key = slice_of(key.bytes, partition_size),
        .key = buffer_slice(&key),
    };
    struct row_client *rows = call->backend->rows;
    if (operation->is_read)
        row_client_read(rows, &row, operation->is_consistent, take_result, call);
    else
        row_client_write(rows, &row, &operation->write, take_result, call);
    return STATUS_OK;
}

static enum status attempt(struct api_call *call)
{
    const struct row_operation *operation = call->state;
    const struct table *table = table_attempt_find(call, operation->table_name);
    return table != NULL ? send(call, table) : table_attempt_missing(call);
}

enum status row_operation_start(struct api_call *call, struct row_operation *operation)
{
    call->state = operation;
    operation->attempt.attempt_fn = attempt;
    return attempt(call);
}

/* About how much room the answer takes: an allocation instead of many. */
static size_t answer_size(const struct row_result *result)
{
    enum { FRAME_SIZE = 256 };
    return FRAME_SIZE + result->item.size + result->item.size / 2;
}

static void answer_write(struct api_call *call)
{
    const struct row_operation *operation = call->state;
    buffer_reserve(&call->body, answer_size(&operation->result));
    operation->write_fn(call, &operation->result);
}

void row_operation_answer(struct api_call *call, const struct row_result *result,
                          row_operation_write_fn write_fn)
{
    struct row_operation *operation = call->state;
    operation->result = *result;
    operation->write_fn = write_fn;
    if (result->item.size <= SIDE_WORK_BYTES_MIN) {
        answer_write(call);
        api_call_answer(call, 200);
        return;
    }
    /* What was written is told whatever it takes. */
    if (!operation->is_read)
        answer_share_take_anyway(call, result->item.size);
    else if (!answer_share_take(call, result->item.size)) {
        api_call_end_step(call, answer_share_refuse(call));
        return;
    }
    operation->result.item = arena_copy(call->arena, result->item);
    api_call_answer_aside(call, answer_write);
}
