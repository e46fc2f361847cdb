#include "core/catalog/table_tags.h"
#include "router/api/operation.h"
#include "router/api/request.h"
#include "router/api/shapes.h"
#include "router/api/table_record.h"
#include "router/api/table_shapes.h"
#include "router/api/tagged_resource.h"

/*
 * Tags come in the order of their keys, all that a table may have in one answer: Terraform's
 * provider asks for no second page. So no token is ever given, and none is valid.
 */

enum { NEXT_TOKEN = TAGGED_RESOURCE_ARN + 1 };

static void write_tag(struct json_writer *writer, struct table_tag tag)
{
    json_writer_object_start(writer);
    json_writer_name(writer, slice_of_text("Key"));
    json_writer_string(writer, tag.key);
    json_writer_name(writer, slice_of_text("Value"));
    json_writer_string(writer, tag.value);
    json_writer_object_end(writer);
}

static void write_tags(const struct api_call *call, const struct table *table,
                       struct json_writer *writer)
{
    (void)call;
    struct slice tags = table->tags;
    struct table_tag tag;
    json_writer_name(writer, slice_of_text("Tags"));
    json_writer_array_start(writer);
    while (table_tags_next(&tags, &tag))
        write_tag(writer, tag);
    json_writer_array_end(writer);
}

static enum status refuse_missing(struct api_call *call, struct slice name)
{
    (void)name; /* The resource is told as the client named it. */
    return tagged_resource_refuse_missing(call);
}

static enum status start(struct api_call *call)
{
    static const struct table_record_answer answer = {
        .missing_fn = refuse_missing,
        .write_fn = write_tags,
    };
    struct slice name;
    TRY(tagged_resource_read(call, &name));
    if (request_member(call, NEXT_TOKEN) != NULL)
        return api_call_refuse(call, API_ERROR_VALIDATION, "Invalid NextToken");
    return table_record_tell(call, name, &answer);
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
