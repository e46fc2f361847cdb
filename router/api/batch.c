#include "router/api/batch.h"

#include "core/base/check.h"
#include "core/base/hash_map.h"
#include "core/base/utf8.h"
#include "core/model/item.h"
#include "router/api/consumed_capacity.h"
#include "router/api/operation.h"
#include "router/api/table_name.h"
#include "router/api/table_refusal.h"
#include "router/front/answer_share.h"

enum {
    NAME_ECHO_MAX = 255,
    /* Side by side. What is read and not answered yet is an item each. */
    BATCH_SENT_MAX = 32,
    /* How soon a batch that had no room for any item looks again. */
    ROOM_RETRY_US = 50000,
};

static enum status refuse_null(struct api_call *call, struct slice name)
{
    struct slice echo = utf8_prefix(name, NAME_ECHO_MAX);
    return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                  "1 validation error detected: Value null at "
                                  "'requestItems.%.*s.member' failed to satisfy constraint: Member "
                                  "must not be null",
                                  (int)echo.size, (const char *)echo.bytes);
}

enum status batch_init(struct api_call *call, struct batch *batch, const struct json_node *tables,
                       size_t (*count_fn)(const struct json_node *request), size_t row_count_max)
{
    for (const struct json_node *table = tables->first; table != NULL; table = table->next) {
        if (table->kind == JSON_NULL)
            return refuse_null(call, table->name);
        batch->row_count += count_fn(table);
    }
    if (batch->row_count > row_count_max)
        return api_call_refuse_format(
            call, API_ERROR_VALIDATION, "Too many items requested for the %.*s call",
            (int)call->operation->name.size, (const char *)call->operation->name.bytes);
    batch->rows = arena_alloc_zeroed(call->arena, batch->row_count * sizeof *batch->rows);
    batch->parts = arena_alloc_zeroed(call->arena, tables->count * sizeof *batch->parts);
    struct batch_row *rows = batch->rows;
    for (const struct json_node *table = tables->first; table != NULL; table = table->next) {
        struct batch_part *part = &batch->parts[batch->part_count++];
        *part = (struct batch_part){
            .called = table->name,
            .request = table,
            .rows = rows,
            .row_count = count_fn(table),
        };
        for (size_t i = 0; i < part->row_count; i++)
            rows++->part = part;
        TRY(table_name_of(call, table->name, &part->table_name));
    }
    return STATUS_OK;
}

/* --- Keys ------------------------------------------------------------------------------------ */

static enum status encode_key(struct api_call *call, struct batch_row *row, struct buffer *scratch)
{
    const struct table *table = table_attempt_find(call, row->part->table_name);
    CHECK(table != NULL);
    buffer_clear(scratch);
    buffer_append_u64(scratch, table->uid);
    TRY(primary_key_encode(call, table, row->item, row->source, scratch, &row->partition_size));
    row->table_uid = table->uid;
    row->key = slice_skip(arena_copy(call->arena, buffer_slice(scratch)), sizeof table->uid);
    return STATUS_OK;
}

/* Keys stand behind the uid of their table. */
static enum status check_keys(struct api_call *call, struct batch *batch)
{
    OWNED(hash_map) seen = hash_map_create(env_random_u64(call->backend->env));
    SCOPED(buffer) scratch;
    buffer_init(&scratch);
    for (size_t i = 0; i < batch->row_count; i++) {
        TRY(encode_key(call, &batch->rows[i], &scratch));
        if (hash_map_put(seen, buffer_slice(&scratch), &batch->rows[i]) != NULL)
            return api_call_refuse(call, API_ERROR_VALIDATION,
                                   "Provided list of item keys contains duplicates");
    }
    return STATUS_OK;
}

/* --- Rows under way -------------------------------------------------------------------------- */

static enum status go_on(struct api_call *call);

/* The item of an answer is gone after it. */
static void keep_result(struct batch_row *row, const struct row_result *result)
{
    struct batch *batch = row->batch;
    row->state = BATCH_ROW_DONE;
    row->result = *result;
    row->result.item = (struct slice){0};
    if (!batch->is_read || !result->is_found)
        return;
    batch->read_bytes += item_size(result->item);
    if (batch->has_no_room || batch->read_bytes > batch->read_bytes_max) {
        row->state = BATCH_ROW_LEFT;
    } else if (!answer_share_take(batch->call, result->item.size)) {
        row->state = BATCH_ROW_LEFT;
        batch->has_no_room = true;
        batch->wanted_bytes = result->item.size;
    } else {
        row->result.item = arena_copy(batch->call->arena, result->item);
    }
}

static enum batch_row_state state_of_failure(const struct batch_row *row,
                                             const struct row_result *result)
{
    if (result->reason == RPC_REASON_NO_TABLE)
        return BATCH_ROW_NO_TABLE;
    bool is_certain = result->outcome == RPC_NOT_EXECUTED || row->batch->is_read;
    return is_certain && result->reason != RPC_REASON_MALFORMED ? BATCH_ROW_LEFT
                                                                : BATCH_ROW_UNKNOWN;
}

static void take_result(void *context, const struct row_result *result)
{
    struct batch_row *row = context;
    struct batch *batch = row->batch;
    struct api_call *call = batch->call;
    batch->sent_count--;
    row->reason = result->reason;
    if (result->outcome == RPC_EXECUTED)
        keep_result(row, result);
    else
        row->state = state_of_failure(row, result);
    /* The batch goes with its call. */
    struct api_calls *calls = batch->is_read ? call->calls : NULL;
    api_call_end_step(call, go_on(call));
    if (calls != NULL)
        answer_share_end_read(calls);
}

/* False when the batch has to wait until others have read. */
static bool send(struct batch *batch, struct batch_row *row)
{
    struct api_call *call = batch->call;
    const struct table *table = table_attempt_find(call, row->part->table_name);
    row->state = BATCH_ROW_NO_TABLE;
    if (table == NULL || table->uid != row->table_uid)
        return true;
    if (batch->is_read && !answer_share_begin_read(call, go_on)) {
        row->state = BATCH_ROW_WAITING;
        return false;
    }
    const struct row_name name = {
        .table = table,
        .partition_key = slice_of(row->key.bytes, row->partition_size),
        .key = row->key,
    };
    row->state = BATCH_ROW_SENT;
    batch->sent_count++;
    if (batch->is_read)
        row_client_read(call->backend->rows, &name, row->part->is_consistent, take_result, row);
    else
        row_client_write(call->backend->rows, &name, &row->write, take_result, row);
    return true;
}

/* --- The whole ------------------------------------------------------------------------------- */

static size_t count_rows(const struct batch *batch, enum batch_row_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < batch->row_count; i++)
        count += batch->rows[i].state == state;
    return count;
}

static enum status attempt(struct api_call *call);
static enum status wait_for_room(struct api_call *call);

/* All rows were left: it begins anew. */
static enum status attempt_if_room(struct api_call *call)
{
    struct batch *batch = call->state;
    if (!answer_share_fits(call, batch->wanted_bytes))
        return wait_for_room(call);
    for (size_t i = 0; i < batch->row_count; i++)
        batch->rows[i].state = BATCH_ROW_WAITING;
    batch->has_no_room = false;
    batch->read_bytes = 0;
    return attempt(call);
}

static enum status wait_for_room(struct api_call *call)
{
    if (api_call_time_left_us(call) <= ROOM_RETRY_US)
        return answer_share_refuse(call);
    api_call_wait(call, ROOM_RETRY_US, attempt_if_room);
    return STATUS_OK;
}

/* No row is under way. */
static enum status finish(struct api_call *call, struct batch *batch)
{
    if (count_rows(batch, BATCH_ROW_UNKNOWN) > 0)
        return table_refusal_internal(call);
    if (count_rows(batch, BATCH_ROW_NO_TABLE) > 0)
        return table_attempt_again(call);
    /* Where nothing at all was done the client is told why, as far as one row stands for all. */
    if (count_rows(batch, BATCH_ROW_LEFT) == batch->row_count)
        return batch->has_no_room ? wait_for_room(call)
                                  : table_attempt_refuse(call, batch->rows[0].reason);
    return batch->done_fn(call, batch);
}

static bool is_over(const struct batch *batch)
{
    return batch->has_no_room || batch->read_bytes > batch->read_bytes_max ||
           api_call_time_left_us(batch->call) == 0;
}

/* One that found no room for any item is to find some for one before it reads more. */
static size_t sent_count_max(const struct batch *batch)
{
    bool is_trying = batch->wanted_bytes > 0 && batch->call->answer_share == 0;
    return is_trying ? 1 : BATCH_SENT_MAX;
}

static enum status go_on(struct api_call *call)
{
    struct batch *batch = call->state;
    while (batch->next < batch->row_count && batch->sent_count < sent_count_max(batch)) {
        struct batch_row *row = &batch->rows[batch->next];
        if (row->state == BATCH_ROW_WAITING && is_over(batch))
            row->state = BATCH_ROW_LEFT;
        else if (row->state == BATCH_ROW_WAITING && !send(batch, row))
            return STATUS_OK;
        batch->next++;
    }
    answer_share_leave_line(call);
    return batch->sent_count > 0 ? STATUS_OK : finish(call, batch);
}

/* Sends what was not done yet, under tables as they are now. */
static enum status attempt(struct api_call *call)
{
    struct batch *batch = call->state;
    for (size_t i = 0; i < batch->part_count; i++)
        if (table_attempt_find(call, batch->parts[i].table_name) == NULL)
            return table_attempt_missing(call);
    TRY(check_keys(call, batch));
    for (size_t i = 0; i < batch->row_count; i++)
        if (batch->rows[i].state == BATCH_ROW_NO_TABLE)
            batch->rows[i].state = BATCH_ROW_WAITING;
    batch->next = 0;
    return go_on(call);
}

enum status batch_start(struct api_call *call, struct batch *batch)
{
    CHECK(batch->row_count > 0);
    call->state = batch;
    batch->attempt.attempt_fn = attempt;
    batch->call = call;
    for (size_t i = 0; i < batch->row_count; i++)
        batch->rows[i].batch = batch;
    return attempt(call);
}

/* --- The answer ------------------------------------------------------------------------------ */

static uint64_t part_units(const struct batch_part *part,
                           uint64_t (*units_fn)(const struct batch_row *row))
{
    uint64_t half_units = 0;
    for (size_t i = 0; i < part->row_count; i++)
        if (part->rows[i].state == BATCH_ROW_DONE)
            half_units += units_fn(&part->rows[i]);
    return half_units;
}

void batch_write_capacity(const struct batch *batch, struct slice return_consumed_capacity,
                          uint64_t (*units_fn)(const struct batch_row *row),
                          struct json_writer *writer)
{
    enum consumed_capacity_detail detail = consumed_capacity_detail_of(return_consumed_capacity);
    if (detail == CONSUMED_CAPACITY_NONE)
        return;
    json_writer_name(writer, slice_of_text("ConsumedCapacity"));
    json_writer_array_start(writer);
    for (size_t i = 0; i < batch->part_count; i++) {
        uint64_t half_units = part_units(&batch->parts[i], units_fn);
        if (half_units > 0)
            consumed_capacity_write_object(writer, detail, batch->parts[i].called, half_units);
    }
    json_writer_array_end(writer);
}

static bool part_is_left(const struct batch_part *part)
{
    for (size_t i = 0; i < part->row_count; i++)
        if (part->rows[i].state == BATCH_ROW_LEFT)
            return true;
    return false;
}

void batch_write_left(const struct batch *batch, const char *name,
                      void (*write_part_fn)(const struct batch_part *part,
                                            struct json_writer *writer),
                      struct json_writer *writer)
{
    json_writer_name(writer, slice_of_text(name));
    json_writer_object_start(writer);
    for (size_t i = 0; i < batch->part_count; i++) {
        if (!part_is_left(&batch->parts[i]))
            continue;
        json_writer_name(writer, batch->parts[i].called);
        write_part_fn(&batch->parts[i], writer);
    }
    json_writer_object_end(writer);
}
