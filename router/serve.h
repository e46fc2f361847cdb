/*
 * Serve: a router behind an HTTP server.
 *
 * Requests that the server still holds when it is destroyed may reach the router's answer later,
 * which is then dropped: destroy the server first, and the router afterwards.
 */
#pragma once

#include "router/http/http_server.h"
#include "router/router.h"

/* As http_server_create. The caller destroys the server, before the router. */
MUST_USE enum status router_serve(struct env *env, struct router *router,
                                  const struct http_server_options *options,
                                  struct http_server **out_server);
