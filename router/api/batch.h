/*
 * Batch: reads or writes of many rows for one call: every key is checked before anything is sent,
 * then the rows go to their leaders side by side, up to a bound.
 *
 * A batch is not a transaction: each row is done, or not, on its own.
 *
 * Ownership: a batch, its rows and all that they refer to lie in the call's arena.
 */
#pragma once

#include "core/json/json_writer.h"
#include "router/api/primary_key.h"
#include "router/api/table_attempt.h"
#include "router/route/row_client.h"

enum batch_row_state {
    BATCH_ROW_WAITING, /* to be sent */
    BATCH_ROW_SENT,
    BATCH_ROW_DONE,
    BATCH_ROW_LEFT,     /* certainly not done: the client is to ask again */
    BATCH_ROW_NO_TABLE, /* at its tablet: our view of the catalog may be old */
    BATCH_ROW_UNKNOWN,  /* may have been done, or may yet be */
};

/* The rows of one table. */
struct batch_part {
    struct slice called; /* the table, by the client */
    struct slice table_name;
    const struct json_node *request;
    bool is_consistent; /* of reads */
    struct batch_row *rows;
    size_t row_count;
};

struct batch_row {
    const struct batch_part *part;
    struct slice item; /* of a put; or the key alone */
    enum primary_key_source source;
    struct row_write write; /* unless the batch reads */

    /* The batch's own. */
    struct batch *batch;
    struct slice key;
    size_t partition_size;
    uint64_t table_uid;
    enum rpc_reason reason;

    enum batch_row_state state;
    struct row_result result; /* once it is done; its item lies in the arena */
};

struct batch {
    struct table_attempt attempt; /* first */
    bool is_read;
    struct batch_part *parts;
    size_t part_count;
    struct batch_row *rows; /* of all parts */
    size_t row_count;
    size_t read_bytes_max; /* what is read beyond it is left; DynamoDB's count */

    /* Answers the call once no row is under way. */
    enum status (*done_fn)(struct api_call *call, struct batch *batch);

    /* The batch's own. */
    struct api_call *call;
    size_t sent_count; /* under way */
    size_t next;       /* row to be sent, if it waits */
    size_t read_bytes;
    bool has_no_room;    /* for more of what is read: the rest is left */
    size_t wanted_bytes; /* of the item that there was no room for; 0: there always was */
};

/*
 * Makes a part for each table of RequestItems; the rows are the caller's to fill in, as many as
 * `count_fn` finds in a table's request. Refuses more than `row_count_max` rows.
 */
MUST_USE enum status batch_init(struct api_call *call, struct batch *batch,
                                const struct json_node *tables,
                                size_t (*count_fn)(const struct json_node *request),
                                size_t row_count_max);

/*
 * The member ConsumedCapacity, unless nobody asked: for each table, the half units of its rows that
 * were done.
 */
void batch_write_capacity(const struct batch *batch, struct slice return_consumed_capacity,
                          uint64_t (*units_fn)(const struct batch_row *row),
                          struct json_writer *writer);

/* The member `name`: for each table with rows that were left, what is to be asked again for. */
void batch_write_left(const struct batch *batch, const char *name,
                      void (*write_part_fn)(const struct batch_part *part,
                                            struct json_writer *writer),
                      struct json_writer *writer);

/* Takes the call's `state`: it is the batch, or begins with it. */
MUST_USE enum status batch_start(struct api_call *call, struct batch *batch);
