/*
 * Table settings: members that CreateTable, UpdateTable and the operations on tags share, read and
 * checked.
 */
#pragma once

#include "core/catalog/table.h"
#include "router/front/api_call.h"

/* Of reading, or of writing, of one table. */
#define TABLE_SETTINGS_UNITS_MAX INT64_C(1000000000000)

/* Of a ProvisionedThroughput. */
MUST_USE enum status table_settings_read_units(struct api_call *call,
                                               const struct json_node *throughput,
                                               uint64_t *out_read_units, uint64_t *out_write_units);

/* BillingMode and ProvisionedThroughput, which go together; 0: not named. */
MUST_USE enum status table_settings_check_billing(struct api_call *call, enum table_billing billing,
                                                  const struct json_node *throughput);

/*
 * One of an OnDemandThroughput; 0 when it is missing. -1, where that is allowed, reads as
 * TABLE_CHANGE_NO_BOUND.
 */
MUST_USE enum status table_settings_read_bound(struct api_call *call,
                                               const struct json_node *throughput, const char *name,
                                               bool may_be_removed, uint64_t *out_bound);

/* A list of tags, which may be NULL, as core/catalog/table_tags.h has them, in the arena. */
MUST_USE enum status table_settings_read_tags(struct api_call *call, const struct json_node *list,
                                              struct slice *out_tags);

/* The tags would be too many. */
MUST_USE enum status table_settings_refuse_tags(struct api_call *call);
