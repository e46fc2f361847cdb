#include "router/api/operation.h"
#include "router/api/request.h"
#include "router/api/table_change_call.h"
#include "router/api/table_settings.h"
#include "router/api/table_shapes.h"
#include "router/api/tagged_resource.h"

enum { TAGS = TAGGED_RESOURCE_ARN + 1 };

static enum status start(struct api_call *call)
{
    struct table_change_call *change_call = arena_alloc_zeroed(call->arena, sizeof *change_call);
    TRY(tagged_resource_read(call, &change_call->table_name));
    TRY(table_settings_read_tags(call, request_member(call, TAGS), &change_call->change.tags));
    return tagged_resource_change(call, change_call);
}

static const struct shape_member members[] = {
    [TAGGED_RESOURCE_ARN] =
        SHAPE_MEMBER("ResourceArn", table_shape_resource_arn, .is_required = true),
    [TAGS] = SHAPE_MEMBER("Tags", table_shape_tags, .is_required = true),
};

static const struct shape input = {
    .type = JSON_TARGET_STRUCTURE, .members = members, .member_count = SHAPE_COUNT(members)};

const struct operation tag_resource_operation = {
    .name = SHAPE_TEXT("TagResource"),
    .input = &input,
    .start_fn = start,
};
