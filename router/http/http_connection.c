/*
 * Which connections there are, and which of them make room when there are too many.
 */
#include "router/http/http_private.h"

#include <linux/tcp.h>

/*
 * A connection without a request is in `idle_connections`, the longest idle first. libmicrohttpd
 * has no call to close one: the end of its socket is found at once, and is the same.
 */
static void connection_shut(struct http_connection *connection)
{
    list_remove(&connection->link);
    (void)shutdown(connection->descriptor, SHUT_RDWR);
}

/* Makes room for a new connection, or has it refused when all others are at work. */
static void room_make(struct http_server *server, struct http_connection *connection)
{
    struct list *first = server->idle_connections.next;
    if (first != &server->idle_connections) {
        connection_shut(LIST_ELEMENT(first, struct http_connection, link));
        return;
    }
    connection->is_refused = true;
    if (++server->refused_count > HTTP_CONNECTIONS_SPARE / 2)
        connection_shut(
            LIST_ELEMENT(server->refused_connections.next, struct http_connection, link));
}

static void connection_open(struct http_server *server, struct MHD_Connection *base, void **slot)
{
    struct http_connection *connection = memory_alloc_zeroed(sizeof *connection);
    list_init(&connection->link);
    connection->descriptor =
        MHD_get_connection_info(base, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    if (++server->stats.connection_count > server->connection_count_max)
        room_make(server, connection);
    list_append(connection->is_refused ? &server->refused_connections : &server->idle_connections,
                &connection->link);
    *slot = connection;
}

static void connection_close(struct http_server *server, struct http_connection *connection)
{
    server->stats.connection_count--;
    server->refused_count -= connection->is_refused;
    server->has_closed = true;
    list_remove(&connection->link);
    memory_free(connection);
}

void http_connection_notify(void *context, struct MHD_Connection *connection, void **slot,
                            enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        connection_open(context, connection, slot);
    else
        connection_close(context, *slot);
}

static struct http_connection *connection_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

bool http_connection_is_refused(struct MHD_Connection *connection)
{
    return connection_of(connection)->is_refused;
}

uint64_t http_connection_taken(struct MHD_Connection *connection)
{
    struct tcp_info state = {0};
    socklen_t size = sizeof state;
    /* It fails once the connection is broken, which then ends anyway. */
    (void)getsockopt(connection_of(connection)->descriptor, IPPROTO_TCP, TCP_INFO, &state, &size);
    return state.tcpi_bytes_acked;
}

void http_connection_shut(struct MHD_Connection *connection)
{
    (void)shutdown(connection_of(connection)->descriptor, SHUT_RDWR);
}

void http_connection_begin(struct MHD_Connection *connection)
{
    struct http_connection *self = connection_of(connection);
    if (!self->is_refused)
        list_remove(&self->link);
}

void http_connection_end(struct http_server *server, struct MHD_Connection *connection)
{
    struct http_connection *self = connection_of(connection);
    if (!self->is_refused)
        list_append(&server->idle_connections, &self->link);
}
