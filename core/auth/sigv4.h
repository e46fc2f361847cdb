/*
 * Signature Version 4: makes and verifies signatures.
 */
#pragma once

#include "core/auth/auth_request.h"
#include "core/auth/signing_keys.h"
#include "core/base/buffer.h"
#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdbool.h>

#define SIGV4_ALGORITHM  "AWS4-HMAC-SHA256"
#define SIGV4_TERMINATOR "aws4_request"

enum { SIGV4_SIGNATURE_SIZE = AUTH_HASH_HEX_SIZE };

/*
 * Appends what is signed: algorithm, time (20150830T123600Z), scope, and the hash of the canonical
 * request, a line each. Of the origin only date, region and service are read. `canonical_request`
 * may be a part of `out`.
 */
void sigv4_append_string_to_sign(const struct signing_key_origin *origin, struct slice time,
                                 struct slice canonical_request, struct buffer *out);

/* The signature of a string to sign: hexadecimal digits, without NUL. */
void sigv4_make_signature(struct signing_keys *keys, const struct signing_key_origin *origin,
                          struct slice string_to_sign, char out_signature[SIGV4_SIGNATURE_SIZE]);

/* Takes the same time wherever a wrong signature differs. */
bool sigv4_is_signature(struct signing_keys *keys, const struct signing_key_origin *origin,
                        struct slice string_to_sign, struct slice signature);

struct sigv4_signer {
    struct slice access_key_id;
    struct slice secret;
    struct slice region;
    struct slice service;
};

/*
 * For clients: appends the value of the Authorization header that signs a request with all of its
 * headers, the X-Amz-Date and Host among them. STATUS_INVALID when there is no X-Amz-Date to sign
 * for; STATUS_TOO_LARGE when there are too many headers or parameters.
 */
MUST_USE enum status sigv4_sign(struct signing_keys *keys, const struct sigv4_signer *signer,
                                const struct auth_request *request, struct buffer *out);
