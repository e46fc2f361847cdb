#include "router/api/create_table.h"
#include "router/api/shapes.h"
#include "router/api/table_shapes.h"

static const struct shape_member members[] = {
    [CREATE_ATTRIBUTE_DEFINITIONS] =
        SHAPE_MEMBER("AttributeDefinitions", table_shape_definitions, .is_required = true),
    [CREATE_TABLE_NAME] = SHAPE_MEMBER("TableName", shape_table_name, .is_required = true),
    [CREATE_KEY_SCHEMA] = SHAPE_MEMBER("KeySchema", table_shape_key_schema, .is_required = true),
    [CREATE_LOCAL_SECONDARY_INDEXES] =
        SHAPE_MEMBER("LocalSecondaryIndexes", table_shape_local_indexes),
    [CREATE_GLOBAL_SECONDARY_INDEXES] =
        SHAPE_MEMBER("GlobalSecondaryIndexes", table_shape_global_indexes),
    [CREATE_BILLING_MODE] = SHAPE_MEMBER("BillingMode", table_shape_billing_mode),
    [CREATE_PROVISIONED_THROUGHPUT] = SHAPE_MEMBER("ProvisionedThroughput", table_shape_throughput),
    [CREATE_STREAM_SPECIFICATION] = SHAPE_MEMBER("StreamSpecification", table_shape_stream),
    [CREATE_SSE_SPECIFICATION] = SHAPE_MEMBER("SSESpecification", table_shape_sse),
    [CREATE_TAGS] = SHAPE_MEMBER("Tags", table_shape_tags),
    [CREATE_TABLE_CLASS] = SHAPE_MEMBER("TableClass", table_shape_class),
    [CREATE_DELETION_PROTECTION_ENABLED] = SHAPE_MEMBER("DeletionProtectionEnabled", shape_boolean),
    [CREATE_WARM_THROUGHPUT] =
        SHAPE_MEMBER("WarmThroughput", table_shape_warm_throughput, .support = SHAPE_NOT_SERVED),
    [CREATE_RESOURCE_POLICY] =
        SHAPE_MEMBER("ResourcePolicy", shape_text, .support = SHAPE_NOT_SERVED),
    [CREATE_ON_DEMAND_THROUGHPUT] =
        SHAPE_MEMBER("OnDemandThroughput", table_shape_on_demand_throughput),
    [CREATE_GLOBAL_TABLE_SOURCE_ARN] =
        SHAPE_MEMBER("GlobalTableSourceArn", shape_text, .support = SHAPE_NOT_SERVED),
    [CREATE_GLOBAL_TABLE_SETTINGS] =
        SHAPE_MEMBER("GlobalTableSettingsReplicationMode", shape_text, .support = SHAPE_NOT_SERVED),
    [CREATE_VECTOR_INDEXES] =
        SHAPE_MEMBER("VectorIndexes", shape_list, .support = SHAPE_NOT_SERVED),
};

const struct shape create_table_shape = {
    .type = JSON_TARGET_STRUCTURE,
    .members = members,
    .member_count = SHAPE_COUNT(members),
};
