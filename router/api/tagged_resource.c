#include "router/api/tagged_resource.h"

#include "router/api/request.h"
#include "router/api/table_name.h"

enum status tagged_resource_read(struct api_call *call, struct slice *out_table_name)
{
    struct slice arn = request_text(call, TAGGED_RESOURCE_ARN);
    if (!table_name_is_arn(arn))
        return api_call_refuse_format(
            call, API_ERROR_VALIDATION,
            "Invalid TableArn: Invalid ResourceArn provided as input %.*s", (int)arn.size,
            (const char *)arn.bytes);
    return table_name_read(call, TAGGED_RESOURCE_ARN, out_table_name);
}

/* AWS spells it so. */
enum status tagged_resource_refuse_missing(struct api_call *call)
{
    struct slice arn = request_text(call, TAGGED_RESOURCE_ARN);
    return api_call_refuse_format(call, API_ERROR_RESOURCE_NOT_FOUND,
                                  "Requested resource not found: ResourcArn: %.*s not found",
                                  (int)arn.size, (const char *)arn.bytes);
}

static enum status answer(struct api_call *call, const struct table *table)
{
    (void)table; /* There is nothing to tell. */
    api_call_answer(call, 200);
    return STATUS_OK;
}

enum status tagged_resource_change(struct api_call *call, struct table_change_call *change_call)
{
    change_call->done_fn = answer;
    change_call->missing_fn = tagged_resource_refuse_missing;
    return table_change_call_start(call, change_call);
}
