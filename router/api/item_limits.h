/*
 * Item limits: what an item that is to be stored may not exceed.
 */
#pragma once

#include "core/model/value.h"
#include "router/front/api_call.h"

/* Refuses names over LIMIT_ATTRIBUTE_NAME_SIZE at any depth, and items over LIMIT_ITEM_SIZE. */
MUST_USE enum status item_limits_check(struct api_call *call, struct slice item, size_t *out_size);

/* Refuses such names within a value that an update may store. */
MUST_USE enum status item_limits_check_value(struct api_call *call, struct value value);
