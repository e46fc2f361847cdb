#include "core/base/check.h"
#include "core/base/limits.h"
#include "core/env/env_zmq_private.h"
#include "core/env/keys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
    FRAMES_AT_ONCE = 64, /* of one socket, before others have their turn */
    ADDRESS_SIZE_MAX = 300,
    FRAME_SLACK = 1024, /* what CURVE adds */
    HANDSHAKE_MS = 5000,
    CONNECT_MS = 3000,
    HEARTBEAT_MS = 1000,
    HEARTBEAT_TIMEOUT_MS = 5000,
    RECONNECT_FIRST_MS = 10,
    RECONNECT_MAX_MS = 1000,
};

struct zmq_listener {
    struct env_listener base;
    struct frame_socket *socket;
    struct frame_peers *peers;
};

struct zmq_link {
    struct env_link base;
    struct frame_socket *socket;
};

struct env_zmq *env_zmq_create(struct env_uv *env)
{
    struct env_zmq *zmq = memory_alloc_zeroed(sizeof *zmq);
    zmq->env = env;
    list_init(&zmq->touched);
    zmq->context = zmq_ctx_new();
    CHECK(zmq->context != NULL);
    CHECK(zmq_ctx_set(zmq->context, ZMQ_IO_THREADS, 1) == 0);
    zmq->trust = frame_trust_open(zmq);
    return zmq;
}

void env_zmq_destroy(struct env_zmq *zmq)
{
    if (zmq == NULL)
        return;
    frame_socket_close(zmq->trust);
    /* Ending the context would wait for ever for a socket that is left. */
    CHECK(zmq->socket_count == 0);
    while (zmq_ctx_term(zmq->context) != 0)
        CHECK(errno == EINTR);
    memory_free(zmq);
}

static void socket_receive(struct frame_socket *socket)
{
    const struct env_zmq *zmq = socket->zmq;
    for (int count = 0; count < FRAMES_AT_ONCE && zmq->bytes_delivered < ENV_BYTES_AT_ONCE; count++)
        if (socket->is_closed || !socket->receive_fn(socket->owner))
            return;
    if (!socket->is_closed)
        frame_socket_touch(socket);
}

void env_zmq_receive(struct env_zmq *zmq)
{
    if (zmq == NULL)
        return;
    struct list now;
    list_init(&now);
    list_take_all(&now, &zmq->touched);
    zmq->bytes_delivered = 0;

    for (struct list *link = list_take_first(&now); link != NULL; link = list_take_first(&now))
        socket_receive(LIST_ELEMENT(link, struct frame_socket, touched));
}

bool env_zmq_is_waiting(const struct env_zmq *zmq)
{
    return zmq != NULL && !list_is_empty(&zmq->touched);
}

static enum status address_of(const char *address, char out_text[ADDRESS_SIZE_MAX])
{
    int size = snprintf(out_text, ADDRESS_SIZE_MAX, "tcp://%s", address);
    return size > 0 && size < ADDRESS_SIZE_MAX ? STATUS_OK : STATUS_INVALID;
}

static void socket_prepare(struct frame_socket *socket, const char *address)
{
    const struct env_uv_options *options = &socket->zmq->env->options;
    frame_socket_set(socket, ZMQ_SNDHWM, (int)options->frames_waiting_max);
    frame_socket_set(socket, ZMQ_RCVHWM, (int)options->frames_waiting_max);
    frame_socket_set(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
    frame_socket_set(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS);
    frame_socket_set(socket, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS);
    frame_socket_set(socket, ZMQ_TCP_KEEPALIVE, 1);
    frame_socket_set(socket, ZMQ_IPV6, strchr(address, '[') != NULL);

    int64_t size_max = LIMIT_FRAME_SIZE + FRAME_SLACK;
    frame_socket_set_bytes(socket, ZMQ_MAXMSGSIZE, slice_of(&size_max, sizeof size_max));
    frame_socket_set_bytes(socket, ZMQ_CURVE_SECRETKEY,
                           slice_of(env_keys_own_secret(options->keys), ENV_KEY_SIZE));
}

/* Calls last of all: what it is given may be closed when the callback returns. */
static void frame_deliver(const struct env_endpoint *endpoint, uint64_t peer, zmq_msg_t *frame)
{
    env_uv_of(endpoint->handle.env)->zmq->bytes_delivered += zmq_msg_size(frame);
    endpoint->frame_fn(endpoint->context, peer, slice_of(zmq_msg_data(frame), zmq_msg_size(frame)));
}

/* A message without the expected parts comes from a peer that has lost its mind: it is dropped. */
static bool on_listener_frame(void *owner)
{
    struct zmq_listener *listener = owner;
    zmq_msg_t identity, frame;
    if (!frame_socket_take(listener->socket, &identity))
        return false;
    CHECK(zmq_msg_more(&identity) != 0);
    CHECK(frame_socket_take(listener->socket, &frame));
    uint64_t peer = frame_peers_hear(listener->peers,
                                     slice_of(zmq_msg_data(&identity), zmq_msg_size(&identity)));
    CHECK(zmq_msg_close(&identity) == 0);

    if (!frame_socket_drop_rest(listener->socket, &frame))
        frame_deliver(&listener->base.endpoint, peer, &frame);
    CHECK(zmq_msg_close(&frame) == 0);
    return true;
}

static enum status status_of_bind(int error_number)
{
    switch (error_number) {
    case EADDRINUSE:
        return STATUS_EXISTS;
    case EINVAL:
    case ENODEV:
        return STATUS_INVALID;
    default:
        return STATUS_IO;
    }
}

static void listener_free(struct zmq_listener *listener)
{
    frame_socket_close(listener->socket);
    frame_peers_destroy(listener->peers);
    memory_free(listener);
}

enum status env_zmq_listen(struct env_zmq *zmq, const char *address, struct env_endpoint endpoint,
                           struct env_listener **out_listener)
{
    char text[ADDRESS_SIZE_MAX];
    TRY(address_of(address, text));

    struct zmq_listener *listener = memory_alloc_zeroed(sizeof *listener);
    listener->base.endpoint = endpoint;
    listener->peers = frame_peers_create(zmq->env);
    listener->socket = frame_socket_create(zmq, ZMQ_ROUTER, on_listener_frame, listener);
    socket_prepare(listener->socket, address);
    frame_socket_set(listener->socket, ZMQ_ROUTER_MANDATORY, 1);
    frame_socket_set(listener->socket, ZMQ_CURVE_SERVER, 1);
    frame_socket_set_bytes(listener->socket, ZMQ_ZAP_DOMAIN, slice_of_text("graticule"));
    if (zmq_bind(listener->socket->socket, text) != 0) {
        enum status status = status_of_bind(errno);
        listener_free(listener);
        return status;
    }
    frame_socket_watch(listener->socket);
    *out_listener = &listener->base;
    return STATUS_OK;
}

void env_zmq_listener_close(struct env_listener *listener)
{
    listener_free((struct zmq_listener *)listener);
}

enum status env_zmq_listener_send(struct env_listener *base, uint64_t peer, struct slice frame)
{
    struct zmq_listener *listener = (struct zmq_listener *)base;
    struct slice identity = frame_peers_identity(listener->peers, peer);
    if (identity.size == 0)
        return STATUS_CLOSED;
    if (frame.size > LIMIT_FRAME_SIZE)
        return STATUS_TOO_LARGE;

    enum status status = frame_socket_put(listener->socket, identity, true);
    if (status == STATUS_CLOSED)
        frame_peers_forget(listener->peers, peer);
    if (status != STATUS_OK)
        return status;
    /* The way was chosen with the identity: there is room, or the connection has just ended. */
    return frame_socket_put(listener->socket, frame, false);
}

static bool on_link_frame(void *owner)
{
    struct zmq_link *link = owner;
    zmq_msg_t frame;
    if (!frame_socket_take(link->socket, &frame))
        return false;
    if (!frame_socket_drop_rest(link->socket, &frame))
        frame_deliver(&link->base.endpoint, 0, &frame);
    CHECK(zmq_msg_close(&frame) == 0);
    return true;
}

static void link_free(struct zmq_link *link)
{
    frame_socket_close(link->socket);
    memory_free(link);
}

static void link_prepare(struct frame_socket *socket, const uint8_t *server_key)
{
    const struct env_keys *keys = socket->zmq->env->options.keys;
    frame_socket_set(socket, ZMQ_IMMEDIATE, 1);
    frame_socket_set(socket, ZMQ_CONNECT_TIMEOUT, CONNECT_MS);
    frame_socket_set(socket, ZMQ_RECONNECT_IVL, RECONNECT_FIRST_MS);
    frame_socket_set(socket, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS);
    frame_socket_set_bytes(socket, ZMQ_CURVE_PUBLICKEY,
                           slice_of(env_keys_own_public(keys), ENV_KEY_SIZE));
    frame_socket_set_bytes(socket, ZMQ_CURVE_SERVERKEY, slice_of(server_key, ENV_KEY_SIZE));
}

enum status env_zmq_connect(struct env_zmq *zmq, const char *address, const char *peer_name,
                            struct env_endpoint endpoint, struct env_link **out_link)
{
    char text[ADDRESS_SIZE_MAX];
    TRY(address_of(address, text));
    const uint8_t *server_key = env_keys_of_name(zmq->env->options.keys, peer_name);
    if (server_key == NULL)
        return STATUS_NOT_FOUND;

    struct zmq_link *link = memory_alloc_zeroed(sizeof *link);
    link->base.endpoint = endpoint;
    link->socket = frame_socket_create(zmq, ZMQ_DEALER, on_link_frame, link);
    socket_prepare(link->socket, address);
    link_prepare(link->socket, server_key);
    if (zmq_connect(link->socket->socket, text) != 0) {
        link_free(link);
        return STATUS_INVALID;
    }
    frame_socket_watch(link->socket);
    *out_link = &link->base;
    return STATUS_OK;
}

void env_zmq_link_close(struct env_link *link)
{
    link_free((struct zmq_link *)link);
}

enum status env_zmq_link_send(struct env_link *link, struct slice frame)
{
    if (frame.size > LIMIT_FRAME_SIZE)
        return STATUS_TOO_LARGE;
    return frame_socket_put(((struct zmq_link *)link)->socket, frame, false);
}
