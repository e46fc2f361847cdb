/*
 * HTTP load: how fast a server answers, and how long an answer takes.
 *
 * A closed loop: every connection sends its next request when it has the answer to the one before,
 * until a fixed count has been answered or there are no more requests. One thread, one epoll, no
 * allocation while it runs, so that the generator costs less than what it measures. It knows just
 * enough of HTTP to find the end of an answer: a status line, Content-Length, no chunks.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdint.h>
#include <sys/types.h>

/*
 * Makes the next whole request, head and body; it must hold until the next call for the same
 * connection. An empty one means that there are no more; what is under way is still waited for.
 */
typedef struct slice (*http_load_request_fn)(void *context, unsigned connection_index);

struct http_load_answer {
    unsigned connection_index;
    unsigned status_code;
    struct slice body; /* ends with NUL beyond its size */
    uint64_t latency_ns;
};

typedef void (*http_load_answer_fn)(void *context, const struct http_load_answer *answer);

struct http_load_options {
    const char *host; /* a numeric address */
    uint16_t port;
    unsigned connection_count;
    uint64_t request_count; /* 0: until `request_fn` has no more */
    const pid_t *server_pids;
    size_t server_pid_count; /* 0: the server's CPU time is not looked at */
    http_load_request_fn request_fn;
    http_load_answer_fn answer_fn; /* or NULL */
    void *context;
};

struct http_load_result {
    uint64_t answer_count;
    uint64_t error_count; /* of these, with another status than 2xx */
    double seconds;
    double requests_per_second;
    double server_cpu_us; /* per request, user and system time of all the server's threads */
    double client_busy;   /* the share of the time that this thread ran; near 1, it was the limit */
    double p50_us;
    double p99_us;
    double p999_us;
};

/* STATUS_CLOSED when the server hangs up, STATUS_CORRUPT when it answers in no way known here. */
MUST_USE enum status http_load_run(const struct http_load_options *options,
                                   struct http_load_result *out_result);
