#include "router/api/create_table.h"
#include "router/api/shapes.h"

static const struct shape shape_key_type = SHAPE_ENUM("HASH", "RANGE");
static const struct shape shape_attribute_type = SHAPE_ENUM("B", "N", "S");
static const struct shape shape_billing_mode = SHAPE_ENUM("PROVISIONED", "PAY_PER_REQUEST");
static const struct shape shape_table_class = SHAPE_ENUM("STANDARD", "STANDARD_INFREQUENT_ACCESS");
static const struct shape shape_stream_view_type =
    SHAPE_ENUM("NEW_AND_OLD_IMAGES", "OLD_IMAGE", "NEW_IMAGE", "KEYS_ONLY");
static const struct shape shape_sse_type = SHAPE_ENUM("AES256", "KMS");
static const struct shape shape_units = {.type = JSON_TARGET_LONG, .has_min = true, .min = 1};

static const struct shape_member key_element_members[] = {
    SHAPE_MEMBER("AttributeName", shape_key_name, .is_required = true),
    SHAPE_MEMBER("KeyType", shape_key_type, .is_required = true),
};

static const struct shape shape_key_element = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "KeySchemaElement",
    .members = key_element_members,
    .member_count = SHAPE_COUNT(key_element_members),
};

static const struct shape shape_key_schema = {
    .type = JSON_TARGET_LIST,
    .has_min = true,
    .has_max = true,
    .min = 1,
    .max = 2,
    .element = &shape_key_element,
};

static const struct shape_member definition_members[] = {
    SHAPE_MEMBER("AttributeName", shape_key_name, .is_required = true),
    SHAPE_MEMBER("AttributeType", shape_attribute_type, .is_required = true),
};

static const struct shape shape_definition = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "AttributeDefinition",
    .members = definition_members,
    .member_count = SHAPE_COUNT(definition_members),
};

static const struct shape shape_definitions = {
    .type = JSON_TARGET_LIST,
    .element = &shape_definition,
};

static const struct shape_member throughput_members[] = {
    SHAPE_MEMBER("ReadCapacityUnits", shape_units, .is_required = true),
    SHAPE_MEMBER("WriteCapacityUnits", shape_units, .is_required = true),
};

static const struct shape shape_throughput = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "ProvisionedThroughput",
    .members = throughput_members,
    .member_count = SHAPE_COUNT(throughput_members),
};

static const struct shape_member stream_members[] = {
    SHAPE_MEMBER("StreamEnabled", shape_boolean, .is_required = true),
    SHAPE_MEMBER("StreamViewType", shape_stream_view_type),
};

static const struct shape shape_stream = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "StreamSpecification",
    .members = stream_members,
    .member_count = SHAPE_COUNT(stream_members),
};

static const struct shape_member sse_members[] = {
    SHAPE_MEMBER("Enabled", shape_boolean),
    SHAPE_MEMBER("SSEType", shape_sse_type),
    SHAPE_MEMBER("KMSMasterKeyId", shape_text),
};

static const struct shape shape_sse = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "SSESpecification",
    .members = sse_members,
    .member_count = SHAPE_COUNT(sse_members),
};

static const struct shape_member members[] = {
    [CREATE_ATTRIBUTE_DEFINITIONS] =
        SHAPE_MEMBER("AttributeDefinitions", shape_definitions, .is_required = true),
    [CREATE_TABLE_NAME] = SHAPE_MEMBER("TableName", shape_table_name, .is_required = true),
    [CREATE_KEY_SCHEMA] = SHAPE_MEMBER("KeySchema", shape_key_schema, .is_required = true),
    [CREATE_LOCAL_SECONDARY_INDEXES] = SHAPE_MEMBER("LocalSecondaryIndexes", shape_list),
    [CREATE_GLOBAL_SECONDARY_INDEXES] = SHAPE_MEMBER("GlobalSecondaryIndexes", shape_list),
    [CREATE_BILLING_MODE] = SHAPE_MEMBER("BillingMode", shape_billing_mode),
    [CREATE_PROVISIONED_THROUGHPUT] = SHAPE_MEMBER("ProvisionedThroughput", shape_throughput),
    [CREATE_STREAM_SPECIFICATION] = SHAPE_MEMBER("StreamSpecification", shape_stream),
    [CREATE_SSE_SPECIFICATION] = SHAPE_MEMBER("SSESpecification", shape_sse),
    [CREATE_TAGS] = SHAPE_MEMBER("Tags", shape_list),
    [CREATE_TABLE_CLASS] = SHAPE_MEMBER("TableClass", shape_table_class),
    [CREATE_DELETION_PROTECTION_ENABLED] = SHAPE_MEMBER("DeletionProtectionEnabled", shape_boolean),
    [CREATE_WARM_THROUGHPUT] =
        SHAPE_MEMBER("WarmThroughput", shape_structure, .support = SHAPE_NOT_SERVED),
    [CREATE_RESOURCE_POLICY] =
        SHAPE_MEMBER("ResourcePolicy", shape_text, .support = SHAPE_NOT_SERVED),
    [CREATE_ON_DEMAND_THROUGHPUT] =
        SHAPE_MEMBER("OnDemandThroughput", shape_structure, .support = SHAPE_NOT_SERVED),
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
