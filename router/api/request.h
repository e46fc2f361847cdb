/*
 * Request: what a call asks for, once it has been read and checked against its operation's shape.
 *
 * Members are named by their index in the shape; each operation has an enum of them.
 */
#pragma once

#include "core/json/json_request.h"
#include "router/front/api_call.h"

/*
 * Finds the members of a parsed request, and checks it in DynamoDB's order: types, constraints,
 * attribute values; then refuses what is not served yet.
 */
MUST_USE enum status request_check(struct api_call *call, const struct json_request *parsed);

/* NULL when the member is missing or null. */
static inline const struct json_node *request_member(const struct api_call *call, size_t member)
{
    return call->members[member];
}

/* Empty when missing. */
static inline struct slice request_text(const struct api_call *call, size_t member)
{
    const struct json_node *node = call->members[member];
    return node != NULL ? node->text : (struct slice){0};
}

/* The bytes of an item, which is there. */
struct slice request_item(const struct api_call *call, size_t member);

bool request_is(const struct api_call *call, size_t member, const char *text);
bool request_flag(const struct api_call *call, size_t member, bool otherwise);
int64_t request_integer(const struct api_call *call, size_t member, int64_t otherwise);

/* Refuses a member, or a value of it, that a later version will serve. */
MUST_USE enum status request_refuse_not_served(struct api_call *call, struct slice what);
