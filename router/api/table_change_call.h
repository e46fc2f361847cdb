/*
 * Table change call: asks the catalog to change a table's settings, and tells what is against it.
 */
#pragma once

#include "core/catalog/table_change.h"
#include "router/front/api_call.h"

/* Lies in the call's arena; it is the call's `state` from then on. */
struct table_change_call {
    struct slice table_name;
    struct table_change change;

    /* Answers a change that has been made; `table` is as it is now. */
    enum status (*done_fn)(struct api_call *call, const struct table *table);

    /* How it is told that there is no such table; NULL: by the table's name. */
    enum status (*missing_fn)(struct api_call *call);
};

MUST_USE enum status table_change_call_start(struct api_call *call,
                                             struct table_change_call *change_call);
