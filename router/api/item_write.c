#include "router/api/item_write.h"

#include "core/json/json_item.h"
#include "router/api/consumed_capacity.h"
#include "router/api/item_limits.h"
#include "router/api/row_operation.h"
#include "router/api/table_name.h"

/* What the answer will have to tell. */
struct item_write {
    struct row_operation operation; /* first: it is the call's state */
    enum consumed_capacity_detail detail;
    bool returns_old;
    size_t new_item_size; /* 0: deleted */
};

static void write_answer(struct api_call *call, const struct row_result *result)
{
    const struct item_write *write = call->state;
    struct json_writer writer = json_writer_of(&call->body);
    json_writer_object_start(&writer);
    if (write->detail != CONSUMED_CAPACITY_NONE) {
        size_t old_item_size = result->is_found ? item_size(result->item) : 0;
        consumed_capacity_write(&writer, write->detail, request_text(call, ITEM_WRITE_TABLE_NAME),
                                consumed_capacity_of_write(old_item_size, write->new_item_size));
    }
    if (write->returns_old && result->is_found) {
        json_writer_name(&writer, slice_of_text("Attributes"));
        json_item_write(json_writer_value(&writer), result->item);
    }
    json_writer_object_end(&writer);
}

static void answer(struct api_call *call, const struct row_result *result)
{
    row_operation_answer(call, result, write_answer);
}

static enum status check_return_values(struct api_call *call)
{
    const struct json_node *wanted = request_member(call, ITEM_WRITE_RETURN_VALUES);
    bool is_allowed = wanted == NULL || slice_is_text(wanted->text, "NONE") ||
                      slice_is_text(wanted->text, "ALL_OLD");
    if (!is_allowed)
        return api_call_refuse(call, API_ERROR_VALIDATION, "Return values set to invalid value");
    return STATUS_OK;
}

enum status item_write_start(struct api_call *call, enum write_kind kind)
{
    struct item_write *write = arena_alloc_zeroed(call->arena, sizeof *write);
    struct row_operation *operation = &write->operation;
    bool is_put = kind == WRITE_PUT;
    write->detail =
        consumed_capacity_detail_of(request_text(call, ITEM_WRITE_RETURN_CONSUMED_CAPACITY));
    write->returns_old = request_is(call, ITEM_WRITE_RETURN_VALUES, "ALL_OLD");
    operation->item = request_item(call, ITEM_WRITE_ITEM);
    operation->source = is_put ? PRIMARY_KEY_IN_ITEM : PRIMARY_KEY_ALONE;
    operation->write = (struct row_write){
        .kind = kind,
        .item = is_put ? operation->item : (struct slice){0},
        .wants_before = write->returns_old || write->detail != CONSUMED_CAPACITY_NONE,
    };
    operation->done_fn = answer;

    TRY(check_return_values(call));
    if (is_put)
        TRY(item_limits_check(call, operation->item, &write->new_item_size));
    TRY(table_name_read(call, ITEM_WRITE_TABLE_NAME, &operation->table_name));
    return row_operation_start(call, operation);
}
