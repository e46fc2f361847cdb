#define _GNU_SOURCE
#include "tests/bench/http_load.h"

#include "core/base/check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_SIZE_MAX = 2 << 20, EVENT_COUNT = 64 };

struct connection {
    int descriptor;
    unsigned index;
    struct slice to_send;
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
    uint64_t *latencies_ns; /* one per answer */
};

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* The time since the process began to run, on all its threads; 0 when it cannot be told. */
static double process_cpu_us(pid_t pid)
{
    char path[64];
    char text[1024] = {0};
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 0;
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);

    /* The name, in parentheses, may hold anything; utime and stime are the 12th and 13th after it.
     */
    const char *after_name = size > 0 ? strrchr(text, ')') : NULL;
    unsigned long user = 0;
    unsigned long system = 0;
    if (after_name == NULL ||
        sscanf(after_name + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
               &system) != 2)
        return 0;
    return (double)(user + system) * 1e6 / (double)sysconf(_SC_CLK_TCK);
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
    if (load->sent_count == load->options->request_count)
        return STATUS_OK;
    load->sent_count++;
    connection->answer_size = 0;
    struct slice rest = load->options->request_fn(load->options->context, connection->index);
    connection->sent_ns = now_ns();
    while (rest.size > 0) {
        ssize_t sent = send(connection->descriptor, rest.bytes, rest.size, MSG_NOSIGNAL);
        if (sent < 0)
            return STATUS_CLOSED;
        rest = slice_skip(rest, (size_t)sent);
    }
    return STATUS_OK;
}

/* Finds the answer's end; STATUS_NOT_READY while it is not all there. */
static enum status answer_measure(const struct connection *connection, size_t *out_size)
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
    *out_size = (size_t)(end - text) + 4 + body_size;
    return *out_size > ANSWER_SIZE_MAX ? STATUS_TOO_LARGE : STATUS_OK;
}

static bool answer_is_error(const struct connection *connection)
{
    return connection->answer_size < 10 || connection->answer[9] != '2';
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

    size_t whole_size = 0;
    enum status status = answer_measure(connection, &whole_size);
    if (status == STATUS_NOT_READY || (status == STATUS_OK && connection->answer_size < whole_size))
        return STATUS_OK;
    TRY(status);
    load->error_count += answer_is_error(connection);
    load->latencies_ns[load->answer_count++] = now_ns() - connection->sent_ns;
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
    while (load->answer_count < load->options->request_count) {
        struct epoll_event events[EVENT_COUNT];
        int count = epoll_wait(load->epoll, events, EVENT_COUNT, -1);
        for (int i = 0; i < count; i++)
            TRY(connection_receive(load, events[i].data.ptr));
    }
    return STATUS_OK;
}

static int compare_u64(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static double load_percentile_us(const struct load *load, double fraction)
{
    size_t position = (size_t)(fraction * (double)(load->answer_count - 1));
    return (double)load->latencies_ns[position] / 1000;
}

static void load_deinit(struct load *load)
{
    for (unsigned i = 0; i < load->options->connection_count; i++) {
        if (load->connections[i].descriptor > 0)
            close(load->connections[i].descriptor);
        memory_free(load->connections[i].answer);
    }
    memory_free(load->connections);
    memory_free(load->latencies_ns);
    close(load->epoll);
}

enum status http_load_run(const struct http_load_options *options,
                          struct http_load_result *out_result)
{
    CHECK(options->request_count > 0);
    SCOPED(load)
    load = {
        .options = options,
        .connections = memory_alloc_zeroed(options->connection_count * sizeof *load.connections),
        .epoll = epoll_create1(EPOLL_CLOEXEC),
        .latencies_ns = memory_alloc_zeroed(options->request_count * sizeof *load.latencies_ns),
    };

    double cpu_before_us = process_cpu_us(options->server_pid);
    uint64_t before_ns = now_ns();
    TRY(load_run(&load));
    double seconds = (double)(now_ns() - before_ns) / 1e9;
    double cpu_us = process_cpu_us(options->server_pid) - cpu_before_us;

    qsort(load.latencies_ns, load.answer_count, sizeof *load.latencies_ns, compare_u64);
    *out_result = (struct http_load_result){
        .answer_count = load.answer_count,
        .error_count = load.error_count,
        .requests_per_second = (double)load.answer_count / seconds,
        .server_cpu_us = cpu_us / (double)load.answer_count,
        .p50_us = load_percentile_us(&load, 0.5),
        .p99_us = load_percentile_us(&load, 0.99),
        .p999_us = load_percentile_us(&load, 0.999),
    };
    return STATUS_OK;
}
