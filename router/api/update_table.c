#include "router/api/catalog_access.h"
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

static bool is_key(const struct table *table, struct slice name)
{
    return slice_is_equal(table->partition_key.name, name) ||
           (table->has_sort_key && slice_is_equal(table->sort_key.name, name));
}

static enum status refuse_unused(struct api_call *call, const struct table *table)
{
    SCOPED(buffer) text;
    buffer_init(&text);
    buffer_append_text(&text,
                       "One or more parameter values were invalid: Some AttributeDefinitions "
                       "are not used. AttributeDefinitions: [");
    const struct json_node *definitions = request_member(call, ATTRIBUTE_DEFINITIONS);
    for (const struct json_node *one = definitions->first; one != NULL; one = one->next) {
        buffer_append_text(&text, one == definitions->first ? "" : ", ");
        buffer_append(&text, json_node_find(one, "AttributeName")->text);
    }
    buffer_append_text(&text, "], keys used: [");
    buffer_append(&text, table->partition_key.name);
    if (table->has_sort_key) {
        buffer_append_text(&text, ", ");
        buffer_append(&text, table->sort_key.name);
    }
    buffer_append_u8(&text, ']');
    call->error = (struct api_error){
        .kind = API_ERROR_VALIDATION,
        .message = arena_copy(call->arena, buffer_slice(&text)),
    };
    return STATUS_INVALID;
}

/* A table's keys never change, so that an old view of it will do; of what type they are is passed
 * over, as DynamoDB does. */
static enum status check_definitions(struct api_call *call, struct slice table_name)
{
    const struct json_node *definitions = request_member(call, ATTRIBUTE_DEFINITIONS);
    const struct table *table = catalog_access_find(call, table_name);
    if (definitions == NULL || table == NULL)
        return STATUS_OK;
    for (const struct json_node *one = definitions->first; one != NULL; one = one->next)
        if (!is_key(table, json_node_find(one, "AttributeName")->text))
            return refuse_unused(call, table);
    return STATUS_OK;
}

/* Encryption is not served yet, but that it is asked for alone is looked at first. */
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
    return STATUS_OK;
}

static enum status start(struct api_call *call)
{
    struct table_change_call *change_call = arena_alloc_zeroed(call->arena, sizeof *change_call);
    change_call->done_fn = answer;
    TRY(table_name_read(call, TABLE_NAME, &change_call->table_name));
    TRY(read_throughput(call, &change_call->change));
    read_rest(call, &change_call->change);
    TRY(check_something(call, &change_call->change));
    TRY(check_definitions(call, change_call->table_name));
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
    [SSE_SPECIFICATION] = NOT_SERVED("SSESpecification", table_shape_sse),
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
    .check_fn = check_encryption,
    .start_fn = start,
};
