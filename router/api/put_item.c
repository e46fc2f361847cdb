#include "router/api/item_write.h"
#include "router/api/operation.h"
#include "router/api/shapes.h"

static enum status start(struct api_call *call)
{
    return item_write_start(call, WRITE_PUT);
}

static const struct shape_member members[] = {
    ITEM_WRITE_MEMBERS,
    [ITEM_WRITE_ITEM] = SHAPE_MEMBER("Item", shape_item, .is_required = true),
};

static const struct shape input = {
    .type = JSON_TARGET_STRUCTURE, .members = members, .member_count = SHAPE_COUNT(members)};

static const struct json_field fields[] = {{JSON_ITEM, {"Item"}}, ITEM_WRITE_FIELDS};

const struct operation put_item_operation = {
    .name = SHAPE_TEXT("PutItem"),
    .input = &input,
    .fields = fields,
    .field_count = SHAPE_COUNT(fields),
    .start_fn = start,
};
