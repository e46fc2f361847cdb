/*
 * HTTP exchange: one request on a connection of its own, and its whole answer.
 *
 * Threads: blocks its caller, HTTP_EXCHANGE_TIMEOUT_S at most at each step.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum { HTTP_EXCHANGE_TIMEOUT_S = 30, HTTP_EXCHANGE_SIZE_MAX = 32 << 20 };

/* Sends the bytes of a request that asks to close, and reads until the server did. */
MUST_USE enum status http_exchange(const char *host, uint16_t port, struct slice request,
                                   struct buffer *out);

struct http_answer {
    unsigned status_code;
    struct slice head; /* what stands before the body */
    struct slice body;
};

/* The parts of an answer; STATUS_INVALID when it is none, or shorter than it says. */
MUST_USE enum status http_answer_parse(struct slice text, struct http_answer *out);

/* The value of a header; false when there is none. */
bool http_answer_header(const struct http_answer *answer, const char *name, struct slice *out);
