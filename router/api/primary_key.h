/*
 * Primary key: that of an item, or given alone, checked against its table and encoded.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/catalog/table.h"
#include "router/front/api_call.h"

enum primary_key_source {
    PRIMARY_KEY_IN_ITEM, /* among other attributes */
    PRIMARY_KEY_ALONE,   /* nothing else may be there */
};

/* Appends the encoded key; `out_partition_size` of its bytes are the partition key's. */
MUST_USE enum status primary_key_encode(struct api_call *call, const struct table *table,
                                        struct slice item, enum primary_key_source source,
                                        struct buffer *key, size_t *out_partition_size);
