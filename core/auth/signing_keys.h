/*
 * Signing keys, derived once per day, region and service: deriving one takes longer than signing.
 *
 * The least recently used keys make room for new ones. A key is found only by the secret that it
 * was derived from, so credentials may change under it.
 *
 * Threads: a cache belongs to one thread.
 * Secrets: keys and secrets are zeroed when they leave the cache.
 */
#pragma once

#include "core/auth/hmac_sha256.h"
#include "core/base/memory.h"
#include "core/base/slice.h"

#include <stddef.h>

struct signing_keys;

/* What a key is derived from, and whose it is. */
struct signing_key_origin {
    struct slice access_key_id;
    struct slice secret;
    struct slice date; /* 20150830 */
    struct slice region;
    struct slice service;
};

/* Holds at most `count_max` keys, which is above 0. */
struct signing_keys *signing_keys_create(size_t count_max);
void signing_keys_destroy(struct signing_keys *keys);
DEFINE_CLEANUP(signing_keys)

size_t signing_keys_count(const struct signing_keys *keys);

/*
 * The key that signs for an origin, good until the next call. An origin too long to remember is
 * derived each time.
 */
const struct hmac_sha256_key *signing_keys_find(struct signing_keys *keys,
                                                const struct signing_key_origin *origin);
