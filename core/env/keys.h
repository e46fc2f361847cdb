/*
 * Keys: how processes know each other. Each has a secret key, and the public keys of all that may
 * talk to it, by name; ZeroMQ's CURVE proves on each connection who has which.
 *
 * A secret key file, which its owner alone may read:     A file of known keys:
 *
 *     # comment                                              # comment
 *     secret-key <40 characters of Z85>                      <name> <40 characters of Z85>
 *
 * Mistakes in them are appended to `mistakes`, a line "file:line: what is wrong" for each.
 *
 * Threads: keys never change, so any thread may read them.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum { ENV_KEY_SIZE = 32, ENV_KEY_TEXT_SIZE = 40, ENV_KEY_NAME_SIZE_MAX = 63 };

struct env_keys;

/* STATUS_INVALID with mistakes told. */
MUST_USE enum status env_keys_read(const char *secret_path, const char *known_path,
                                   struct buffer *mistakes, struct env_keys **out_keys);

/* As `env_keys_read`, of the text of both files. */
MUST_USE enum status env_keys_of_text(struct slice secret_text, struct slice known_text,
                                      struct buffer *mistakes, struct env_keys **out_keys);
void env_keys_destroy(struct env_keys *keys);
DEFINE_CLEANUP(env_keys)

const uint8_t *env_keys_own_secret(const struct env_keys *keys);
const uint8_t *env_keys_own_public(const struct env_keys *keys);

/* The public key known under a name; NULL: none. */
const uint8_t *env_keys_of_name(const struct env_keys *keys, const char *name);

/* The name of who has that public key; NULL: nobody known. */
const char *env_keys_name_of(const struct env_keys *keys, const uint8_t public_key[ENV_KEY_SIZE]);

/* Letters, digits, '-', '_' and '.', of which the first two may begin one. */
bool env_keys_is_name(struct slice name);

/* Makes a new key: the text of its secret file, and its line for the file of known keys. */
void env_keys_generate(const char *name, struct buffer *out_secret_text,
                       struct buffer *out_known_line);
