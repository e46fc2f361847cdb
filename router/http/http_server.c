#include "router/http/http_server.h"

#include "core/base/check.h"
#include "core/base/limits.h"
#include "router/http/http_private.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

enum {
    CONNECTION_COUNT_DEFAULT = 1024,
    CONNECTION_MEMORY_DEFAULT = 12 << 10,
    BODY_BYTES_DEFAULT = 256 << 20,
    SMALL_BODY_DEFAULT = 32 << 10,
    IDLE_TIMEOUT_DEFAULT_S = 60,
    STALL_TIMEOUT_DEFAULT_MS = 10000,
    BACKLOG = 1024,
    DAEMON_OPTION_COUNT_MAX = 16,
};

/* Clients of DynamoDB speak 1.2 at least. */
static const char tls_priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

#define DEFAULT_IF_ZERO(value, default_value) ((value) != 0 ? (value) : (default_value))

static enum status address_resolve(const char *host, uint16_t port, union http_address *address)
{
    const struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICHOST,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (getaddrinfo(host != NULL ? host : "127.0.0.1", NULL, &hints, &found) != 0)
        return STATUS_INVALID;
    memcpy(address, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    if (address->any.sa_family == AF_INET)
        address->v4.sin_port = htons(port);
    else
        address->v6.sin6_port = htons(port);
    return STATUS_OK;
}

static void daemon_options_fill(const struct http_server_options *options,
                                union http_address *address, struct MHD_OptionItem *items)
{
    size_t count = 0;
#define ADD_NUMBER(name, number)                                                                   \
    items[count++] = (struct MHD_OptionItem){MHD_OPTION_##name, (intptr_t)(number), NULL}
#define ADD_POINTER(name, pointer)                                                                 \
    items[count++] = (struct MHD_OptionItem)                                                       \
    {                                                                                              \
        MHD_OPTION_##name, 0, (void *)(pointer)                                                    \
    }

    ADD_POINTER(SOCK_ADDR, &address->any);
    ADD_NUMBER(LISTEN_BACKLOG_SIZE, BACKLOG);
    ADD_NUMBER(CONNECTION_LIMIT,
               HTTP_CONNECTIONS_SPARE +
                   DEFAULT_IF_ZERO(options->connection_count_max, CONNECTION_COUNT_DEFAULT));
    ADD_NUMBER(CONNECTION_MEMORY_LIMIT,
               DEFAULT_IF_ZERO(options->connection_memory, CONNECTION_MEMORY_DEFAULT));
    ADD_NUMBER(CONNECTION_TIMEOUT,
               DEFAULT_IF_ZERO(options->idle_timeout_s, IDLE_TIMEOUT_DEFAULT_S));
    ADD_NUMBER(STRICT_FOR_CLIENT, 1);
    ADD_NUMBER(SIGPIPE_HANDLED_BY_APP, 1);
    /* Set to 0 it would also keep the address from being listened on again soon after a restart. */
    if (options->reuse_port)
        ADD_NUMBER(LISTENING_ADDRESS_REUSE, 1);
    if (options->tls_certificate != NULL) {
        ADD_POINTER(HTTPS_MEM_CERT, options->tls_certificate);
        ADD_POINTER(HTTPS_MEM_KEY, options->tls_key);
        ADD_POINTER(HTTPS_PRIORITIES, tls_priorities);
    }
    ADD_NUMBER(END, 0);
#undef ADD_NUMBER
#undef ADD_POINTER
    CHECK(count <= DAEMON_OPTION_COUNT_MAX);
}

static unsigned daemon_flags(const struct http_server_options *options,
                             const union http_address *address)
{
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
    if (options->tls_certificate != NULL)
        flags |= MHD_USE_TLS;
    if (address->any.sa_family == AF_INET6)
        flags |= MHD_USE_DUAL_STACK;
    return flags;
}

static enum status daemon_start(struct http_server *server,
                                const struct http_server_options *options)
{
    union http_address address;
    TRY(address_resolve(options->host, options->port, &address));
    struct MHD_OptionItem items[DAEMON_OPTION_COUNT_MAX];
    daemon_options_fill(options, &address, items);
    errno = 0;
    server->daemon = MHD_start_daemon(
        daemon_flags(options, &address), options->port, NULL, NULL, http_receive, server,
        MHD_OPTION_URI_LOG_CALLBACK, http_receive_open, server, MHD_OPTION_NOTIFY_COMPLETED,
        http_receive_end, server, MHD_OPTION_NOTIFY_CONNECTION, http_connection_notify, server,
        MHD_OPTION_ARRAY, items, MHD_OPTION_END);
    /* It does not say why; only the sockets' calls leave a reason. */
    if (server->daemon == NULL)
        return options->tls_certificate != NULL && errno == 0 ? STATUS_INVALID : STATUS_IO;

    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    CHECK(info != NULL);
    server->port = info->port;
    return STATUS_OK;
}

static void bounds_set(struct http_server *server, const struct http_server_options *options)
{
    server->body_size_max = DEFAULT_IF_ZERO(options->body_size_max, LIMIT_REQUEST_SIZE);
    server->body_bytes_max = DEFAULT_IF_ZERO(options->body_bytes_max, BODY_BYTES_DEFAULT);
    server->small_body_max = DEFAULT_IF_ZERO(options->small_body_max, SMALL_BODY_DEFAULT);
    server->stall_timeout_us =
        DEFAULT_IF_ZERO(options->stall_timeout_ms, STALL_TIMEOUT_DEFAULT_MS) * UINT64_C(1000);
    server->connection_count_max =
        DEFAULT_IF_ZERO(options->connection_count_max, CONNECTION_COUNT_DEFAULT);
    answer_room_init(&server->own_room, 0);
    server->answer_room = options->answer_room != NULL ? options->answer_room : &server->own_room;
}

enum status http_server_create(struct env *env, const struct http_server_options *options,
                               http_request_fn request_fn, void *context,
                               struct http_server **out_server)
{
    OWNED(http_server) server = memory_alloc_zeroed(sizeof *server);
    server->env = env;
    server->request_fn = request_fn;
    server->refuse_fn = options->refuse_fn;
    server->context = context;
    bounds_set(server, options);
    list_init(&server->idle_connections);
    list_init(&server->refused_connections);
    list_init(&server->requests);
    list_init(&server->long_answers);
    list_init(&server->spares);
    http_turn_init(server);
    TRY(daemon_start(server, options));
    TRY(http_turn_start(server));
    *out_server = GIVE(server);
    return STATUS_OK;
}

/* libmicrohttpd stops only when no connection is suspended. */
static void daemon_stop(struct http_server *server)
{
    LIST_FOR_EACH (link, &server->requests) {
        struct http_request *request = LIST_ELEMENT(link, struct http_request, link);
        if (request->state == REQUEST_SUSPENDED && request->connection != NULL)
            MHD_resume_connection(request->connection);
    }
    MHD_stop_daemon(server->daemon);
}

void http_server_destroy(struct http_server *server)
{
    if (server == NULL)
        return;
    CHECK(!server->is_running);
    http_turn_stop(server);
    if (server->daemon != NULL)
        daemon_stop(server);
    LIST_FOR_EACH (link, &server->requests)
        http_request_orphan(LIST_ELEMENT(link, struct http_request, link));
    LIST_FOR_EACH (link, &server->spares)
        http_request_destroy(LIST_ELEMENT(link, struct http_request, link));
    memory_free(server);
}

uint16_t http_server_port(const struct http_server *server)
{
    return server->port;
}

void http_server_stop_accepting(struct http_server *server)
{
    if (server->is_draining)
        return;
    server->is_draining = true;
    MHD_socket listener = MHD_quiesce_daemon(server->daemon);
    if (listener != MHD_INVALID_SOCKET)
        close(listener);
}

void http_server_stats(const struct http_server *server, struct http_server_stats *out_stats)
{
    *out_stats = server->stats;
}
