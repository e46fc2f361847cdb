/*
 * HTTP server: libmicrohttpd inside our loop, without a thread of its own.
 *
 * It refuses by itself what would cost too much: bodies over their bound are answered with 413, and
 * large bodies that would not fit beside those already held with 503, neither being kept in memory;
 * heads that do not fit a connection's memory with 413 or 431. A connection beyond their bound has
 * the one closed that has been idle longest; when all are at work it is answered with 503 and
 * closed. A connection on which nothing happens is closed, and sooner one that takes nothing of a
 * long answer: at once, more or less, when others want the room. A body of which the end is not
 * certain, having both a length and a coding, is refused with 400.
 *
 * Ownership: the caller keeps the env alive longer than the server.
 * Threads:   the loop thread.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/status.h"
#include "core/env/env.h"
#include "router/http/answer_room.h"
#include "router/http/http_request.h"

#include <stdbool.h>
#include <stdint.h>

struct http_server;

/* May answer the request at once or later; must not destroy the server. */
typedef void (*http_request_fn)(void *context, struct http_request *request);

/* Answers a request that the server refuses with this status code: at once, with whatever it likes.
 */
typedef void (*http_refuse_fn)(void *context, struct http_request *request, unsigned status_code);

/* Zero takes the default, but for the port. Texts need to live during the creation only. */
struct http_server_options {
    const char *host;                /* 127.0.0.1; "::" is every address, of IPv4 too */
    uint16_t port;                   /* 0: any that is free */
    bool reuse_port;                 /* shared with other processes' listeners (SO_REUSEPORT) */
    unsigned connection_count_max;   /* 1024 */
    size_t connection_memory;        /* 12 KB: all headers of a request; cleared for each request */
    size_t body_size_max;            /* LIMIT_REQUEST_SIZE */
    size_t body_bytes_max;           /* 256 MB: bodies of requests and answers held at a time */
    size_t small_body_max;           /* 32 KB: bodies that are always taken, a connection has one */
    struct answer_room *answer_room; /* NULL: its own; what makes answers may share it */
    unsigned idle_timeout_s;         /* 60; does not run while a request is being answered */
    unsigned stall_timeout_ms;       /* 10000; a client takes nothing of an answer over 64 KB */
    const char *tls_certificate;     /* PEM, with its chain; NULL: no TLS */
    const char *tls_key;             /* PEM */
    http_refuse_fn refuse_fn;        /* NULL: refusals have neither fields nor a body */
};

/*
 * STATUS_INVALID when the host is not an address or the certificate and key are no good, STATUS_IO
 * when the address cannot be listened on.
 */
MUST_USE enum status http_server_create(struct env *env, const struct http_server_options *options,
                                        http_request_fn request_fn, void *context,
                                        struct http_server **out_server);

/*
 * Closes all connections. Requests not answered yet stay valid, and their answers are dropped.
 * NULL is fine.
 */
void http_server_destroy(struct http_server *server);
DEFINE_CLEANUP(http_server)

uint16_t http_server_port(const struct http_server *server);

/*
 * Refuses new connections from now on; open ones are told with their next answer to close. The
 * server is idle once its stats show no connection, or no request, whichever the caller waits for.
 */
void http_server_stop_accepting(struct http_server *server);

struct http_server_stats {
    unsigned connection_count;
    size_t request_count; /* begun by a client of this server and not answered to the end */
    size_t body_bytes;
    uint64_t request_total;
    uint64_t refused_too_large_total;
    uint64_t refused_busy_total;
    uint64_t stalled_total; /* connections closed as they took nothing of their answers */
};

void http_server_stats(const struct http_server *server, struct http_server_stats *out_stats);
