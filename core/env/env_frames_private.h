/*
 * The two ways in which frames travel: inside the process, and over ZeroMQ. Which one a listener or
 * link takes is decided by its address, once, and kept as `is_local`.
 */
#pragma once

#include "core/env/env_uv_private.h"

#define ENV_LOCAL_PREFIX "local:"

/* Frames of so many bytes are delivered, then others have their turn: what is done with them takes
 * some milliseconds. */
enum { ENV_BYTES_AT_ONCE = 1 << 20 };

/* What every listener and every link begins with. */
struct env_endpoint {
    struct env_handle handle;
    bool is_local;
    env_frame_fn frame_fn;
    void *context;
};

struct env_listener {
    struct env_endpoint endpoint;
};

struct env_link {
    struct env_endpoint endpoint;
};

/* A number for one connection, never given again. */
static inline uint64_t env_peer_mint(struct env_uv *env)
{
    return ++env->last_peer;
}

/* --- Inside the process (env_local.c) -------------------------------------------------------- */

struct env_local *env_local_create(struct env_uv *env);
void env_local_destroy(struct env_local *local);

/*
 * Delivers what waited when it was called, up to the frame that makes it ENV_BYTES_AT_ONCE; the
 * rest, and what is sent meanwhile, waits for the next call.
 */
void env_local_deliver(struct env_local *local);
bool env_local_is_waiting(const struct env_local *local);

enum status env_local_listen(struct env_local *local, const char *address,
                             struct env_endpoint endpoint, struct env_listener **out_listener);
void env_local_listener_close(struct env_listener *listener);
enum status env_local_listener_send(struct env_listener *listener, uint64_t peer,
                                    struct slice frame);
enum status env_local_connect(struct env_local *local, const char *address,
                              struct env_endpoint endpoint, struct env_link **out_link);
void env_local_link_close(struct env_link *link);
enum status env_local_link_send(struct env_link *link, struct slice frame);

/* --- Over ZeroMQ (env_zmq.c) ----------------------------------------------------------------- */

struct env_zmq *env_zmq_create(struct env_uv *env);
void env_zmq_destroy(struct env_zmq *zmq);

/* Delivers frames of sockets that may have some, a bounded number of each, and up to the one that
 * makes them ENV_BYTES_AT_ONCE together. NULL: none. */
void env_zmq_receive(struct env_zmq *zmq);
bool env_zmq_is_waiting(const struct env_zmq *zmq);

enum status env_zmq_listen(struct env_zmq *zmq, const char *address, struct env_endpoint endpoint,
                           struct env_listener **out_listener);
void env_zmq_listener_close(struct env_listener *listener);
enum status env_zmq_listener_send(struct env_listener *listener, uint64_t peer, struct slice frame);
enum status env_zmq_connect(struct env_zmq *zmq, const char *address, const char *peer_name,
                            struct env_endpoint endpoint, struct env_link **out_link);
void env_zmq_link_close(struct env_link *link);
enum status env_zmq_link_send(struct env_link *link, struct slice frame);
