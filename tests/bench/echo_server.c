/*
 * The floor that the router's HTTP layer is measured against: libmicrohttpd alone.
 *
 *   echo_server PORT [sync]
 *
 * A POST is answered with 100 bytes. The connection is suspended while the request goes through
 * another descriptor, as it would through a node, and resumed when it comes back; with `sync` it is
 * answered on the spot.
 */
#include "core/base/check.h"
#include "core/base/memory.h"

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A connection's memory is as in router/http: libmicrohttpd clears it for each request. */
enum { ANSWER_SIZE = 100, EVENT_COUNT = 4, IDLE_TIMEOUT_S = 60, CONNECTION_MEMORY = 12 << 10 };

struct request {
    struct MHD_Connection *connection;
    struct request *next;
    bool is_handed_over;
};

struct server {
    struct MHD_Daemon *daemon;
    struct request *pending;
    int hand_over; /* an eventfd: readable while `pending` is not empty */
    bool is_sync;
};

static char answer_bytes[ANSWER_SIZE];

static enum MHD_Result answer(struct MHD_Connection *connection)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(ANSWER_SIZE, answer_bytes, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result request_hand_over(struct server *server, struct request *request)
{
    if (server->is_sync || request->is_handed_over)
        return answer(request->connection);
    uint64_t one = 1;
    if (server->pending == NULL)
        CHECK(write(server->hand_over, &one, sizeof one) == sizeof one);
    request->is_handed_over = true;
    request->next = server->pending;
    server->pending = request;
    MHD_suspend_connection(request->connection);
    return MHD_YES;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **slot)
{
    (void)url, (void)method, (void)version, (void)upload;
    if (*slot == NULL) {
        struct request *request = memory_alloc_zeroed(sizeof *request);
        request->connection = connection;
        *slot = request;
        return MHD_YES;
    }
    if (*upload_size == 0)
        return request_hand_over(context, *slot);
    *upload_size = 0;
    return MHD_YES;
}

static void on_end(void *context, struct MHD_Connection *connection, void **slot,
                   enum MHD_RequestTerminationCode code)
{
    (void)context, (void)connection, (void)code;
    memory_free(*slot);
    *slot = NULL;
}

/* The answers come back: libmicrohttpd calls the handler again, which queues them. */
static void take_back(struct server *server)
{
    uint64_t count;
    CHECK(read(server->hand_over, &count, sizeof count) == sizeof count);
    struct request *request = server->pending;
    server->pending = NULL;
    for (; request != NULL; request = request->next)
        MHD_resume_connection(request->connection);
}

static int epoll_of(struct server *server)
{
    int descriptor = epoll_create1(EPOLL_CLOEXEC);
    int daemon = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    struct epoll_event daemon_event = {.events = EPOLLIN, .data.fd = daemon};
    struct epoll_event hand_over_event = {.events = EPOLLIN, .data.fd = server->hand_over};
    CHECK(epoll_ctl(descriptor, EPOLL_CTL_ADD, daemon, &daemon_event) == 0);
    CHECK(epoll_ctl(descriptor, EPOLL_CTL_ADD, server->hand_over, &hand_over_event) == 0);
    return descriptor;
}

static _Noreturn void run(struct server *server)
{
    int descriptor = epoll_of(server);
    for (;;) {
        unsigned long long timeout_ms = 0;
        bool has_timeout = MHD_get_timeout(server->daemon, &timeout_ms) == MHD_YES;
        struct epoll_event events[EVENT_COUNT];
        int count = epoll_wait(descriptor, events, EVENT_COUNT, has_timeout ? (int)timeout_ms : -1);
        for (int i = 0; i < count; i++)
            if (events[i].data.fd == server->hand_over)
                take_back(server);
        CHECK(MHD_run(server->daemon) == MHD_YES);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "echo_server PORT [sync]\n");
        return EXIT_FAILURE;
    }
    memset(answer_bytes, 'x', sizeof answer_bytes);
    struct server server = {
        .hand_over = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC),
        .is_sync = argc > 2 && strcmp(argv[2], "sync") == 0,
    };
    server.daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, (uint16_t)atoi(argv[1]), NULL, NULL, on_request,
        &server, MHD_OPTION_NOTIFY_COMPLETED, on_end, &server, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_END);
    CHECK(server.daemon != NULL);
    run(&server);
}
