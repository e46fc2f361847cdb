/*
 * RPC server: hears calls at one address, and answers each at most once, at once or later.
 *
 * Answers given in one turn of the loop leave in one frame per peer. Of large requests and answers
 * a few are handled at a time; what an overloaded peer cannot be sent waits, up to a bound.
 *
 * Ownership: a call belongs to its handler until it is answered; its body lives as long.
 * Threads:   the loop thread.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "proto/rpc.h"

#include <protobuf-c/protobuf-c.h>
#include <stdint.h>

struct env;
struct rpc_call;
struct rpc_server;

/* Calls beyond these bounds are answered with RPC_NOT_EXECUTED, BUSY. */
enum { RPC_SERVER_CALLS_MAX = 65536, RPC_SERVER_BYTES_MAX = 256 << 20 };

/* Answers to one peer beyond that are lost while it cannot be sent to. */
enum { RPC_SERVER_PEER_BYTES_MAX = 128 << 20 };

/* Not called for requests of another session, nor for those that came without any time left. */
typedef void (*rpc_call_fn)(void *context, struct rpc_call *call);

MUST_USE enum status rpc_server_create(struct env *env, const char *address, const char *own_name,
                                       rpc_call_fn fn, void *context,
                                       struct rpc_server **out_server);

/*
 * Calls not answered yet are freed with the server, and must not be answered any more. Not from
 * inside the handler.
 */
void rpc_server_destroy(struct rpc_server *server);
DEFINE_CLEANUP(rpc_server)

enum rpc_method rpc_call_method(const struct rpc_call *call);
struct slice rpc_call_body(const struct rpc_call *call);

/* By env_boot_us. */
uint64_t rpc_call_deadline_us(const struct rpc_call *call);

/*
 * Copies the body, and ends the call. An answer over RPC_BODY_SIZE_MAX is not sent, but
 * RPC_UNKNOWN, MALFORMED.
 */
void rpc_call_answer(struct rpc_call *call, enum rpc_outcome outcome, enum rpc_reason reason,
                     struct slice body);

/* As above, RPC_EXECUTED, with a message for a body. */
void rpc_call_answer_message(struct rpc_call *call, const ProtobufCMessage *body);
