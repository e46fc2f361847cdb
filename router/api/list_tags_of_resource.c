#include "core/catalog/table_tags.h"
#include "core/json/json_base64.h"
#include "core/json/json_writer.h"
#include "router/api/catalog_access.h"
#include "router/api/operation.h"
#include "router/api/request.h"
#include "router/api/shapes.h"
#include "router/api/table_shapes.h"
#include "router/api/tagged_resource.h"

/*
 * Tags come in the order of their keys, a page at a time. The token is the last key that was told,
 * so that tags may come and go between pages.
 */

enum { NEXT_TOKEN = TAGGED_RESOURCE_ARN + 1 };
enum { PAGE_TAGS_MAX = 10 };

static void write_tag(struct json_writer *writer, struct table_tag tag)
{
    json_writer_object_start(writer);
    json_writer_name(writer, slice_of_text("Key"));
    json_writer_string(writer, tag.key);
    json_writer_name(writer, slice_of_text("Value"));
    json_writer_string(writer, tag.value);
    json_writer_object_end(writer);
}

static void write_token(struct json_writer *writer, struct slice last_key)
{
    SCOPED(buffer) token;
    buffer_init(&token);
    json_base64_append(&token, last_key);
    json_writer_name(writer, slice_of_text("NextToken"));
    json_writer_string(writer, buffer_slice(&token));
}

static void write_page(struct json_writer *writer, struct slice tags, struct slice after)
{
    struct table_tag tag;
    struct slice last = {0};
    size_t count = 0;
    bool is_cut = false;
    json_writer_name(writer, slice_of_text("Tags"));
    json_writer_array_start(writer);
    while (!is_cut && table_tags_next(&tags, &tag)) {
        if (after.size > 0 && slice_compare(tag.key, after) <= 0)
            continue;
        is_cut = count == PAGE_TAGS_MAX;
        if (is_cut)
            break;
        write_tag(writer, tag);
        last = tag.key;
        count++;
    }
    json_writer_array_end(writer);
    if (is_cut)
        write_token(writer, last);
}

static enum status read_token(struct api_call *call, struct buffer *after)
{
    struct slice token = request_text(call, NEXT_TOKEN);
    if (request_member(call, NEXT_TOKEN) == NULL)
        return STATUS_OK;
    if (json_base64_decode(token, after) == STATUS_OK && after->size > 0)
        return STATUS_OK;
    return api_call_refuse(call, API_ERROR_VALIDATION, "Invalid NextToken");
}

static enum status list(struct api_call *call)
{
    struct slice name;
    SCOPED(buffer) after;
    buffer_init(&after);
    TRY(tagged_resource_read(call, &name));
    TRY(read_token(call, &after));
    const struct table *table = catalog_access_find(call, name);
    if (table == NULL)
        return tagged_resource_refuse_missing(call);
    struct json_writer writer = json_writer_of(&call->body);
    json_writer_object_start(&writer);
    write_page(&writer, table->tags, buffer_slice(&after));
    json_writer_object_end(&writer);
    api_call_answer(call, 200);
    return STATUS_OK;
}

static enum status start(struct api_call *call)
{
    struct slice name;
    TRY(tagged_resource_read(call, &name));
    catalog_access_refresh(call, list);
    return STATUS_OK;
}

static const struct shape_member members[] = {
    [TAGGED_RESOURCE_ARN] =
        SHAPE_MEMBER("ResourceArn", table_shape_resource_arn, .is_required = true),
    [NEXT_TOKEN] = SHAPE_MEMBER("NextToken", shape_text),
};

static const struct shape input = {
    .type = JSON_TARGET_STRUCTURE, .members = members, .member_count = SHAPE_COUNT(members)};

const struct operation list_tags_of_resource_operation = {
    .name = SHAPE_TEXT("ListTagsOfResource"),
    .input = &input,
    .start_fn = start,
};
