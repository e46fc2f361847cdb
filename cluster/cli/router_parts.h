/*
 * Router parts: a router of this process with its HTTP server, as `dev` and `router` both start it.
 */
#pragma once

#include "core/base/status.h"
#include "router/http/http_server.h"
#include "router/router.h"

#include <stdbool.h>

struct router_parts {
    struct router *router;
    struct http_server *server;
    const char *region;
    const char *scheme; /* "http" or "https" */
    const char *host;
    bool is_announced;
};

/* Tells a failure on stderr. */
MUST_USE enum status router_parts_create(const struct router_options *router_options,
                                         const struct http_server_options *http_options,
                                         struct router_parts *out_parts);
void router_parts_deinit(struct router_parts *parts);

/* Prints `ready REGION URL` once, when the router serves; true from then on. */
bool router_parts_announce(struct router_parts *parts);

/* No request is under way any more. */
bool router_parts_is_idle(const struct router_parts *parts);
