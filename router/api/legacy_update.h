/*
 * Legacy update: AttributeUpdates, made into the tree of an update.
 *
 * Ownership: the tree lies in the call's arena, and borrows names and values from its request.
 * Errors:    what AWS refuses is refused, with its words.
 */
#pragma once

#include "core/expression/tree.h"
#include "core/json/json_document.h"
#include "router/front/api_call.h"

/* The members have passed their shape. There may be no action. */
MUST_USE enum status legacy_update_read(struct api_call *call, const struct json_node *updates,
                                        struct update *out_update);
