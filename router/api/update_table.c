#include "router/api/operation.h"
#include "router/api/request.h"
#include "router/api/shapes.h"
#include "router/api/table_change_call.h"
#include "router/api/table_description.h"
#include "router/api/table_name.h"
#include "router/api/table_settings.h"
#include "router/api/table_shapes.h"

enum {
    ATTRIBUTE_DEFINITIONS,
    TABLE_NAME,
    BILLING_MODE,
    PROVISIONED_THROUGHPUT,
    GLOBAL_SECONDARY_INDEX_UPDATES,
    STREAM_SPECIFICATION,
    SSE_SPECIFICATION,
    REPLICA_UPDATES,
    TABLE_CLASS,
    DELETION_PROTECTION_ENABLED,
    MULTI_REGION_CONSISTENCY,
    GLOBAL_TABLE_WITNESS_UPDATES,
    ON_DEMAND_THROUGHPUT,
    WARM_THROUGHPUT,
    GLOBAL_TABLE_SETTINGS,
    VECTOR_INDEX_UPDATES,
};

static enum status answer(struct api_call *call, const struct table *table)
{
    struct json_writer writer = json_writer_of(&call->body);
    json_writer_object_start(&writer);
    json_writer_name(&writer, slice_of_text("TableDescription"));
    table_description_write(&writer, call->backend, table);
    json_writer_object_end(&writer);
    api_call_answer(call, 200);
    return STATUS_OK;
}

/* Attribute definitions are for a new index; alone they ask for nothing. */
static enum status check_something(struct api_call *call, const struct table_change *change)
{
    bool has_any = change->billing != 0 || change->read_units != 0 || change->class != 0 ||
                   change->read_units_max != 0 || change->write_units_max != 0 ||
                   change->protection != TABLE_CHANGE_PROTECTION_NONE;
    if (has_any)
        return STATUS_OK;
    return api_call_refuse(
        call, API_ERROR_VALIDATION,
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
        "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, "
        "ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, "
        "OnDemandThroughput, WarmThroughput or TableClass is required");
}

static enum status read_throughput(struct api_call *call, struct table_change *change)
{
    const struct json_node *throughput = request_member(call, PROVISIONED_THROUGHPUT);
    const struct json_node *bounds = request_member(call, ON_DEMAND_THROUGHPUT);
    if (request_member(call, BILLING_MODE) != NULL)
        change->billing = request_is(call, BILLING_MODE, "PROVISIONED") ? TABLE_BILLING_PROVISIONED
                                                                        : TABLE_BILLING_ON_DEMAND;
    TRY(table_settings_check_billing(call, change->billing, throughput));
    if (throughput != NULL)
        TRY(table_settings_read_units(call, throughput, &change->read_units, &change->write_units));
    TRY(table_settings_read_bound(call, bounds, "MaxReadRequestUnits", true,
                                  &change->read_units_max));
    return table_settings_read_bound(call, bounds, "MaxWriteRequestUnits", true,
                                     &change->write_units_max);
}

static void read_rest(const struct api_call *call, struct table_change *change)
{
    if (request_member(call, TABLE_CLASS) != NULL)
        change->class = request_is(call, TABLE_CLASS, "STANDARD") ? TABLE_CLASS_STANDARD
                                                                  : TABLE_CLASS_INFREQUENT_ACCESS;
    if (request_member(call, DELETION_PROTECTION_ENABLED) != NULL)
        change->protection = request_flag(call, DELETION_PROTECTION_ENABLED, false)
                                 ? TABLE_CHANGE_PROTECTION_ON
                                 : TABLE_CHANGE_PROTECTION_OFF;
}

/* What is encrypted at rest is refused in DynamoDB's order: first that it is asked for alone. */
static enum status check_encryption(struct api_call *call)
{
    if (request_member(call, SSE_SPECIFICATION) == NULL)
        return STATUS_OK;
    for (size_t i = 0; i < call->operation->input->member_count; i++)
        if (i != SSE_SPECIFICATION && i != TABLE_NAME && request_member(call, i) != NULL)
            return api_call_refuse(call, API_ERROR_VALIDATION,
                                   "One or more parameter values were invalid: Server-Side "
                                   "Encryption modification must be the only operation in the "
                                   "request");
    return request_refuse_not_served(call, slice_of_text("SSESpecification"));
}

static enum status start(struct api_call *call)
{
    struct table_change_call *change_call = arena_alloc_zeroed(call->arena, sizeof *change_call);
    change_call->done_fn = answer;
    TRY(table_name_read(call, TABLE_NAME, &change_call->table_name));
    TRY(check_encryption(call));
    TRY(read_throughput(call, &change_call->change));
    read_rest(call, &change_call->change);
    TRY(check_something(call, &change_call->change));
    return table_change_call_start(call, change_call);
}

#define NOT_SERVED(name, shape) SHAPE_MEMBER(name, shape, .support = SHAPE_NOT_SERVED)

static const struct shape_member members[] = {
    [ATTRIBUTE_DEFINITIONS] = SHAPE_MEMBER("AttributeDefinitions", table_shape_definitions),
    [TABLE_NAME] = SHAPE_MEMBER("TableName", shape_table_name, .is_required = true),
    [BILLING_MODE] = SHAPE_MEMBER("BillingMode", table_shape_billing_mode),
    [PROVISIONED_THROUGHPUT] = SHAPE_MEMBER("ProvisionedThroughput", table_shape_throughput),
    [GLOBAL_SECONDARY_INDEX_UPDATES] = NOT_SERVED("GlobalSecondaryIndexUpdates", shape_list),
    [STREAM_SPECIFICATION] = NOT_SERVED("StreamSpecification", table_shape_stream),
    [SSE_SPECIFICATION] = SHAPE_MEMBER("SSESpecification", table_shape_sse),
    [REPLICA_UPDATES] = NOT_SERVED("ReplicaUpdates", shape_list),
    [TABLE_CLASS] = SHAPE_MEMBER("TableClass", table_shape_class),
    [DELETION_PROTECTION_ENABLED] = SHAPE_MEMBER("DeletionProtectionEnabled", shape_boolean),
    [MULTI_REGION_CONSISTENCY] = NOT_SERVED("MultiRegionConsistency", shape_text),
    [GLOBAL_TABLE_WITNESS_UPDATES] = NOT_SERVED("GlobalTableWitnessUpdates", shape_list),
    [ON_DEMAND_THROUGHPUT] = SHAPE_MEMBER("OnDemandThroughput", table_shape_on_demand_throughput),
    [WARM_THROUGHPUT] = NOT_SERVED("WarmThroughput", table_shape_warm_throughput),
    [GLOBAL_TABLE_SETTINGS] = NOT_SERVED("GlobalTableSettingsReplicationMode", shape_text),
    [VECTOR_INDEX_UPDATES] = NOT_SERVED("VectorIndexUpdates", shape_list),
};

static const struct shape input = {
    .type = JSON_TARGET_STRUCTURE, .members = members, .member_count = SHAPE_COUNT(members)};

const struct operation update_table_operation = {
    .name = SHAPE_TEXT("UpdateTable"),
    .input = &input,
    .start_fn = start,
};
