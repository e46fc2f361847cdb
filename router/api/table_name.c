#include "router/api/table_name.h"

#include "core/base/limits.h"
#include "router/api/request.h"

enum { ARN_PART_COUNT = 6 };

/* arn:partition:service:region:account:resource; the resource may have colons of its own. */
static bool split_arn(struct slice arn, struct slice out_parts[ARN_PART_COUNT])
{
    for (size_t i = 0; i < ARN_PART_COUNT - 1; i++) {
        const uint8_t *colon = arn.size > 0 ? memchr(arn.bytes, ':', arn.size) : NULL;
        if (colon == NULL)
            return false;
        size_t size = (size_t)(colon - arn.bytes);
        out_parts[i] = slice_of(arn.bytes, size);
        arn = slice_skip(arn, size + 1);
    }
    out_parts[ARN_PART_COUNT - 1] = arn;
    return true;
}

static bool is_name(struct slice text)
{
    return text.size >= 3 && text.size <= LIMIT_TABLE_NAME_SIZE &&
           shape_is_in_pattern(SHAPE_PATTERN_NAME, text);
}

static enum status read_arn(struct api_call *call, struct slice arn, struct slice *out_name)
{
    struct slice parts[ARN_PART_COUNT];
    struct slice table = slice_of_text("table/");
    bool is_arn = split_arn(arn, parts) && slice_is_text(parts[2], "dynamodb") &&
                  slice_has_prefix(parts[5], table) && is_name(slice_skip(parts[5], table.size));
    if (!is_arn)
        return api_call_refuse(
            call, API_ERROR_VALIDATION,
            "Invalid table/index name.  Table/index names must be between 3 and 255 characters "
            "long, and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'");
    if (!slice_is_equal(parts[3], call->backend->region))
        return api_call_refuse(call, API_ERROR_VALIDATION,
                               "The ARN names a table of a region that this request was not sent "
                               "to");
    if (!slice_is_equal(parts[4], call->backend->account_id))
        return api_call_refuse(call, API_ERROR_ACCESS_DENIED,
                               "The ARN names a table of another account");
    *out_name = slice_skip(parts[5], table.size);
    return STATUS_OK;
}

bool table_name_is_arn(struct slice text)
{
    return slice_has_prefix(text, slice_of_text("arn:"));
}

enum status table_name_of(struct api_call *call, struct slice text, struct slice *out_name)
{
    if (table_name_is_arn(text))
        return read_arn(call, text, out_name);
    *out_name = text;
    return STATUS_OK;
}

enum status table_name_read(struct api_call *call, size_t member, struct slice *out_name)
{
    return table_name_of(call, request_text(call, member), out_name);
}

void table_name_append_arn(const struct backend *backend, struct slice name, struct buffer *buffer)
{
    buffer_append_text(buffer, "arn:aws:dynamodb:");
    buffer_append(buffer, backend->region);
    buffer_append_u8(buffer, ':');
    buffer_append(buffer, backend->account_id);
    buffer_append_text(buffer, ":table/");
    buffer_append(buffer, name);
}
