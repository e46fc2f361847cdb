/*
 * Router: one region's front door: HTTP requests in, calls to nodes out, answers back.
 *
 * It keeps no durable state. `router_handle` is the same way in without HTTP, for the simulator and
 * for tests.
 *
 * Ownership: borrows the env and the credentials, and copies its other options.
 * Threads:   the loop thread.
 */
#pragma once

#include "core/auth/auth_request.h"
#include "core/auth/credentials.h"
#include "core/base/buffer.h"
#include "core/base/memory.h"
#include "core/base/status.h"
#include "proto/catalog_watch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct answer_room;
struct env;
struct router;

struct router_options {
    struct env *env;
    const char *name; /* also of its key */
    const char *region;
    const char *account_id; /* in ARNs; NULL: 000000000000 */
    const struct catalog_seed *seeds;
    size_t seed_count;
    const struct credentials *credentials;
    const char *endpoint;        /* as DescribeEndpoints answers it; NULL: as clients call us */
    uint64_t request_timeout_us; /* 0: the default, 10 s */
    size_t request_count_max;    /* under way at a time; 0: the default, 4096 */
};

struct router *router_create(const struct router_options *options);

/*
 * Requests under way are not answered any more; they must live until the env's works are done, as a
 * worker may be reading one. NULL is fine.
 */
void router_destroy(struct router *router);
DEFINE_CLEANUP(router)

/* The catalog is known, and the region serves. */
bool router_is_ready(const struct router *router);

/* The room that answers take until they are sent: for who sends them. */
struct answer_room *router_answer_room(struct router *router);

/* An HTTP request without its transport. Everything must live until it is answered. */
struct router_request {
    struct auth_request auth; /* method, path, query, headers, body */
    struct arena *arena;      /* for whoever works on the request */
};

struct router_field {
    const char *name;
    const char *value;
};

/* What to answer: `body` may be taken (its bytes set to NULL), the rest holds during the call. */
struct router_response {
    unsigned status_code;
    const struct router_field *fields;
    size_t field_count;
    struct buffer *body;
};

/* Called exactly once, from inside router_handle or later. */
typedef void (*router_respond_fn)(void *context, struct router_response *response);

/* Answers a request that was refused before all of it came in, at once: with what every answer has,
 * and an error that stands for the status code. */
void router_refuse(struct router *router, const struct router_request *request,
                   unsigned status_code, router_respond_fn fn, void *context);

void router_handle(struct router *router, const struct router_request *request,
                   router_respond_fn fn, void *context);
