/*
 * What the parts of the frames over ZeroMQ share.
 *
 * A socket's descriptor tells only that something has happened to it since one last looked, and
 * any call on the socket counts as looking. So whoever calls one calls `frame_socket_touch` too,
 * and the loop does not sleep before it has taken frames of the touched sockets until none was
 * left.
 */
#pragma once

#include "core/env/env_frames_private.h"

#include <zmq.h>

struct frame_socket;

struct env_zmq {
    struct env_uv *env;
    void *context;
    struct list touched;
    struct frame_socket *trust;
    size_t socket_count;
    size_t bytes_delivered; /* by the env_zmq_receive under way, or the last one */
};

/* Takes one message off a socket; false: there is none. It may close the socket. */
typedef bool (*frame_receive_fn)(void *owner);

struct frame_socket {
    struct env_zmq *zmq;
    void *socket;
    uv_poll_t poll;
    struct list touched;
    bool is_closed;
    frame_receive_fn receive_fn;
    void *owner;
};

/* --- Sockets (env_zmq_socket.c) -------------------------------------------------------------- */

/* Not yet in the loop: options and an address come first. */
struct frame_socket *frame_socket_create(struct env_zmq *zmq, int type, frame_receive_fn receive_fn,
                                         void *owner);
void frame_socket_watch(struct frame_socket *socket);

/* The memory goes later, so that whoever is receiving sees that it is closed. NULL is fine. */
void frame_socket_close(struct frame_socket *socket);
void frame_socket_touch(struct frame_socket *socket);

void frame_socket_set(struct frame_socket *socket, int option, int value);
void frame_socket_set_bytes(struct frame_socket *socket, int option, struct slice value);

/* Takes the next part of a message, which is then initialised; false: there is none. */
bool frame_socket_take(struct frame_socket *socket, zmq_msg_t *out_part);

/* Drops the rest of the message to which this part belongs; returns whether there was any. */
bool frame_socket_drop_rest(struct frame_socket *socket, zmq_msg_t *part);

/* STATUS_BUSY, STATUS_CLOSED. `more` parts of the message may follow. */
enum status frame_socket_put(struct frame_socket *socket, struct slice part, bool more);

/* --- Trust (env_zmq_trust.c): who may connect ------------------------------------------------ */

/* Answers libzmq's question, on every handshake, whether a public key is a known one. */
struct frame_socket *frame_trust_open(struct env_zmq *zmq);

/* --- Peers (env_zmq_peers.c): numbers for the connections of a listener ---------------------- */

struct frame_peers;

struct frame_peers *frame_peers_create(struct env_uv *env);
void frame_peers_destroy(struct frame_peers *peers);

/* The number of a connection that has just been heard, by the identity that libzmq gave it. */
uint64_t frame_peers_hear(struct frame_peers *peers, struct slice identity);

/* The identity, until the next call; empty: no such peer. */
struct slice frame_peers_identity(const struct frame_peers *peers, uint64_t number);
void frame_peers_forget(struct frame_peers *peers, uint64_t number);
