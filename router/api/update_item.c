#include "router/api/item_write.h"
#include "router/api/operation.h"
#include "router/api/shapes.h"

static enum status start(struct api_call *call)
{
    return item_write_start(call, WRITE_UPDATE);
}

static const struct shape_member members[] = {
    ITEM_WRITE_MEMBERS,
    [ITEM_WRITE_ITEM] = SHAPE_MEMBER("Key", shape_item, .is_required = true),
    [ITEM_WRITE_ATTRIBUTE_UPDATES] = SHAPE_MEMBER("AttributeUpdates", shape_attribute_updates),
    [ITEM_WRITE_UPDATE_EXPRESSION] = SHAPE_MEMBER("UpdateExpression", shape_text),
};

static const struct shape input = {
    .type = JSON_TARGET_STRUCTURE, .members = members, .member_count = SHAPE_COUNT(members)};

static const struct json_field fields[] = {
    {JSON_ITEM, {"Key"}}, ITEM_WRITE_FIELDS, LEGACY_UPDATES_FIELD};

const struct operation update_item_operation = {
    .name = SHAPE_TEXT("UpdateItem"),
    .input = &input,
    .fields = fields,
    .field_count = SHAPE_COUNT(fields),
    .start_fn = start,
};
