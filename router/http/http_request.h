/*
 * HTTP request: what a client asked for, and the one place to answer it.
 *
 * A handler is given a request when all of its body is there. It answers at once or later, exactly
 * once, with `http_request_respond`; that call ends the request. Until then everything the request
 * shows stays as it is, also when the client hangs up or the server is destroyed: the answer is
 * then dropped.
 *
 * Ownership: the server makes and frees requests; slices belong to the request.
 * Threads:   the loop thread.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/base/slice.h"

#include <stddef.h>

enum { HTTP_PEER_TEXT_SIZE = 64 };

struct http_request;

struct http_header {
    struct slice name; /* as sent: names are to be compared without regard to case */
    struct slice value;
};

/* A header of an answer; both are plain text without control characters. */
struct http_field {
    const char *name;
    const char *value;
};

struct slice http_request_method(const struct http_request *request);

/* As sent, that is still percent-encoded; the query is what follows the question mark. */
struct slice http_request_path(const struct http_request *request);
struct slice http_request_query(const struct http_request *request);

/* In the order in which they were sent. */
const struct http_header *http_request_headers(const struct http_request *request,
                                               size_t *out_count);

/* The value of the first header of that name; `bytes` is NULL when there is none. */
struct slice http_request_header(const struct http_request *request, const char *name);

struct slice http_request_body(const struct http_request *request);

/* The client's numeric address, without its port. */
void http_request_peer(const struct http_request *request, char out_text[HTTP_PEER_TEXT_SIZE]);

/* Memory for whoever works on the request; it lives as long as the request does. */
struct arena *http_request_arena(struct http_request *request);

/*
 * Answers. The body is taken, and left empty; the fields are copied. Content-Length, Date and
 * Connection are added. The answer goes out before the loop sleeps.
 */
void http_request_respond(struct http_request *request, unsigned status_code,
                          const struct http_field *fields, size_t field_count, struct buffer *body);
