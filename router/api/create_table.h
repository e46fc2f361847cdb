/*
 * CreateTable: what its request may look like, and the rules it must keep.
 */
#pragma once

#include "core/catalog/table.h"
#include "router/front/api_call.h"

enum create_table_member {
    CREATE_ATTRIBUTE_DEFINITIONS,
    CREATE_TABLE_NAME,
    CREATE_KEY_SCHEMA,
    CREATE_LOCAL_SECONDARY_INDEXES,
    CREATE_GLOBAL_SECONDARY_INDEXES,
    CREATE_BILLING_MODE,
    CREATE_PROVISIONED_THROUGHPUT,
    CREATE_STREAM_SPECIFICATION,
    CREATE_SSE_SPECIFICATION,
    CREATE_TAGS,
    CREATE_TABLE_CLASS,
    CREATE_DELETION_PROTECTION_ENABLED,
    CREATE_WARM_THROUGHPUT,
    CREATE_RESOURCE_POLICY,
    CREATE_ON_DEMAND_THROUGHPUT,
    CREATE_GLOBAL_TABLE_SOURCE_ARN,
    CREATE_GLOBAL_TABLE_SETTINGS,
    CREATE_VECTOR_INDEXES,
    CREATE_MEMBER_COUNT,
};

/* What a request to CreateTable may look like (create_table_shape.c). */
extern const struct shape create_table_shape;

/*
 * The rules of CreateTable (create_table_check.c): the table that is asked for, which borrows the
 * request; all that the catalog gives a table is left zero.
 */
MUST_USE enum status create_table_read(struct api_call *call, struct table *out_table);
