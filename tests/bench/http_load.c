#define _GNU_SOURCE
#include "tests/bench/http_load.h"

#include "core/base/check.h"
#include "tests/bench/latency.h"
#include "tests/bench/process_cpu.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_SIZE_MAX = 2 << 20, EVENT_COUNT = 64 };

struct connection {
    int descriptor;
    unsigned index;
    uint64_t sent_ns;
    uint8_t *answer;
    size_t answer_size;
};

struct load {
    const struct http_load_options *options;
    struct connection *connections;
    int epoll;
    uint64_t sent_count;
    uint64_t answer_count;
    uint64_t error_count;
    unsigned busy_count; /* connections with a request under way */
    struct latency latency;
};

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Of this thread, which is all there is. */
static double own_cpu_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static enum status connection_open(struct load *load, struct connection *connection)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(load->options->port)};
    if (inet_pton(AF_INET, load->options->host, &address.sin_addr) != 1)
        return STATUS_INVALID;
    connection->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(connection->descriptor >= 0);
    if (connect(connection->descriptor, (struct sockaddr *)&address, sizeof address) != 0)
        return STATUS_CLOSED;

    int one = 1;
    setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    CHECK(epoll_ctl(load->epoll, EPOLL_CTL_ADD, connection->descriptor, &event) == 0);
    return STATUS_OK;
}

/* Blocks while the server does not read; a server that never does is not worth measuring. */
static enum status connection_send(struct load *load, struct connection *connection)
{
    const struct http_load_options *options = load->options;
    if (options->request_count > 0 && load->sent_count == options->request_count)
        return STATUS_OK;
    struct slice rest = options->request_fn(options->context, connection->index);
    if (rest.size == 0)
        return STATUS_OK;
    load->sent_count++;
    load->busy_count++;
    connection->answer_size = 0;
    connection->sent_ns = now_ns();
    while (rest.size > 0) {
        ssize_t sent = send(connection->descriptor, rest.bytes, rest.size, MSG_NOSIGNAL);
        if (sent < 0)
            return STATUS_CLOSED;
        rest = slice_skip(rest, (size_t)sent);
    }
    return STATUS_OK;
}

struct parts {
    unsigned status_code;
    size_t head_size;
    size_t whole_size;
};

/* Finds the answer's end; STATUS_NOT_READY while it is not all there. */
static enum status answer_measure(const struct connection *connection, struct parts *out_parts)
{
    const char *text = (const char *)connection->answer;
    const char *end = memmem(text, connection->answer_size, "\r\n\r\n", 4);
    if (end == NULL)
        return STATUS_NOT_READY;

    size_t body_size = 0;
    for (const char *line = text; line < end; line = strchr(line, '\n') + 1) {
        if (strncasecmp(line, "content-length:", 15) == 0)
            body_size = strtoul(line + 15, NULL, 10);
        if (strncasecmp(line, "transfer-encoding:", 18) == 0)
            return STATUS_CORRUPT;
    }
    out_parts->head_size = (size_t)(end - text) + 4;
    out_parts->whole_size = out_parts->head_size + body_size;
    out_parts->status_code = (unsigned)strtoul(text + strcspn(text, " "), NULL, 10);
    if (out_parts->whole_size > ANSWER_SIZE_MAX)
        return STATUS_TOO_LARGE;
    return connection->answer_size < out_parts->whole_size ? STATUS_NOT_READY : STATUS_OK;
}

static void answer_count(struct load *load, struct connection *connection,
                         const struct parts *parts)
{
    struct http_load_answer answer = {
        .connection_index = connection->index,
        .status_code = parts->status_code,
        .body =
            slice_of(connection->answer + parts->head_size, parts->whole_size - parts->head_size),
        .latency_ns = now_ns() - connection->sent_ns,
    };
    load->busy_count--;
    load->answer_count++;
    load->error_count += parts->status_code / 100 != 2;
    latency_add(&load->latency, answer.latency_ns);
    if (load->options->answer_fn != NULL)
        load->options->answer_fn(load->options->context, &answer);
}

static enum status connection_receive(struct load *load, struct connection *connection)
{
    ssize_t size = recv(connection->descriptor, connection->answer + connection->answer_size,
                        ANSWER_SIZE_MAX - connection->answer_size, MSG_DONTWAIT);
    if (size < 0 && errno == EAGAIN)
        return STATUS_OK;
    if (size <= 0)
        return STATUS_CLOSED;
    connection->answer_size += (size_t)size;
    connection->answer[connection->answer_size] = '\0';

    struct parts parts;
    enum status status = answer_measure(connection, &parts);
    if (status == STATUS_NOT_READY)
        return STATUS_OK;
    TRY(status);
    answer_count(load, connection, &parts);
    return connection_send(load, connection);
}

static enum status load_start(struct load *load)
{
    for (unsigned i = 0; i < load->options->connection_count; i++) {
        struct connection *connection = &load->connections[i];
        *connection = (struct connection){.descriptor = -1, .index = i};
        connection->answer = memory_alloc(ANSWER_SIZE_MAX + 1);
        TRY(connection_open(load, connection));
    }
    for (unsigned i = 0; i < load->options->connection_count; i++)
        TRY(connection_send(load, &load->connections[i]));
    return STATUS_OK;
}

static enum status load_run(struct load *load)
{
    TRY(load_start(load));
    while (load->busy_count > 0) {
        struct epoll_event events[EVENT_COUNT];
        int count = epoll_wait(load->epoll, events, EVENT_COUNT, -1);
        for (int i = 0; i < count; i++)
            TRY(connection_receive(load, events[i].data.ptr));
    }
    return STATUS_OK;
}

static void load_deinit(struct load *load)
{
    for (unsigned i = 0; i < load->options->connection_count; i++) {
        if (load->connections[i].descriptor > 0)
            close(load->connections[i].descriptor);
        memory_free(load->connections[i].answer);
    }
    memory_free(load->connections);
    close(load->epoll);
}

enum status http_load_run(const struct http_load_options *options,
                          struct http_load_result *out_result)
{
    SCOPED(load)
    load = {
        .options = options,
        .connections = memory_alloc_zeroed(options->connection_count * sizeof *load.connections),
        .epoll = epoll_create1(EPOLL_CLOEXEC),
    };

    double cpu_before_us = process_cpu_us(options->server_pids, options->server_pid_count);
    double own_before = own_cpu_seconds();
    uint64_t before_ns = now_ns();
    TRY(load_run(&load));
    double seconds = (double)(now_ns() - before_ns) / 1e9;
    double cpu_us = process_cpu_us(options->server_pids, options->server_pid_count) - cpu_before_us;
    double answer_count_or_one = load.answer_count > 0 ? (double)load.answer_count : 1;

    *out_result = (struct http_load_result){
        .answer_count = load.answer_count,
        .error_count = load.error_count,
        .seconds = seconds,
        .requests_per_second = (double)load.answer_count / seconds,
        .server_cpu_us = cpu_us / answer_count_or_one,
        .client_busy = (own_cpu_seconds() - own_before) / seconds,
        .p50_us = latency_percentile_us(&load.latency, 0.5),
        .p99_us = latency_percentile_us(&load.latency, 0.99),
        .p999_us = latency_percentile_us(&load.latency, 0.999),
    };
    return STATUS_OK;
}
