/*
 * Write terms: what a write depends on and, of an update, what it changes: its expressions, or the
 * older parameters in their place, as the trees that travel to the row's leader.
 *
 * Ownership: all lies in the call's arena, and borrows from its request.
 */
#pragma once

#include "core/expression/tree.h"
#include "core/json/json_document.h"
#include "router/front/api_call.h"
#include "router/route/row_client.h"

/* The members of a request; NULL: missing, or not one of the operation's. */
struct write_term_members {
    bool is_update;
    const struct json_node *expected;
    const struct json_node *conditional_operator;
    const struct json_node *condition_expression;
    const struct json_node *attribute_updates;
    const struct json_node *update_expression;
    const struct json_node *names; /* ExpressionAttributeNames */
    const struct json_node *values;
};

/*
 * Fills in the trees of `terms`, and for an update the tree itself, which is one without actions
 * when the request has none.
 */
MUST_USE enum status write_terms_read(struct api_call *call,
                                      const struct write_term_members *members,
                                      struct row_terms *terms, struct update *out_update);
