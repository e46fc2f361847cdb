/*
 * RPC client: calls to one server, each answered exactly once and by its deadline.
 *
 * Calls made in one turn of the loop leave in one frame. A call that waits for the connection is
 * RPC_NOT_EXECUTED at its deadline; one that has left is RPC_UNKNOWN, then or as soon as the server
 * is found to have restarted.
 *
 * Threads: the loop thread. Callbacks are never made from inside a call.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "proto/rpc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct env;
struct rpc_client;

enum { RPC_CLIENT_CALLS_MAX = 16384, RPC_CLIENT_WAITING_BYTES_MAX = 64 << 20 };

typedef void (*rpc_result_fn)(void *context, const struct rpc_result *result);

/* `own_name` is told in the hello; `peer_name` names the key that the server must prove to have. */
struct rpc_client *rpc_client_create(struct env *env, const char *address, const char *peer_name,
                                     const char *own_name);

/* Calls not answered yet are forgotten: their callbacks are not made. Callbacks may call it too. */
void rpc_client_destroy(struct rpc_client *client);
DEFINE_CLEANUP(rpc_client)

/*
 * Copies the body. `fn` gets RPC_NOT_EXECUTED, BUSY over RPC_CLIENT_CALLS_MAX calls, or when bodies
 * over RPC_CLIENT_WAITING_BYTES_MAX wait to leave; MALFORMED for a body over RPC_BODY_SIZE_MAX.
 */
void rpc_client_call(struct rpc_client *client, enum rpc_method method, struct slice body,
                     uint64_t timeout_us, rpc_result_fn fn, void *context);

/* A hello has been answered, and the session has not been found dead since. */
bool rpc_client_is_connected(const struct rpc_client *client);

size_t rpc_client_call_count(const struct rpc_client *client);
