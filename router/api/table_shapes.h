/*
 * Table shapes: what the requests that make and change tables share, after the service model.
 */
#pragma once

#include "router/api/shape.h"

extern const struct shape table_shape_billing_mode;
extern const struct shape table_shape_class;
extern const struct shape table_shape_key_schema;
extern const struct shape table_shape_definitions;
extern const struct shape table_shape_throughput;
extern const struct shape table_shape_on_demand_throughput;
extern const struct shape table_shape_warm_throughput;
extern const struct shape table_shape_local_indexes;
extern const struct shape table_shape_global_indexes;
extern const struct shape table_shape_stream;
extern const struct shape table_shape_sse;
extern const struct shape table_shape_tags;
extern const struct shape table_shape_tag_key;
extern const struct shape table_shape_resource_arn;
