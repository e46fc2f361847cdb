/*
 * A request as whoever signs or verifies it sees it: borrowed bytes of an HTTP request.
 *
 * Nothing here is checked or decoded; paths and queries stand as they were sent.
 */
#pragma once

#include "core/base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    AUTH_HASH_SIZE = 32,
    AUTH_HASH_HEX_SIZE = 64,

    /* More of either is refused, so that looking names up stays cheap. */
    AUTH_HEADER_COUNT_MAX = 100,
    AUTH_PARAMETER_COUNT_MAX = 100,
};

struct auth_header {
    struct slice name;
    struct slice value;
};

struct auth_request {
    struct slice method;
    struct slice path;  /* up to the question mark */
    struct slice query; /* what follows it */
    const struct auth_header *headers;
    size_t header_count;
    struct slice body;
    const uint8_t *body_hash; /* its SHA-256, or NULL: computed from `body` where it is needed */
};

/* Header names, which differ neither in value nor in order by the case of ASCII letters. */
bool auth_letters_are_equal(struct slice left, struct slice right); /* of one size */
static inline bool auth_name_is_equal(struct slice left, struct slice right)
{
    return left.size == right.size && auth_letters_are_equal(left, right);
}
int auth_name_compare(struct slice left, struct slice right);

/* The value of the first header of this name. */
bool auth_request_find(const struct auth_request *request, struct slice name,
                       struct slice *out_value);
static inline bool auth_request_find_header(const struct auth_request *request, const char *name,
                                            struct slice *out_value)
{
    return auth_request_find(request, slice_of_text(name), out_value);
}

void auth_request_hash_body(const struct auth_request *request, uint8_t out_hash[AUTH_HASH_SIZE]);

/* Lower-case hexadecimal digits, without NUL. */
void auth_hash_to_hex(const uint8_t hash[AUTH_HASH_SIZE], char out_hex[AUTH_HASH_HEX_SIZE]);
