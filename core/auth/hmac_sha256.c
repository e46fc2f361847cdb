/* The direct functions: fetching an algorithm by name costs more than hashing a request. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "core/auth/hmac_sha256.h"

#include <openssl/sha.h>
#include <sodium.h>

enum { BLOCK_SIZE = 64, INNER_PAD = 0x36, OUTER_PAD = 0x5c };

_Static_assert(sizeof(struct hmac_sha256_half) == sizeof(SHA256_CTX), "a half is a SHA256_CTX");
_Static_assert(_Alignof(struct hmac_sha256_half) >= _Alignof(SHA256_CTX), "and aligned as one");

static void half_init(struct hmac_sha256_half *half, const uint8_t block[BLOCK_SIZE], uint8_t pad)
{
    uint8_t padded[BLOCK_SIZE];
    SHA256_CTX state;
    for (size_t at = 0; at < BLOCK_SIZE; at++)
        padded[at] = block[at] ^ pad;
    SHA256_Init(&state);
    SHA256_Update(&state, padded, sizeof padded);
    memcpy(half, &state, sizeof state);
    sodium_memzero(padded, sizeof padded);
    sodium_memzero(&state, sizeof state);
}

void hmac_sha256_key_init(struct hmac_sha256_key *key, struct slice secret)
{
    uint8_t block[BLOCK_SIZE] = {0};
    if (secret.size > BLOCK_SIZE)
        sha256_hash(secret, block);
    else if (secret.size > 0)
        memcpy(block, secret.bytes, secret.size);
    half_init(&key->inner, block, INNER_PAD);
    half_init(&key->outer, block, OUTER_PAD);
    sodium_memzero(block, sizeof block);
}

static void half_finish(const struct hmac_sha256_half *half, struct slice text,
                        uint8_t out_hash[static SHA256_SIZE])
{
    SHA256_CTX state;
    memcpy(&state, half, sizeof state);
    SHA256_Update(&state, text.bytes, text.size);
    SHA256_Final(out_hash, &state);
    sodium_memzero(&state, sizeof state);
}

void hmac_sha256(const struct hmac_sha256_key *key, struct slice text,
                 uint8_t out_mac[static SHA256_SIZE])
{
    uint8_t inner[SHA256_SIZE];
    half_finish(&key->inner, text, inner);
    half_finish(&key->outer, slice_of(inner, sizeof inner), out_mac);
    sodium_memzero(inner, sizeof inner);
}
