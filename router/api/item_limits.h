/*
 * Item limits: what an item that is to be stored may not exceed.
 */
#pragma once

#include "router/front/api_call.h"

/* Refuses names over LIMIT_ATTRIBUTE_NAME_SIZE at any depth, and items over LIMIT_ITEM_SIZE. */
MUST_USE enum status item_limits_check(struct api_call *call, struct slice item, size_t *out_size);
