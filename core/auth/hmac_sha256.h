/*
 * HMAC-SHA-256 (RFC 2104) with a key that is used again and again: both of its blocks are hashed
 * once. The hash is OpenSSL's, as in sha256.h.
 *
 * Secrets: who holds a key zeroes it (sodium_memzero) when done.
 */
#pragma once

#include "core/auth/sha256.h"
#include "core/base/slice.h"

#include <stdint.h>

struct hmac_sha256_half {
    uint32_t opaque[28]; /* a SHA256_CTX, checked where it is used */
};

/* The state of the hash after the key's inner and outer block. */
struct hmac_sha256_key {
    struct hmac_sha256_half inner;
    struct hmac_sha256_half outer;
};

void hmac_sha256_key_init(struct hmac_sha256_key *key, struct slice secret);

void hmac_sha256(const struct hmac_sha256_key *key, struct slice text,
                 uint8_t out_mac[static SHA256_SIZE]);
