/*
 * Region: a whole region in one simulated world, for tests of the API: a node with the catalog, and
 * two routers, on a machine each. No HTTP and no real time; requests are signed as clients do.
 *
 * What an answer says holds until the region's next one.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REGION_NAME          "us-east-1" /* by default */
#define REGION_ACCESS_KEY_ID "AKIDTEST"
#define REGION_SECRET        "secret"

struct region;
struct router;
struct world;

struct region_options {
    const char *name;
    const char *account_id;
    size_t request_count_max;
    uint64_t request_timeout_us;
    bool is_left_starting; /* it need not serve yet when it is created */
};

/* NULL: defaults. Serves requests when it returns. */
struct region *region_create(const struct region_options *options);
void region_destroy(struct region *region);
DEFINE_CLEANUP(region)

/* The power of the node's machine fails; it comes back, and the region serves again. */
void region_restart_node(struct region *region);

struct world *region_world(const struct region *region);
struct router *region_router(const struct region *region, size_t number);

/* The machine on which the node runs loses its network; or has it back. */
void region_isolate_node(struct region *region);
void region_heal(struct region *region);

/* The node's disk has no room any more for a file to grow into. */
void region_fill_disk(struct region *region);

/* The process of the routers goes on without them. */
void region_destroy_routers(struct region *region);

/* NULL takes the default. */
struct region_request {
    unsigned router;
    const char *method;       /* POST */
    const char *query;        /* none */
    const char *date;         /* X-Amz-Date, now; "": none, which no signature can be made for */
    const char *content_type; /* application/x-amz-json-1.0 */
    const char *target;       /* X-Amz-Target; "": none */
    struct slice body;
    const char *authorization; /* "": none; otherwise, not NULL, instead of a true one */
    const char *access_key_id;
    const char *secret;
    const char *region_name;
    const char *service;
    const char *header_name; /* one more header, which is not signed */
    const char *header_value;
    int64_t age_s; /* it was signed so long ago */
};

struct region_answer {
    unsigned status_code;
    const char *body;
    size_t body_size;
    char content_type[64]; /* empty: none */
    char request_id[64];
    char checksum[16];
    char server[16];
};

/* Sends a request and runs the world until it is answered. */
const struct region_answer *region_send(struct region *region,
                                        const struct region_request *request);

/* The same for an operation of DynamoDB: "GetItem". */
const struct region_answer *region_call(struct region *region, const char *operation,
                                        const char *body);

/* Sends a request without waiting; at most 16 at a time. */
size_t region_begin(struct region *region, const struct region_request *request);

/* NULL: not answered yet. */
const struct region_answer *region_answer_of(struct region *region, size_t exchange);
const struct region_answer *region_finish(struct region *region, size_t exchange);

/* Makes a table with an S partition key "pk" and, unless it is 0, a sort key "sk" of that type. */
void region_make_table(struct region *region, const char *name, char sort_key_type);
