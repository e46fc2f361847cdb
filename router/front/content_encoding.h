/*
 * Content encoding: bodies that are sent compressed, in and out.
 */
#pragma once

#include "core/auth/auth_request.h"
#include "core/base/buffer.h"
#include "core/base/status.h"

enum content_encoding {
    CONTENT_ENCODING_NONE,
    CONTENT_ENCODING_GZIP,    /* RFC 1952 */
    CONTENT_ENCODING_DEFLATE, /* RFC 1950, or RFC 1951 alone, as some send it */
    CONTENT_ENCODING_UNKNOWN,
};

enum content_encoding content_encoding_of(const struct auth_request *request);

/*
 * Appends what `body` stands for. STATUS_INVALID when it is damaged or of an unknown encoding;
 * STATUS_TOO_LARGE when it stands for more than `size_max` bytes: it is then not read to its end.
 */
MUST_USE enum status content_encoding_inflate(enum content_encoding encoding, struct slice body,
                                              size_t size_max, struct buffer *out_content);

/* Whether the client says that it takes answers in gzip. */
bool content_encoding_accepts_gzip(const struct auth_request *request);

/* Replaces a body by itself in gzip. */
void content_encoding_gzip(struct buffer *body);
