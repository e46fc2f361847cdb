/*
 * The names of the headers that a signature covers, sorted as they are signed.
 *
 * Ownership: the names borrow the text or request that they come from.
 */
#pragma once

#include "core/auth/auth_request.h"
#include "core/base/buffer.h"
#include "core/base/slice.h"
#include "core/base/status.h"

struct signed_headers {
    struct slice names[AUTH_HEADER_COUNT_MAX];
    size_t count;
};

/*
 * Reads "host;x-amz-date", in any order and case. STATUS_TOO_LARGE past AUTH_HEADER_COUNT_MAX.
 */
MUST_USE enum status signed_headers_parse(struct slice text, struct signed_headers *out_headers);

/* Every header of a request, but the Authorization. STATUS_TOO_LARGE as above. */
MUST_USE enum status signed_headers_of_request(const struct auth_request *request,
                                               struct signed_headers *out_headers);

bool signed_headers_contain(const struct signed_headers *headers, struct slice name);

/* Appends the names in lower case, joined by semicolons. */
void signed_headers_append(const struct signed_headers *headers, struct buffer *out);

/* Appends a name in lower case. */
void signed_headers_append_name(struct slice name, struct buffer *out);
