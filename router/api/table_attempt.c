#include "router/api/table_attempt.h"

#include "core/expression/update_fault.h"
#include "router/api/catalog_access.h"
#include "router/api/table_refusal.h"

/* How soon a tablet that does not know its table yet is asked again. */
enum { TABLE_RETRY_US = 20000 };

const struct table *table_attempt_find(const struct api_call *call, struct slice name)
{
    const struct table *table = catalog_access_find(call, name);
    return table != NULL && table->status == TABLE_ACTIVE ? table : NULL;
}

static enum status refresh(struct api_call *call)
{
    struct table_attempt *attempt = call->state;
    attempt->is_refreshed = true;
    catalog_access_refresh(call, attempt->attempt_fn);
    return STATUS_OK;
}

enum status table_attempt_missing(struct api_call *call)
{
    const struct table_attempt *attempt = call->state;
    if (!attempt->is_refreshed)
        return refresh(call);
    return api_call_refuse(call, API_ERROR_RESOURCE_NOT_FOUND, "Requested resource not found");
}

/* Our view of the catalog may be old, also if the table is gone for good. */
enum status table_attempt_again(struct api_call *call)
{
    const struct table_attempt *attempt = call->state;
    if (!attempt->is_refreshed)
        return refresh(call);
    if (api_call_time_left_us(call) <= TABLE_RETRY_US)
        return table_refusal_internal(call);
    api_call_wait(call, TABLE_RETRY_US, refresh);
    return STATUS_OK;
}

enum status table_attempt_refuse(struct api_call *call, enum rpc_reason reason)
{
    if (reason == RPC_REASON_BUSY)
        return api_call_refuse(
            call, API_ERROR_THROTTLING,
            "Throughput exceeds the current capacity of your table or index. Please try again "
            "shortly.");
    return api_call_refuse(call, API_ERROR_UNAVAILABLE,
                           "The service is not available; try again shortly");
}

enum status table_attempt_fail(struct api_call *call, enum rpc_reason reason)
{
    if (reason == RPC_REASON_NO_TABLE)
        return table_attempt_again(call);
    if (reason == RPC_REASON_WORK)
        return api_call_refuse(call, API_ERROR_VALIDATION, update_fault_text(UPDATE_FAULT_WORK));
    if (reason == RPC_REASON_MALFORMED)
        return table_refusal_internal(call);
    return table_attempt_refuse(call, reason);
}
