/*
 * Item projection: which parts of an item a read answers: those of ProjectionExpression, of the
 * older AttributesToGet, or all.
 *
 * Ownership: a projection lies in the call's arena, and borrows from its request.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/expression/path_order.h"
#include "core/json/json_document.h"
#include "router/front/api_call.h"

struct item_projection {
    bool is_partial; /* else the whole item */
    struct path_group paths;
};

/* The members of a request, or of a part of one; NULL: missing. */
struct item_projection_members {
    const struct json_node *attributes_to_get;
    const struct json_node *expression;
    const struct json_node *names; /* ExpressionAttributeNames */
};

MUST_USE enum status item_projection_read(struct api_call *call,
                                          const struct item_projection_members *members,
                                          struct item_projection *out_projection);

/* Appends what is asked for of the item, as JSON. */
void item_projection_write(const struct item_projection *projection, struct slice item,
                           struct buffer *json);
