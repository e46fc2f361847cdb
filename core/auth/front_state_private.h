/*
 * A request on its way through the checks of front_check.h, and what its checks share.
 *
 * A check that fails writes the verdict and returns STATUS_INVALID, so that TRY ends the row.
 */
#pragma once

#include "core/auth/authorization.h"
#include "core/auth/front_check.h"
#include "core/auth/request_time.h"
#include "core/auth/signed_headers.h"
#include "core/base/buffer.h"

struct front_state {
    const struct front_rules *rules;
    struct auth_request request;
    int64_t now;
    struct arena *arena;
    struct slice header; /* the Authorization; empty where presigned */
    struct authorization authorization;
    char time[REQUEST_TIME_SIZE + 1];
    struct signed_headers *signed_headers; /* filled in by its check */
    struct credential_parts parts;
    const struct credential *credential; /* NULL where any is accepted */
    uint8_t body_hash[AUTH_HASH_SIZE];
    struct front_verdict verdict;
};

MUST_USE enum status front_refuse(struct front_state *state, enum front_outcome outcome,
                                  struct slice message);
MUST_USE enum status front_refuse_text(struct front_state *state, enum front_outcome outcome,
                                       const char *message);

/* For messages: the text between single quotes. */
void front_append_quoted(struct buffer *message, struct slice text);

/* --- front_form.c, in the order of the checks ------------------------------------------------ */

/* One form of authentication, header or query, and not both. */
MUST_USE enum status front_check_form(struct front_state *state);

/* That form is whole: fills in the authorization. */
MUST_USE enum status front_check_parameters(struct front_state *state);

/* The time is one, and close to now: fills it in. */
MUST_USE enum status front_check_time(struct front_state *state);
