#include "router/api/table_change_call.h"

#include "proto/frame.h"
#include "router/api/catalog_access.h"
#include "router/api/table_refusal.h"
#include "router/api/table_settings.h"

#include "proto/schema/catalog.pb-c.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum { TIME_TEXT_SIZE = 64 };

static enum status refuse_unchanged_units(struct api_call *call, const struct table_change *change,
                                          const struct table *table)
{
    return api_call_refuse_format(
        call, API_ERROR_VALIDATION,
        "The provisioned throughput for the table will not change. The requested value equals the "
        "current value. Current ReadCapacityUnits provisioned for the table: %" PRIu64
        ". Requested ReadCapacityUnits: %" PRIu64
        ". Current WriteCapacityUnits provisioned for the table: %" PRIu64
        ". Requested WriteCapacityUnits: %" PRIu64
        ". Refer to the Amazon DynamoDB Developer Guide for current limits and how to request "
        "higher limits.",
        table->read_units, change->read_units, table->write_units, change->write_units);
}

/* Wednesday, August 1, 2018 3:34:53 AM UTC */
static void format_time(uint64_t time_ms, char text[TIME_TEXT_SIZE])
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm time;
    gmtime_r(&seconds, &time);
    size_t size = strftime(text, TIME_TEXT_SIZE, "%A, %B ", &time);
    size += (size_t)snprintf(text + size, TIME_TEXT_SIZE - size, "%d, ", time.tm_mday);
    size += strftime(text + size, TIME_TEXT_SIZE - size, "%Y ", &time);
    int hour = time.tm_hour % 12 == 0 ? 12 : time.tm_hour % 12;
    size += (size_t)snprintf(text + size, TIME_TEXT_SIZE - size, "%d", hour);
    strftime(text + size, TIME_TEXT_SIZE - size, ":%M:%S %p UTC", &time);
}

static enum status refuse_lowering(struct api_call *call, const struct table *table)
{
    char last[TIME_TEXT_SIZE], next[TIME_TEXT_SIZE];
    format_time(table->units_lowered_ms, last);
    format_time(table_change_next_lowering_ms(table), next);
    return api_call_refuse_format(
        call, API_ERROR_LIMIT_EXCEEDED,
        "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given "
        "UTC day. After the first 4 decreases, each subsequent decrease in the same UTC day can be "
        "performed at most once every 3600 seconds. Number of decreases today: %" PRIu64
        ". Last decrease at %s. Next decrease can be made at %s",
        table->lowered_count, last, next);
}

static enum status refuse_misplaced(struct api_call *call, const struct table_change *change,
                                    enum catalog_result result)
{
    if (result == CATALOG_BOUNDS_MISPLACED)
        return api_call_refuse_format(
            call, API_ERROR_VALIDATION,
            TABLE_REFUSAL_INVALID "%s for OnDemandThroughput cannot be specified when the table "
                                  "BillingMode is PROVISIONED",
            change->read_units_max != 0 ? "MaxReadRequestUnits" : "MaxWriteRequestUnits");
    return api_call_refuse(call, API_ERROR_VALIDATION,
                           TABLE_REFUSAL_INVALID
                           "Neither ReadCapacityUnits nor WriteCapacityUnits can be "
                           "specified when BillingMode is PAY_PER_REQUEST");
}

static enum status refuse_expiry(struct api_call *call, const struct table_change *change,
                                 const struct table *table, enum catalog_result result)
{
    if (result == CATALOG_EXPIRY_ELSEWHERE)
        return api_call_refuse_format(
            call, API_ERROR_VALIDATION,
            "TimeToLive is active on a different AttributeName: current AttributeName is %.*s",
            (int)table->expiry.size, (const char *)table->expiry.bytes);
    bool is_enabled = change->expiry == TABLE_CHANGE_EXPIRY_ENABLE;
    return api_call_refuse(call, API_ERROR_VALIDATION,
                           is_enabled ? "TimeToLive is already enabled"
                                      : "TimeToLive is already disabled");
}

static enum status refuse_missing(struct api_call *call)
{
    const struct table_change_call *change_call = call->state;
    if (change_call->missing_fn != NULL)
        return change_call->missing_fn(call);
    return table_refusal_not_found(call, change_call->table_name);
}

/* What speaks of the table as it is needs to be told of it. */
static enum status refuse_state(struct api_call *call, enum catalog_result result,
                                const struct table *table)
{
    const struct table_change *change = &((const struct table_change_call *)call->state)->change;
    if (table == NULL)
        return table_refusal_internal(call);
    if (result == CATALOG_UNITS_UNCHANGED)
        return refuse_unchanged_units(call, change, table);
    if (result == CATALOG_LOWERING_LIMIT)
        return refuse_lowering(call, table);
    return refuse_expiry(call, change, table, result);
}

static enum status changed(struct api_call *call, enum catalog_result result,
                           const struct table *table)
{
    const struct table_change_call *change_call = call->state;
    switch (result) {
    case CATALOG_DONE:
        return table != NULL ? change_call->done_fn(call, table) : table_refusal_internal(call);
    case CATALOG_TABLE_NOT_FOUND:
        return refuse_missing(call);
    case CATALOG_TABLE_BUSY:
        return table_refusal_busy(call, change_call->table_name, table);
    case CATALOG_UNITS_MISPLACED:
    case CATALOG_BOUNDS_MISPLACED:
        return refuse_misplaced(call, &change_call->change, result);
    case CATALOG_TAG_LIMIT:
        return table_settings_refuse_tags(call);
    case CATALOG_UNITS_UNCHANGED:
    case CATALOG_LOWERING_LIMIT:
    case CATALOG_EXPIRY_UNCHANGED:
    case CATALOG_EXPIRY_ELSEWHERE:
        return refuse_state(call, result, table);
    case CATALOG_TABLE_EXISTS:
    case CATALOG_TABLE_LIMIT:
    case CATALOG_NOT_SERVING:
    case CATALOG_TABLE_PROTECTED:
        break;
    }
    return table_refusal_internal(call);
}

enum status table_change_call_start(struct api_call *call, struct table_change_call *change_call)
{
    Graticule__Wire__ChangeTableRequest message = GRATICULE__WIRE__CHANGE_TABLE_REQUEST__INIT;
    SCOPED(buffer) record;
    SCOPED(buffer) body;
    buffer_init(&record);
    buffer_init(&body);
    call->state = change_call;
    table_change_encode(&change_call->change, &record);
    message.name = arena_copy_text(call->arena, change_call->table_name);
    message.change = frame_data(buffer_slice(&record));
    frame_pack(&message.base, &body);
    catalog_access_change(call, RPC_CATALOG_CHANGE_TABLE, buffer_slice(&body), changed);
    return STATUS_OK;
}
