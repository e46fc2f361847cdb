/*
 * What libmicrohttpd tells of a request, step by step.
 */
#include "core/base/check.h"
#include "router/http/http_private.h"

#include <stdlib.h>
#include <strings.h>

enum {
    /* See http_private.h; from 2 to 32 make no difference to measure. */
    LOOK_COUNT_MAX = 8,
    WAITING_COUNT_MAX = 64,
    BODY_RESERVE_MAX = 64 << 10,
};

void *http_receive_open(void *context, const char *target, struct MHD_Connection *connection)
{
    http_connection_begin(connection);
    return http_request_open(context, connection, target);
}

/* The body's size as declared; 0 for a chunked one. libmicrohttpd has checked that it is a number.
 */
static uint64_t declared_size(const struct http_request *request)
{
    struct slice text = http_request_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return text.bytes == NULL ? 0 : strtoull((const char *)text.bytes, NULL, 10);
}

/* The status code of a refusal when so many more bytes cannot be taken, otherwise 0. */
static unsigned refusal_of(const struct http_request *request, uint64_t size)
{
    const struct http_server *server = request->server;
    if (size > server->body_size_max || request->body.size + size > server->body_size_max)
        return MHD_HTTP_CONTENT_TOO_LARGE;
    bool is_small = request->body.size + size <= server->small_body_max;
    if (!is_small && server->stats.body_bytes + size > server->body_bytes_max)
        return MHD_HTTP_SERVICE_UNAVAILABLE;
    return 0;
}

static void request_refuse(struct http_request *request, unsigned refusal)
{
    struct http_server_stats *stats = &request->server->stats;
    stats->refused_too_large_total += refusal == MHD_HTTP_CONTENT_TOO_LARGE;
    stats->refused_busy_total += refusal == MHD_HTTP_SERVICE_UNAVAILABLE;
    request->refusal = refusal;
    http_request_drop_body(request);
}

static enum MHD_Result request_queue_answer(struct http_request *request)
{
    enum MHD_Result result =
        MHD_queue_response(request->connection, request->status_code, request->response);
    MHD_destroy_response(request->response);
    request->response = NULL;
    request->state = REQUEST_QUEUED;
    return result;
}

static enum MHD_Result request_answer_refusal(struct http_request *request)
{
    struct http_server *server = request->server;
    struct buffer nothing = {0};
    request->state = REQUEST_WAITING;
    server->waiting_count++;
    server->handled = request;
    if (server->refuse_fn != NULL)
        server->refuse_fn(server->context, request, request->refusal);
    else
        http_request_respond(request, request->refusal, NULL, 0, &nothing);
    server->handled = NULL;
    CHECK(request->response != NULL);
    return request_queue_answer(request);
}

/*
 * A refused body is read all the same, as a client that is cut off while it sends will not see the
 * answer: unless it waits for our permission to send, or there is far too much, or it is not
 * certain where it ends.
 */
static bool refusal_is_due_now(const struct http_request *request, uint64_t size)
{
    return request->refusal == MHD_HTTP_BAD_REQUEST ||
           size > 2 * (uint64_t)request->server->body_size_max ||
           http_request_header(request, MHD_HTTP_HEADER_EXPECT).bytes != NULL;
}

/*
 * Whether it is certain where the body ends (RFC 9112, 6.3): another server on the way may see
 * another end, and take what follows for a request of somebody else's.
 */
static bool has_certain_end(const struct http_request *request)
{
    size_t length_count = 0, coding_count = 0;
    for (size_t i = 0; i < request->header_count; i++) {
        const struct http_header *header = &request->headers[i];
        length_count += http_name_is(header->name, MHD_HTTP_HEADER_CONTENT_LENGTH);
        if (!http_name_is(header->name, MHD_HTTP_HEADER_TRANSFER_ENCODING))
            continue;
        coding_count++;
        if (!http_name_is(header->value, "chunked"))
            return false;
    }
    return length_count + coding_count <= 1;
}

static unsigned first_refusal_of(const struct http_request *request, uint64_t size)
{
    if (!has_certain_end(request))
        return MHD_HTTP_BAD_REQUEST;
    if (http_connection_is_refused(request->connection))
        return MHD_HTTP_SERVICE_UNAVAILABLE;
    return refusal_of(request, size);
}

static enum MHD_Result request_begin(struct http_request *request, const char *method)
{
    http_request_read_head(request, method);
    uint64_t size = declared_size(request);
    unsigned refusal = first_refusal_of(request, size);
    request->must_close =
        refusal == MHD_HTTP_BAD_REQUEST || http_connection_is_refused(request->connection);
    if (refusal != 0) {
        request_refuse(request, refusal);
        if (refusal_is_due_now(request, size))
            return request_answer_refusal(request);
    } else if (size > 0) {
        buffer_reserve(&request->body, size < BODY_RESERVE_MAX ? size : BODY_RESERVE_MAX);
    }
    request->state = REQUEST_RECEIVING;
    request->server->receiving_count++;
    return MHD_YES;
}

/* Keeps a piece of the body; MHD_NO closes the connection. */
static enum MHD_Result request_receive(struct http_request *request, struct slice piece)
{
    request->server->has_received = true;
    unsigned refusal = request->refusal == 0 ? refusal_of(request, piece.size) : 0;
    if (refusal != 0)
        request_refuse(request, refusal);
    if (request->refusal == 0) {
        http_request_charge(request, piece.size);
        buffer_append(&request->body, piece);
        return MHD_YES;
    }
    request->discarded_bytes += piece.size;
    return request->discarded_bytes <= 2 * request->server->body_size_max ? MHD_YES : MHD_NO;
}

static void request_suspend(struct http_request *request)
{
    request->state = REQUEST_SUSPENDED;
    request->server->waiting_count--;
    MHD_suspend_connection(request->connection);
}

static enum MHD_Result request_hand_over(struct http_request *request)
{
    struct http_server *server = request->server;
    server->receiving_count--;
    if (request->refusal != 0)
        return request_answer_refusal(request);

    server->stats.request_total++;
    request->state = REQUEST_WAITING;
    server->waiting_count++;
    server->handled = request;
    server->request_fn(server->context, request);
    server->handled = NULL;
    if (request->state == REQUEST_ANSWERED)
        return request_queue_answer(request);
    if (server->waiting_count > WAITING_COUNT_MAX)
        request_suspend(request);
    return MHD_YES;
}

enum MHD_Result http_receive(void *context, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *upload,
                             size_t *upload_size, void **request_slot)
{
    (void)context, (void)connection, (void)url, (void)version;
    struct http_request *request = *request_slot;
    struct slice piece = slice_of(upload, *upload_size);
    *upload_size = 0;
    switch (request->state) {
    case REQUEST_OPENED:
        return request_begin(request, method);
    case REQUEST_RECEIVING:
        return piece.size > 0 ? request_receive(request, piece) : request_hand_over(request);
    case REQUEST_WAITING:
        if (++request->look_count > LOOK_COUNT_MAX)
            request_suspend(request);
        return MHD_YES;
    case REQUEST_ANSWERED:
        return request_queue_answer(request);
    case REQUEST_SUSPENDED: /* it is being destroyed with the server */
    case REQUEST_QUEUED:
        return MHD_YES;
    }
    return MHD_NO;
}

void http_receive_end(void *context, struct MHD_Connection *connection, void **request_slot,
                      enum MHD_RequestTerminationCode code)
{
    (void)code;
    struct http_server *server = context;
    struct http_request *request = *request_slot;
    *request_slot = NULL;
    server->has_completed = true;
    if (request == NULL)
        return;
    http_connection_end(server, connection);
    server->receiving_count -= request->state == REQUEST_RECEIVING;
    server->waiting_count -= request->state == REQUEST_WAITING;
    http_request_end(request);
}
