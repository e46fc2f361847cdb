/*
 * What echo_server.c does, with the router's HTTP server in our loop: the cost of that layer.
 *
 *   http_server_echo PORT [sync]
 *
 * No header is looked at, and none added.
 */
#include "core/base/check.h"
#include "core/env/env_uv.h"
#include "router/http/http_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { ANSWER_SIZE = 100, PENDING_COUNT_MAX = 4096 };

struct echo {
    struct http_request *pending[PENDING_COUNT_MAX];
    size_t pending_count;
    int hand_over; /* an eventfd: readable while requests are pending */
    bool is_sync;
};

static void answer(struct http_request *request)
{
    struct buffer body = {0};
    memset(buffer_reserve(&body, ANSWER_SIZE), 'x', ANSWER_SIZE);
    body.size = ANSWER_SIZE;
    http_request_respond(request, 200, NULL, 0, &body);
}

static void on_request(void *context, struct http_request *request)
{
    struct echo *echo = context;
    if (echo->is_sync) {
        answer(request);
        return;
    }
    uint64_t one = 1;
    if (echo->pending_count == 0)
        CHECK(write(echo->hand_over, &one, sizeof one) == sizeof one);
    CHECK(echo->pending_count < PENDING_COUNT_MAX);
    echo->pending[echo->pending_count++] = request;
}

static void take_back(void *context)
{
    struct echo *echo = context;
    uint64_t count;
    CHECK(read(echo->hand_over, &count, sizeof count) == sizeof count);
    for (size_t i = 0; i < echo->pending_count; i++)
        answer(echo->pending[i]);
    echo->pending_count = 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "http_server_echo PORT [sync]\n");
        return EXIT_FAILURE;
    }
    static struct echo echo;
    echo.hand_over = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    echo.is_sync = argc > 2 && strcmp(argv[2], "sync") == 0;

    struct env *env = env_uv_create(&(struct env_uv_options){0});
    struct env_watch *watch;
    CHECK(env_watch_start(env, echo.hand_over, take_back, &echo, &watch) == STATUS_OK);
    struct http_server_options options = {.port = (uint16_t)atoi(argv[1])};
    struct http_server *server;
    CHECK(http_server_create(env, &options, on_request, &echo, &server) == STATUS_OK);
    env_uv_run(env);
}
