#include "core/catalog/table_tags.h"
#include "router/api/operation.h"
#include "router/api/request.h"
#include "router/api/table_change_call.h"
#include "router/api/table_refusal.h"
#include "router/api/table_shapes.h"
#include "router/api/tagged_resource.h"

enum { TAG_KEYS = TAGGED_RESOURCE_ARN + 1 };

/* As core/catalog/table_tags.h has a list of keys. */
static enum status read_keys(struct api_call *call, struct slice *out_keys)
{
    const struct json_node *list = request_member(call, TAG_KEYS);
    SCOPED(buffer) keys;
    buffer_init(&keys);
    if (list->count > TABLE_TAGS_MAX)
        return api_call_refuse_format(
            call, API_ERROR_VALIDATION,
            TABLE_REFUSAL_INVALID "At most %d tag keys can be removed at once", TABLE_TAGS_MAX);
    for (const struct json_node *key = list->first; key != NULL; key = key->next)
        if (key->kind != JSON_NULL)
            buffer_append_sized(&keys, key->text);
    *out_keys = arena_copy(call->arena, buffer_slice(&keys));
    return STATUS_OK;
}

static enum status start(struct api_call *call)
{
    struct table_change_call *change_call = arena_alloc_zeroed(call->arena, sizeof *change_call);
    TRY(tagged_resource_read(call, &change_call->table_name));
    TRY(read_keys(call, &change_call->change.tag_keys_removed));
    return tagged_resource_change(call, change_call);
}

static const struct shape shape_keys = {.type = JSON_TARGET_LIST, .element = &table_shape_tag_key};

static const struct shape_member members[] = {
    [TAGGED_RESOURCE_ARN] =
        SHAPE_MEMBER("ResourceArn", table_shape_resource_arn, .is_required = true),
    [TAG_KEYS] = SHAPE_MEMBER("TagKeys", shape_keys, .is_required = true),
};

static const struct shape input = {
    .type = JSON_TARGET_STRUCTURE, .members = members, .member_count = SHAPE_COUNT(members)};

const struct operation untag_resource_operation = {
    .name = SHAPE_TEXT("UntagResource"),
    .input = &input,
    .start_fn = start,
};
