/*
 * What a request says about who signed it, and how: in its Authorization header or, presigned, in
 * its query.
 *
 * Ownership: the fields borrow the header's text, or the arena that the query was decoded into.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdbool.h>

/* One of the parameters. */
struct authorization_field {
    bool is_there;
    struct slice text;
};

struct authorization {
    struct authorization_field algorithm; /* AWS4-HMAC-SHA256 */
    struct authorization_field credential;
    struct authorization_field signature;
    struct authorization_field signed_headers;
    struct authorization_field time;           /* presigned only */
    struct authorization_field security_token; /* presigned only */
};

/*
 * Reads "algorithm name=value,name=value": commas, blanks or both may separate. STATUS_INVALID, and
 * the piece without an equal-sign in `out_wrong_piece`, when one has none.
 */
MUST_USE enum status authorization_parse_header(struct slice header,
                                                struct authorization *out_authorization,
                                                struct slice *out_wrong_piece);

/* Reads the X-Amz-* parameters of a query. An empty one counts as missing, but for the algorithm.
 */
void authorization_parse_query(struct slice query, struct arena *arena,
                               struct authorization *out_authorization);

enum { CREDENTIAL_PART_COUNT = 5 };

struct credential_parts {
    struct slice access_key_id;
    struct slice date;
    struct slice region;
    struct slice service;
    struct slice terminator;
};

/* STATUS_INVALID unless slashes make five parts. */
MUST_USE enum status authorization_split_credential(struct slice credential,
                                                    struct credential_parts *out_parts);
