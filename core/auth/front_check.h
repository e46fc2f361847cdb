/*
 * Who sends this request, and may he? The checks of authentication, in the order in which DynamoDB
 * makes them: the first that fails names the error, so the order is part of the API.
 *
 * A pure function of its arguments, but for the cache of signing keys.
 *
 * Where any credentials are accepted the signature and the session token go unchecked, as their
 * secrets are not known; all else is checked all the same.
 *
 * A presigned request lives for 15 minutes around its time, like any other: X-Amz-Expires is not
 * read, as AWS's own services but S3 do not honour it.
 */
#pragma once

#include "core/auth/auth_request.h"
#include "core/auth/credentials.h"
#include "core/auth/signing_keys.h"
#include "core/base/arena.h"
#include "core/base/slice.h"

#include <stddef.h>
#include <stdint.h>

enum front_outcome {
    FRONT_ALLOWED,
    FRONT_MISSING_AUTHENTICATION_TOKEN,
    FRONT_INCOMPLETE_SIGNATURE,
    FRONT_INVALID_SIGNATURE,
    FRONT_UNRECOGNIZED_CLIENT,
};

struct front_rules {
    const struct credentials *credentials;
    struct signing_keys *signing_keys;
    const struct slice *regions; /* those of which requests are taken */
    size_t region_count;
    const struct slice *services; /* as signed for: "dynamodb" also for streams, "sts" */
    size_t service_count;         /* above 0; a refusal names the first one */
};

struct front_verdict {
    enum front_outcome outcome;

    /* Where refused, for the client: printable ASCII, tabs and newlines. Lives in the arena. */
    struct slice message;

    /* Where allowed. They borrow the request or the arena. */
    struct slice access_key_id;
    struct slice region;
    struct slice service;
};

/* `now` is in seconds since 1970. */
struct front_verdict front_check(const struct front_rules *rules,
                                 const struct auth_request *request, int64_t now,
                                 struct arena *arena);

/* The name of a refusal in the DynamoDB API, without namespace: "InvalidSignatureException". */
const char *front_outcome_exception(enum front_outcome outcome);
