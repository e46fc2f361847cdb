/*
 * What the server's parts share.
 *
 * A request goes through these states; libmicrohttpd calls `http_receive` at each arrow but those
 * that say otherwise:
 *
 *   OPENED -> RECEIVING -> WAITING -> (http_request_respond) ANSWERED -> QUEUED -> (the end)
 *                             |                                 ^
 *                             +--> SUSPENDED -(respond)---------+
 *
 * Why two ways to wait: suspending a connection costs libmicrohttpd two epoll_ctl, a recv in vain
 * and an extra round, 3.8 us for a request that is answered in the same turn, where all the rest is
 * 9. A connection that just does not answer yet costs a look at each run. So a request waits
 * unsuspended first, and is suspended once it has been looked at so often that it is a slow one.
 */
#pragma once

#include "core/base/list.h"
#include "router/http/http_server.h"

#include <microhttpd.h>
#include <netinet/in.h>

enum request_state {
    REQUEST_OPENED,
    REQUEST_RECEIVING,
    REQUEST_WAITING,
    REQUEST_SUSPENDED,
    REQUEST_ANSWERED,
    REQUEST_QUEUED,
};

union http_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

struct http_request {
    struct list link;                  /* in the server's list of requests, or of spare ones */
    struct http_server *server;        /* NULL once it is destroyed */
    struct MHD_Connection *connection; /* NULL once the client is gone */
    enum request_state state;
    unsigned refusal; /* the status code it will be refused with; 0: none */
    bool must_close;  /* the connection, after the answer */
    unsigned look_count;
    size_t discarded_bytes;
    size_t charged_bytes;    /* of the server's `body_bytes` */
    struct list answer_link; /* in the server's list of long answers that are being sent */
    uint64_t taken_us;       /* when the client last took some of it, on the boot clock */
    uint64_t taken_bytes;    /* of the connection, as last looked at */

    struct arena *arena;
    struct slice method;
    struct slice path;
    struct slice query;
    struct http_header *headers;
    size_t header_count;
    struct buffer body;
    union http_address peer;

    struct MHD_Response *response; /* made and not queued yet */
    unsigned status_code;
    struct buffer answer;
};

enum {
    /* Beyond the bound, so that there is room to refuse: of a few the one refused longest is
     * closed, if it has not asked for anything yet. */
    HTTP_CONNECTIONS_SPARE = 64,
};

struct http_connection {
    struct list link; /* in the server's list of idle connections, or of refused ones */
    int descriptor;
    bool is_refused; /* its first request is answered with 503, and it is closed */
};

struct http_server {
    struct env *env;
    struct MHD_Daemon *daemon;
    http_request_fn request_fn;
    http_refuse_fn refuse_fn;
    void *context;
    uint16_t port;
    size_t body_size_max;
    size_t body_bytes_max;
    size_t small_body_max;
    uint64_t stall_timeout_us;
    struct answer_room *answer_room; /* its own or the maker's of answers */
    struct answer_room own_room;
    bool is_draining;

    unsigned connection_count_max;
    struct list idle_connections;
    struct list refused_connections;
    size_t refused_count;

    struct list requests;
    struct list long_answers; /* being sent, the one stalled longest first */
    struct list spares;
    size_t spare_count;
    struct http_server_stats stats;

    /* Of the run under way, or the last one. */
    bool is_running;
    bool has_received;
    bool has_completed;
    bool has_sent; /* a block of a long answer */
    bool has_closed;
    size_t receiving_count;
    size_t waiting_count;
    struct http_request *handled; /* the one that the handler is being called with */

    struct env_watch *watch;
    struct env_task run_task;
    struct env_timer retry_timer;
    struct env_timer expiry_timer;
    struct env_timer stall_timer;
};

/* --- Requests (http_request.c) --------------------------------------------------------------- */

/* Opens a request for what stands in the request line between method and version. */
struct http_request *http_request_open(struct http_server *server,
                                       struct MHD_Connection *connection, const char *target);

/* Copies what libmicrohttpd forgets once the connection is closed. */
void http_request_read_head(struct http_request *request, const char *method);

/* Names differ not by the case of letters. */
bool http_name_is(struct slice text, const char *name);

/* Counts bytes that the request holds from now on against the server's bound. */
void http_request_charge(struct http_request *request, size_t size);
void http_request_drop_body(struct http_request *request);

/* The connection is done with the request: frees it, unless somebody has still to answer it. */
void http_request_end(struct http_request *request);

/* The server goes away: frees the request or, if it is not answered, leaves it to who has it. */
void http_request_orphan(struct http_request *request);

void http_request_destroy(struct http_request *request);

/* --- What libmicrohttpd calls (http_receive.c) ----------------------------------------------- */

void *http_receive_open(void *context, const char *target, struct MHD_Connection *connection);
enum MHD_Result http_receive(void *context, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *upload,
                             size_t *upload_size, void **request);
void http_receive_end(void *context, struct MHD_Connection *connection, void **request,
                      enum MHD_RequestTerminationCode code);

/* --- Connections (http_connection.c) --------------------------------------------------------- */

void http_connection_notify(void *context, struct MHD_Connection *connection, void **slot,
                            enum MHD_ConnectionNotificationCode code);
bool http_connection_is_refused(struct MHD_Connection *connection);

/* How many bytes the client has taken of all that was ever sent. */
uint64_t http_connection_taken(struct MHD_Connection *connection);

/* Has libmicrohttpd find it at its end. */
void http_connection_shut(struct MHD_Connection *connection);

/* A request has begun on it; and has come to its end. */
void http_connection_begin(struct MHD_Connection *connection);
void http_connection_end(struct http_server *server, struct MHD_Connection *connection);

/* --- Long answers (http_stall.c) ------------------------------------------------------------- */

/* A long answer begins to be sent; and some of it was taken. */
void http_stall_watch(struct http_request *request);
void http_stall_note(struct http_request *request);

/* --- Inside our loop (http_turn.c) ----------------------------------------------------------- */

void http_turn_init(struct http_server *server);
MUST_USE enum status http_turn_start(struct http_server *server);
void http_turn_stop(struct http_server *server);

/* Has libmicrohttpd run before the loop sleeps. */
void http_turn_wake(struct http_server *server);
