/*
 * What the files of the RPC server share: rpc_server.c takes requests, rpc_server_peer.c sends
 * answers.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/list.h"
#include "core/env/env.h"
#include "proto/rpc_server.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hash_map;

/* After requests and answers of so many bytes others have their turn. */
enum { RPC_SERVER_BYTES_AT_ONCE = 1 << 20 };

/* One connection, as long as it has calls or answers waiting. */
struct rpc_peer {
    struct list link; /* in `dirty`, when answers wait */
    uint64_t number;
    size_t call_count;
    size_t answer_bytes;
    struct list answers;
    bool wants_hello;
};

struct rpc_answer {
    struct list link;
    uint64_t id;
    enum rpc_outcome outcome;
    enum rpc_reason reason;
    size_t size;
    uint8_t body[];
};

struct rpc_call {
    struct list link; /* in `calls` */
    struct list held; /* in `held_calls`, until it is handed out */
    struct rpc_server *server;
    struct rpc_peer *peer;
    uint64_t id;
    uint64_t deadline_us;
    enum rpc_method method;
    size_t size;
    uint8_t body[];
};

struct rpc_server {
    struct env *env;
    struct env_listener *listener;
    char *own_name;
    uint64_t session;
    rpc_call_fn fn;
    void *context;
    struct hash_map *peers; /* by number */
    struct list dirty;      /* peers with something to send */
    struct list calls;
    size_t call_count;
    size_t call_bytes; /* of their bodies */
    struct list held_calls;
    size_t bytes_at_once; /* of requests and answers, since they were last sent */
    struct env_task send_task;
    struct env_task resume_task;
    struct env_timer retry_timer;
    struct buffer frame;
};

/* --- rpc_server_peer.c ----------------------------------------------------------------------- */

/* The peer of a number, as long as it is not idle. */
struct rpc_peer *rpc_peer_of(struct rpc_server *server, uint64_t number);
void rpc_peer_forget_if_idle(struct rpc_server *server, struct rpc_peer *peer);
void rpc_peers_destroy(struct rpc_server *server);

/* It is sent a frame at the end of the turn, with what there is for it. */
void rpc_peer_mark_dirty(struct rpc_server *server, struct rpc_peer *peer);

/* Room for a body of this size is left for the caller to fill. */
struct rpc_answer *rpc_peer_add_answer(struct rpc_server *server, struct rpc_peer *peer,
                                       uint64_t id, size_t size);

/* The send task of the server in `context`: one frame to each peer in turn. */
void rpc_server_send(void *context);
