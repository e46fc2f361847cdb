/*
 * The access keys that clients may sign with, read from AWS's shared-credentials format:
 *
 *     [default]
 *     aws_access_key_id = AKIDEXAMPLE
 *     aws_secret_access_key = wJalrXUtnFEMI
 *     aws_session_token = optional
 *
 * Other settings, and profiles without a key, are passed over.
 *
 * Secrets: zeroed by destroy, and never part of a mistake's text. The text that was parsed is the
 *          caller's to zero.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    CREDENTIALS_TEXT_SIZE_MAX = 1 << 20,
    CREDENTIALS_SECRET_SIZE_MAX = 128,
};

struct credentials;

struct credential {
    struct slice access_key_id;
    struct slice secret;
    struct slice session_token; /* empty: none */
};

struct credentials_mistake {
    size_t line; /* from 1 on; 0: of the text as a whole */
    const char *text;
};

/* Any key id is welcome, and signatures cannot be checked: for development on one machine. */
struct credentials *credentials_create_any(void);

/*
 * Reads a file's text. STATUS_INVALID, and the first mistake in `out_mistake`, when it breaks the
 * format, gives half a key, repeats itself or holds no key at all.
 */
MUST_USE enum status credentials_parse(struct slice text, struct credentials_mistake *out_mistake,
                                       struct credentials **out_credentials);

void credentials_destroy(struct credentials *credentials);
DEFINE_CLEANUP(credentials)

bool credentials_accept_any(const struct credentials *credentials);

/* NULL when there is no such key, and always where any is accepted. */
const struct credential *credentials_find(const struct credentials *credentials,
                                          struct slice access_key_id);
