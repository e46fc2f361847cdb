/*
 * Start key: ExclusiveStartKey and LastEvaluatedKey: where a page begins and ends, as a plain key.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/catalog/table.h"
#include "core/expression/key_condition.h"
#include "core/json/json_writer.h"
#include "router/front/api_call.h"

/* The encoded key; `partition_size` of its bytes are the partition key's. */
struct start_key {
    uint64_t token;
    size_t partition_size;
    struct buffer key;
};

void start_key_init(struct start_key *start);
void start_key_deinit(struct start_key *start);

/*
 * Reads a key of the table. `is_query`: a key of other attributes is refused in fewer words, as
 * DynamoDB does.
 */
MUST_USE enum status start_key_read(struct api_call *call, const struct table *table,
                                    struct slice item, bool is_query, struct start_key *start);

/* The key of a table, which it borrows from; and a copy that does not. */
struct key_schema key_schema_of(const struct table *table);
struct key_schema key_schema_keep(const struct table *table, struct arena *arena);

/*
 * The member LastEvaluatedKey; `key` is a row's, without the table. STATUS_CORRUPT, and nothing
 * written, when it is none.
 */
MUST_USE enum status last_key_write(struct json_writer *writer, const struct key_schema *schema,
                                    struct slice key);
