/*
 * Legacy projection: AttributesToGet, made into the tree of a projection.
 *
 * Ownership: the tree lies in the call's arena, and borrows names from its request.
 */
#pragma once

#include "core/expression/tree.h"
#include "core/json/json_document.h"
#include "router/front/api_call.h"

/* The names have passed their shape. Refuses one that stands twice. */
MUST_USE enum status legacy_projection_read(struct api_call *call, const struct json_node *names,
                                            struct projection *out_projection);
