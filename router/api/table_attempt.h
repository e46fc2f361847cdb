/*
 * Table attempt: how an operation on what is in tables is attempted under the router's view of the
 * catalog, and attempted anew when that view turns out to be old.
 *
 * The call's `state` begins with its attempt.
 */
#pragma once

#include "core/catalog/table.h"
#include "proto/rpc.h"
#include "router/front/api_call.h"

#include <stdbool.h>

struct table_attempt {
    /* Finds the tables, and sends what is to be done; called once for each attempt. */
    enum status (*attempt_fn)(struct api_call *call);

    bool is_refreshed; /* the view, since the first attempt */
};

/* A table whose items may be read and written; NULL: there is none of that name. */
const struct table *table_attempt_find(const struct api_call *call, struct slice name);

/* What to do when none was found: after the first attempt another, then a refusal. */
MUST_USE enum status table_attempt_missing(struct api_call *call);

/* What to do when a tablet does not know a table that was found: another attempt, in time. */
MUST_USE enum status table_attempt_again(struct api_call *call);

/* Refuses what was certainly not done, and may be asked for again. */
MUST_USE enum status table_attempt_refuse(struct api_call *call, enum rpc_reason reason);

/* What to do after a call to a tablet brought nothing: one of the two above, or a refusal. */
MUST_USE enum status table_attempt_fail(struct api_call *call, enum rpc_reason reason);
