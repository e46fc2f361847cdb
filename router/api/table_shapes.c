#include "router/api/table_shapes.h"

#include "router/api/shapes.h"

/* In characters. */
enum { TAG_KEY_SIZE_MAX = 128, TAG_VALUE_SIZE_MAX = 256, RESOURCE_ARN_SIZE_MAX = 1283 };

enum { NON_KEY_ATTRIBUTES_MAX = 20 };

static const struct shape shape_key_type = SHAPE_ENUM("HASH", "RANGE");
static const struct shape shape_attribute_type = SHAPE_ENUM("B", "N", "S");
const struct shape table_shape_billing_mode = SHAPE_ENUM("PROVISIONED", "PAY_PER_REQUEST");
const struct shape table_shape_class = SHAPE_ENUM("STANDARD", "STANDARD_INFREQUENT_ACCESS");
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

const struct shape table_shape_key_schema = {
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

const struct shape table_shape_definitions = {
    .type = JSON_TARGET_LIST,
    .element = &shape_definition,
};

static const struct shape_member throughput_members[] = {
    SHAPE_MEMBER("ReadCapacityUnits", shape_units, .is_required = true),
    SHAPE_MEMBER("WriteCapacityUnits", shape_units, .is_required = true),
};

const struct shape table_shape_throughput = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "ProvisionedThroughput",
    .members = throughput_members,
    .member_count = SHAPE_COUNT(throughput_members),
};

static const struct shape_member on_demand_members[] = {
    SHAPE_MEMBER("MaxReadRequestUnits", shape_long),
    SHAPE_MEMBER("MaxWriteRequestUnits", shape_long),
};

const struct shape table_shape_on_demand_throughput = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "OnDemandThroughput",
    .members = on_demand_members,
    .member_count = SHAPE_COUNT(on_demand_members),
};

static const struct shape_member warm_members[] = {
    SHAPE_MEMBER("ReadUnitsPerSecond", shape_long),
    SHAPE_MEMBER("WriteUnitsPerSecond", shape_long),
};

const struct shape table_shape_warm_throughput = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "WarmThroughput",
    .members = warm_members,
    .member_count = SHAPE_COUNT(warm_members),
};

/* --- Indexes --------------------------------------------------------------------------------- */

static const struct shape shape_projection_type = SHAPE_ENUM("ALL", "INCLUDE", "KEYS_ONLY");

static const struct shape shape_non_key_attributes = {
    .type = JSON_TARGET_LIST,
    .has_min = true,
    .has_max = true,
    .min = 1,
    .max = NON_KEY_ATTRIBUTES_MAX,
    .element = &shape_key_name,
};

static const struct shape_member projection_members[] = {
    SHAPE_MEMBER("ProjectionType", shape_projection_type),
    SHAPE_MEMBER("NonKeyAttributes", shape_non_key_attributes),
};

static const struct shape shape_projection = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "Projection",
    .members = projection_members,
    .member_count = SHAPE_COUNT(projection_members),
};

#define INDEX_MEMBERS(key_schema)                                                                  \
    SHAPE_MEMBER("IndexName", shape_plain_name, .is_required = true),                              \
        SHAPE_MEMBER("KeySchema", key_schema, .is_required = true),                                \
        SHAPE_MEMBER("Projection", shape_projection, .is_required = true)

static const struct shape_member local_index_members[] = {INDEX_MEMBERS(table_shape_key_schema)};

static const struct shape shape_local_index = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "LocalSecondaryIndex",
    .members = local_index_members,
    .member_count = SHAPE_COUNT(local_index_members),
};

const struct shape table_shape_local_indexes = {
    .type = JSON_TARGET_LIST,
    .element = &shape_local_index,
};

/* Keys of global indexes may have several attributes each. */
static const struct shape shape_global_key_schema = {
    .type = JSON_TARGET_LIST,
    .has_min = true,
    .min = 1,
    .element = &shape_key_element,
};

static const struct shape_member global_index_members[] = {
    INDEX_MEMBERS(shape_global_key_schema),
    SHAPE_MEMBER("ProvisionedThroughput", table_shape_throughput),
    SHAPE_MEMBER("OnDemandThroughput", table_shape_on_demand_throughput),
    SHAPE_MEMBER("WarmThroughput", table_shape_warm_throughput),
};

static const struct shape shape_global_index = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "GlobalSecondaryIndex",
    .members = global_index_members,
    .member_count = SHAPE_COUNT(global_index_members),
};

const struct shape table_shape_global_indexes = {
    .type = JSON_TARGET_LIST,
    .element = &shape_global_index,
};

/* --- The rest -------------------------------------------------------------------------------- */

static const struct shape_member stream_members[] = {
    SHAPE_MEMBER("StreamEnabled", shape_boolean, .is_required = true),
    SHAPE_MEMBER("StreamViewType", shape_stream_view_type),
};

const struct shape table_shape_stream = {
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

const struct shape table_shape_sse = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "SSESpecification",
    .members = sse_members,
    .member_count = SHAPE_COUNT(sse_members),
};

const struct shape table_shape_tag_key = {
    .type = JSON_TARGET_STRING,
    .has_min = true,
    .has_max = true,
    .min = 1,
    .max = TAG_KEY_SIZE_MAX,
};

static const struct shape shape_tag_value = {
    .type = JSON_TARGET_STRING,
    .has_min = true,
    .has_max = true,
    .min = 0,
    .max = TAG_VALUE_SIZE_MAX,
};

static const struct shape_member tag_members[] = {
    SHAPE_MEMBER("Key", table_shape_tag_key, .is_required = true),
    SHAPE_MEMBER("Value", shape_tag_value, .is_required = true),
};

static const struct shape shape_tag = {
    .type = JSON_TARGET_STRUCTURE,
    .class_name = "Tag",
    .members = tag_members,
    .member_count = SHAPE_COUNT(tag_members),
};

const struct shape table_shape_tags = {
    .type = JSON_TARGET_LIST,
    .element = &shape_tag,
};

const struct shape table_shape_resource_arn = {
    .type = JSON_TARGET_STRING,
    .has_min = true,
    .has_max = true,
    .min = 1,
    .max = RESOURCE_ARN_SIZE_MAX,
};
