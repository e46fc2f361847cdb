/*
 * A server and its clients in one thread: whoever waits for something turns the loop meanwhile.
 *
 * The handler answers each request with a line about it, or holds it when told to.
 */
#pragma once

#include "core/base/check.h"
#include "core/env/env_uv.h"
#include "router/http/http_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HELD_COUNT_MAX = 128, GIVE_UP_US = 30000000 };

struct fixture {
    struct env *env;
    struct http_server *server;
    bool is_holding;
    struct http_request *held[HELD_COUNT_MAX];
    size_t held_count;
    size_t handled_count;
};

struct client {
    struct fixture *fixture;
    int descriptor;
    struct buffer received;
};

/* "METHOD path query body", the body cut off after 20 bytes and followed by its size. */
static inline void fixture_respond(struct http_request *request)
{
    struct slice method = http_request_method(request);
    struct slice path = http_request_path(request);
    struct slice query = http_request_query(request);
    struct slice body = http_request_body(request);
    struct buffer answer = {0};
    buffer_append_format(&answer, "%.*s %.*s %.*s %.*s %zu", (int)method.size, method.bytes,
                         (int)path.size, path.bytes, (int)query.size, query.bytes,
                         (int)(body.size < 20 ? body.size : 20),
                         body.bytes != NULL ? (const char *)body.bytes : "", body.size);
    const struct http_field field = {"X-Test", "yes"};
    http_request_respond(request, 200, &field, 1, &answer);
}

static inline void fixture_on_request(void *context, struct http_request *request)
{
    struct fixture *fixture = context;
    fixture->handled_count++;
    if (!fixture->is_holding) {
        fixture_respond(request);
        return;
    }
    CHECK(fixture->held_count < HELD_COUNT_MAX);
    fixture->held[fixture->held_count++] = request;
}

static inline struct fixture fixture_start(void)
{
    return (struct fixture){.env = env_uv_create(&(struct env_uv_options){0})};
}

/* The server keeps the fixture's address, so this comes after the fixture has found its place. */
static inline void fixture_serve(struct fixture *fixture, const struct http_server_options *options)
{
    CHECK(http_server_create(fixture->env, options, fixture_on_request, fixture,
                             &fixture->server) == STATUS_OK);
}

static inline void fixture_deinit(struct fixture *fixture)
{
    http_server_destroy(fixture->server);
    env_uv_destroy(fixture->env);
}

#define FIXTURE(name, ...)                                                                         \
    SCOPED(fixture) name = fixture_start();                                                        \
    fixture_serve(&name, &(struct http_server_options){__VA_ARGS__})

/* Turns the loop until the condition holds. */
#define TURN_UNTIL(fixture, condition)                                                             \
    for (uint64_t start_us_ = env_boot_us((fixture)->env); !(condition);) {                        \
        CHECK(env_boot_us((fixture)->env) - start_us_ < GIVE_UP_US);                               \
        env_uv_turn((fixture)->env);                                                               \
    }

/* Does what is to do now: nothing more can follow from what was sent so far. */
static inline void fixture_turn(struct fixture *fixture)
{
    for (int i = 0; i < 50; i++)
        env_uv_turn(fixture->env);
}

static inline struct http_server_stats fixture_stats(struct fixture *fixture)
{
    struct http_server_stats stats;
    http_server_stats(fixture->server, &stats);
    return stats;
}

static inline int client_connect_to(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(descriptor >= 0);
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        close(descriptor);
        return -1;
    }
    CHECK(fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0);
    return descriptor;
}

static inline struct client client_connect(struct fixture *fixture)
{
    struct client client = {.fixture = fixture};
    client.descriptor = client_connect_to(http_server_port(fixture->server));
    CHECK(client.descriptor >= 0);
    return client;
}

static inline void client_deinit(struct client *client)
{
    if (client->descriptor >= 0)
        close(client->descriptor);
    buffer_deinit(&client->received);
}

/* Hangs up without a word more: the server sees an error and not an end. */
static inline void client_reset(struct client *client)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    CHECK(setsockopt(client->descriptor, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) == 0);
    close(client->descriptor);
    client->descriptor = -1;
}

/* False when the server has hung up meanwhile. */
static inline bool client_send(struct client *client, struct slice rest)
{
    while (rest.size > 0) {
        ssize_t size = send(client->descriptor, rest.bytes, rest.size, MSG_NOSIGNAL);
        if (size < 0 && errno != EAGAIN)
            return false;
        if (size > 0)
            rest = slice_skip(rest, (size_t)size);
        env_uv_turn(client->fixture->env);
    }
    return true;
}

static inline void client_send_text(struct client *client, const char *text)
{
    CHECK(client_send(client, slice_of_text(text)));
}

/* Takes what has come in; false once the server has hung up. */
static inline bool client_receive(struct client *client)
{
    ssize_t size =
        recv(client->descriptor, buffer_reserve(&client->received, 65536), 65536, MSG_DONTWAIT);
    if (size > 0)
        client->received.size += (size_t)size;
    return size > 0 || (size < 0 && errno == EAGAIN);
}

static inline bool client_is_closed(struct client *client)
{
    TURN_UNTIL(client->fixture, !client_receive(client));
    return true;
}

/* The size of the answer's head and body as far as they have been received; 0: not all there. */
static inline size_t client_answer_size(struct client *client, bool has_body)
{
    buffer_reserve(&client->received, 1)[0] = '\0';
    const char *text = (const char *)client->received.bytes;
    const char *end = strstr(text, "\r\n\r\n");
    if (end == NULL)
        return 0;
    size_t size = (size_t)(end - text) + 4;
    const char *length = strstr(text, "Content-Length: ");
    if (has_body && length != NULL && length < end)
        size += strtoul(length + 16, NULL, 10);
    return size <= client->received.size ? size : 0;
}

/* Waits for the next answer and takes it: the status code; the text of head and body in `answer`.
 */
static inline int client_read_answer(struct client *client, struct buffer *answer, bool has_body)
{
    TURN_UNTIL(client->fixture,
               client_answer_size(client, has_body) > 0 || !client_receive(client));
    size_t size = client_answer_size(client, has_body);
    CHECK(size > 12);
    buffer_clear(answer);
    buffer_append(answer, slice_of(client->received.bytes, size));
    buffer_append_u8(answer, 0);
    client->received.size -= size;
    memmove(client->received.bytes, client->received.bytes + size, client->received.size);
    return atoi((const char *)answer->bytes + 9);
}

/* The text after the head. */
static inline const char *answer_body(const struct buffer *answer)
{
    return strstr((const char *)answer->bytes, "\r\n\r\n") + 4;
}

static inline bool answer_has(const struct buffer *answer, const char *text)
{
    return strstr((const char *)answer->bytes, text) != NULL;
}

/* Sends and waits for the answer's status code. */
static inline int client_ask(struct client *client, const char *request, struct buffer *answer)
{
    client_send_text(client, request);
    return client_read_answer(client, answer, true);
}
