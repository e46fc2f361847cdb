#include "router/api/table_refusal.h"

enum status table_refusal_not_found(struct api_call *call, struct slice name)
{
    return api_call_refuse_format(call, API_ERROR_RESOURCE_NOT_FOUND,
                                  "Requested resource not found: Table: %.*s not found",
                                  (int)name.size, (const char *)name.bytes);
}

enum status table_refusal_busy(struct api_call *call, struct slice name, const struct table *table)
{
    bool is_created = table != NULL && table->status == TABLE_CREATING;
    return api_call_refuse_format(
        call, API_ERROR_RESOURCE_IN_USE,
        "Attempt to change a resource which is still in use: Table is being %s: %.*s",
        is_created ? "created" : "deleted", (int)name.size, (const char *)name.bytes);
}

enum status table_refusal_internal(struct api_call *call)
{
    return api_call_refuse(call, API_ERROR_INTERNAL, "Internal server error");
}
