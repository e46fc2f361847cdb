/*
 * Requests of a load: whole signed HTTP requests, as an SDK sends them.
 */
#pragma once

#include "core/auth/signing_keys.h"
#include "core/base/buffer.h"
#include "tests/bench/dynamo_item.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    DYNAMO_BATCH_COUNT = 25,
    DYNAMO_PAGE_COUNT =
        100, /* a Scan's Limit; a Query has no limit, and its partition has as many */
};

enum dynamo_operation {
    DYNAMO_GET_ITEM,
    DYNAMO_PUT_ITEM,
    DYNAMO_PUT_ITEM_IF,      /* if there is no such item, or one of the same revision: always so */
    DYNAMO_UPDATE_ITEM,      /* adds 1 to "visits", which puts take away */
    DYNAMO_QUERY,            /* the partition of the item, in a table with a sort key */
    DYNAMO_SCAN,             /* from behind the item */
    DYNAMO_BATCH_WRITE_ITEM, /* puts the item and those that follow */
    DYNAMO_OPERATION_COUNT
};

/* Who asks for what; everything is borrowed. */
struct dynamo_client {
    struct signing_keys *keys;
    const char *access_key_id;
    const char *secret;
    const char *region;
    const char *host; /* and port, as the header says */
    const char *table;
    bool reads_consistently;
    struct item_form form;
    uint64_t item_count;
};

/* As reports call it, such as put-if. */
const char *dynamo_operation_name(enum dynamo_operation operation);

/* Appends the request, signed now: servers take it for 15 minutes. */
void dynamo_request_append(const struct dynamo_client *client, enum dynamo_operation operation,
                           uint64_t item_number, struct buffer *out);
