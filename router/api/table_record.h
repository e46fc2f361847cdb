/*
 * Table record: the operations that tell what the catalog holds of one table.
 *
 * They tell what has been committed, also by way of another router.
 */
#pragma once

#include "core/catalog/table.h"
#include "core/json/json_writer.h"
#include "router/front/api_call.h"

/* What is told of a table. It outlives the call. */
struct table_record_answer {
    /* Refuses the call as there is no such table. */
    enum status (*missing_fn)(struct api_call *call, struct slice name);

    /* Refuses tables that nothing can be told of; NULL: none. */
    enum status (*check_fn)(struct api_call *call, const struct table *table);

    /* Writes the members of the answer. */
    void (*write_fn)(const struct api_call *call, const struct table *table,
                     struct json_writer *writer);
};

/* The request of those that take a TableName and nothing else. */
extern const struct shape table_record_input;

/* The first step of an operation with that request. Takes the call's `state`. */
MUST_USE enum status table_record_start(struct api_call *call,
                                        const struct table_record_answer *answer);

/* The same with a name that the caller has read. */
MUST_USE enum status table_record_tell(struct api_call *call, struct slice name,
                                       const struct table_record_answer *answer);
