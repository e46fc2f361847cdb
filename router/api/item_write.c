#include "router/api/item_write.h"

#include "core/expression/update_fault.h"
#include "core/json/json_item.h"
#include "router/api/consumed_capacity.h"
#include "router/api/item_limits.h"
#include "router/api/row_operation.h"
#include "router/api/table_name.h"
#include "router/api/write_terms.h"

/* What the answer will have to tell. */
struct item_write {
    struct row_operation operation; /* first: it is the call's state */
    enum consumed_capacity_detail detail;
    size_t put_size; /* of the item put */
    struct row_terms terms;
    struct update update;
};

/* --- The answer ------------------------------------------------------------------------------ */

static void write_capacity(const struct item_write *write, const struct row_result *result,
                           struct slice table_name, struct json_writer *writer)
{
    if (write->detail == CONSUMED_CAPACITY_NONE)
        return;
    bool is_put = write->operation.write.kind == WRITE_PUT;
    size_t new_size = is_put ? write->put_size : result->size_after;
    consumed_capacity_write(writer, write->detail, table_name,
                            consumed_capacity_of_write(result->size_before, new_size));
}

static void write_answer(struct api_call *call, const struct row_result *result)
{
    struct json_writer writer = json_writer_of(&call->body);
    json_writer_object_start(&writer);
    write_capacity(call->state, result, request_text(call, ITEM_WRITE_TABLE_NAME), &writer);
    if (result->is_found) {
        json_writer_name(&writer, slice_of_text("Attributes"));
        json_item_write(json_writer_value(&writer), result->item);
    }
    json_writer_object_end(&writer);
}

static enum status refuse_condition(struct api_call *call, const struct row_result *result)
{
    enum status status =
        api_call_refuse(call, API_ERROR_CONDITIONAL_CHECK_FAILED, "The conditional request failed");
    call->error.item = result->is_found ? result->item : (struct slice){0};
    return status;
}

static enum status refuse_update(struct api_call *call, const struct row_result *result)
{
    bool is_legacy = request_member(call, ITEM_WRITE_ATTRIBUTE_UPDATES) != NULL;
    if (is_legacy && result->fault == UPDATE_FAULT_TYPE)
        return api_call_refuse(call, API_ERROR_VALIDATION, "Type mismatch for attribute to update");
    if (result->fault == UPDATE_FAULT_NONE || result->fault >= UPDATE_FAULT_COUNT)
        return api_call_refuse(call, API_ERROR_INTERNAL, "Internal server error");
    return api_call_refuse(call, API_ERROR_VALIDATION,
                           update_fault_text((enum update_fault)result->fault));
}

static void answer(struct api_call *call, const struct row_result *result)
{
    switch (result->result) {
    case WRITE_DONE:
        row_operation_answer(call, result, write_answer);
        return;
    case WRITE_CONDITION_FAILED:
        api_call_end_step(call, refuse_condition(call, result));
        return;
    case WRITE_REFUSED:
        api_call_end_step(call, refuse_update(call, result));
        return;
    }
}

/* --- The request ----------------------------------------------------------------------------- */

static enum status read_returned(struct api_call *call, enum write_kind kind,
                                 enum write_returned *out_returned)
{
    static const struct {
        const char *name;
        enum write_returned returned;
    } values[] = {
        {"NONE", WRITE_RETURNS_NOTHING},
        {"ALL_OLD", WRITE_RETURNS_BEFORE},
        {"ALL_NEW", WRITE_RETURNS_AFTER},
        {"UPDATED_OLD", WRITE_RETURNS_UPDATED_BEFORE},
        {"UPDATED_NEW", WRITE_RETURNS_UPDATED_AFTER},
    };
    *out_returned = WRITE_RETURNS_NOTHING;
    for (size_t i = 0; i < SHAPE_COUNT(values); i++)
        if (request_is(call, ITEM_WRITE_RETURN_VALUES, values[i].name))
            *out_returned = values[i].returned;
    if (kind != WRITE_UPDATE && *out_returned > WRITE_RETURNS_BEFORE)
        return api_call_refuse(call, API_ERROR_VALIDATION, "Return values set to invalid value");
    return STATUS_OK;
}

/* Nothing is done for a write that has no terms, which is most of them. */
static enum status read_terms(struct api_call *call, struct item_write *write)
{
    bool is_update = write->operation.write.kind == WRITE_UPDATE;
    const struct write_term_members members = {
        .is_update = is_update,
        .expected = request_member(call, ITEM_WRITE_EXPECTED),
        .conditional_operator = request_member(call, ITEM_WRITE_CONDITIONAL_OPERATOR),
        .condition_expression = request_member(call, ITEM_WRITE_CONDITION_EXPRESSION),
        .attribute_updates = is_update ? request_member(call, ITEM_WRITE_ATTRIBUTE_UPDATES) : NULL,
        .update_expression = is_update ? request_member(call, ITEM_WRITE_UPDATE_EXPRESSION) : NULL,
        .names = request_member(call, ITEM_WRITE_EXPRESSION_ATTRIBUTE_NAMES),
        .values = request_member(call, ITEM_WRITE_EXPRESSION_ATTRIBUTE_VALUES),
    };
    write->terms.wants_sizes = write->detail != CONSUMED_CAPACITY_NONE;
    write->terms.wants_item_on_failure =
        request_is(call, ITEM_WRITE_RETURN_VALUES_ON_FAILURE, "ALL_OLD");
    bool has_members =
        is_update || members.expected != NULL || members.conditional_operator != NULL ||
        members.condition_expression != NULL || members.names != NULL || members.values != NULL;
    if (has_members)
        TRY(write_terms_read(call, &members, &write->terms, &write->update));
    if (has_members || write->terms.wants_sizes)
        write->operation.write.terms = &write->terms;
    return STATUS_OK;
}

static enum status refuse_key(struct api_call *call, struct slice name)
{
    return api_call_refuse_format(call, API_ERROR_VALIDATION,
                                  "One or more parameter values were invalid: Cannot update "
                                  "attribute %.*s. This attribute is part of the key",
                                  (int)name.size, (const char *)name.bytes);
}

static enum status check_update(struct api_call *call, const struct table *table)
{
    const struct item_write *write = call->state;
    if (update_changes(&write->update, table->partition_key.name))
        return refuse_key(call, table->partition_key.name);
    if (table->has_sort_key && update_changes(&write->update, table->sort_key.name))
        return refuse_key(call, table->sort_key.name);
    return STATUS_OK;
}

enum status item_write_start(struct api_call *call, enum write_kind kind)
{
    struct item_write *write = arena_alloc_zeroed(call->arena, sizeof *write);
    struct row_operation *operation = &write->operation;
    write->detail =
        consumed_capacity_detail_of(request_text(call, ITEM_WRITE_RETURN_CONSUMED_CAPACITY));
    operation->item = request_item(call, ITEM_WRITE_ITEM);
    operation->source = kind == WRITE_PUT ? PRIMARY_KEY_IN_ITEM : PRIMARY_KEY_ALONE;
    operation->write.kind = kind;
    operation->write.item = kind == WRITE_DELETE ? (struct slice){0} : operation->item;
    operation->check_fn = kind == WRITE_UPDATE ? check_update : NULL;
    operation->done_fn = answer;

    TRY(read_returned(call, kind, &operation->write.returned));
    if (kind == WRITE_PUT)
        TRY(item_limits_check(call, operation->item, &write->put_size));
    TRY(read_terms(call, write));
    TRY(table_name_read(call, ITEM_WRITE_TABLE_NAME, &operation->table_name));
    return row_operation_start(call, operation);
}
