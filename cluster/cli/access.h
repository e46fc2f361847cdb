/*
 * Access: who may use an endpoint, and its TLS, read from an operator's files.
 */
#pragma once

#include "core/auth/credentials.h"
#include "core/base/buffer.h"
#include "core/base/status.h"

#include <stdbool.h>

struct env;

/* Tells a mistake on stderr, by file and line. */
MUST_USE enum status access_load_credentials(struct env *env, const char *path,
                                             struct credentials **out_credentials);

/* A certificate and its key, as PEM texts. */
struct access_tls {
    struct buffer certificate;
    struct buffer key;
    bool is_on;
};

/* Neither path, or both. Tells a mistake on stderr. */
MUST_USE enum status access_load_tls(struct env *env, const char *certificate_path,
                                     const char *key_path, struct access_tls *out_tls);
void access_tls_deinit(struct access_tls *tls);
