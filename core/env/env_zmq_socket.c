#include "core/base/check.h"
#include "core/env/env_zmq_private.h"

#include <errno.h>

struct frame_socket *frame_socket_create(struct env_zmq *zmq, int type, frame_receive_fn receive_fn,
                                         void *owner)
{
    struct frame_socket *socket = memory_alloc_zeroed(sizeof *socket);
    socket->zmq = zmq;
    zmq->socket_count++;
    socket->socket = zmq_socket(zmq->context, type);
    CHECK(socket->socket != NULL);
    socket->receive_fn = receive_fn;
    socket->owner = owner;
    list_init(&socket->touched);
    frame_socket_set(socket, ZMQ_LINGER, 0);

    int descriptor;
    size_t size = sizeof descriptor;
    CHECK(zmq_getsockopt(socket->socket, ZMQ_FD, &descriptor, &size) == 0);
    CHECK(uv_poll_init(&zmq->env->loop, &socket->poll, descriptor) == 0);
    socket->poll.data = socket;
    return socket;
}

static void on_event(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct frame_socket *socket = poll->data;
    uv_turn_begin(socket->zmq->env);
    frame_socket_touch(socket);
}

void frame_socket_watch(struct frame_socket *socket)
{
    CHECK(uv_poll_start(&socket->poll, UV_READABLE, on_event) == 0);
    frame_socket_touch(socket);
}

static void on_closed(uv_handle_t *handle)
{
    memory_free(handle->data);
}

void frame_socket_close(struct frame_socket *socket)
{
    if (socket == NULL)
        return;
    socket->is_closed = true;
    list_remove(&socket->touched);
    /* The loop lets go of the descriptor before libzmq closes it. */
    uv_close((uv_handle_t *)&socket->poll, on_closed);
    CHECK(zmq_close(socket->socket) == 0);
    socket->zmq->socket_count--;
    socket->socket = NULL;
}

void frame_socket_touch(struct frame_socket *socket)
{
    if (list_is_empty(&socket->touched))
        list_append(&socket->zmq->touched, &socket->touched);
}

void frame_socket_set(struct frame_socket *socket, int option, int value)
{
    CHECK(zmq_setsockopt(socket->socket, option, &value, sizeof value) == 0);
}

void frame_socket_set_bytes(struct frame_socket *socket, int option, struct slice value)
{
    CHECK(zmq_setsockopt(socket->socket, option, value.bytes, value.size) == 0);
}

bool frame_socket_take(struct frame_socket *socket, zmq_msg_t *out_part)
{
    CHECK(zmq_msg_init(out_part) == 0);
    int size;
    do
        size = zmq_msg_recv(out_part, socket->socket, ZMQ_DONTWAIT);
    while (size < 0 && errno == EINTR);
    if (size >= 0)
        return true;
    CHECK(errno == EAGAIN);
    CHECK(zmq_msg_close(out_part) == 0);
    return false;
}

bool frame_socket_drop_rest(struct frame_socket *socket, zmq_msg_t *part)
{
    bool has_more = zmq_msg_more(part) != 0;
    for (bool is_last = !has_more; !is_last;) {
        zmq_msg_t dropped;
        /* Parts of one message come together. */
        CHECK(frame_socket_take(socket, &dropped));
        is_last = zmq_msg_more(&dropped) == 0;
        CHECK(zmq_msg_close(&dropped) == 0);
    }
    return has_more;
}

enum status frame_socket_put(struct frame_socket *socket, struct slice part, bool more)
{
    int flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0);
    int size;
    do
        size = zmq_send(socket->socket, part.bytes, part.size, flags);
    while (size < 0 && errno == EINTR);
    int error_number = errno;
    frame_socket_touch(socket);
    if (size >= 0)
        return STATUS_OK;
    CHECK(error_number == EAGAIN || error_number == EHOSTUNREACH);
    return error_number == EAGAIN ? STATUS_BUSY : STATUS_CLOSED;
}
