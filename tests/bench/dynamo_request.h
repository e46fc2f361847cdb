/*
 * Requests of a load: whole signed HTTP requests for GetItem and PutItem, as an SDK sends them.
 */
#pragma once

#include "core/auth/signing_keys.h"
#include "core/base/buffer.h"
#include "tests/bench/dynamo_item.h"

#include <stdbool.h>
#include <stdint.h>

enum dynamo_operation { DYNAMO_GET_ITEM, DYNAMO_PUT_ITEM };

/* Who asks for what; everything is borrowed. */
struct dynamo_client {
    struct signing_keys *keys;
    const char *access_key_id;
    const char *secret;
    const char *region;
    const char *host; /* and port, as the header says */
    const char *table;
    bool reads_consistently;
    struct item_sizes sizes;
};

/* Appends the request, signed now: servers take it for 15 minutes. */
void dynamo_request_append(const struct dynamo_client *client, enum dynamo_operation operation,
                           uint64_t item_number, struct buffer *out);
