/* The direct functions: fetching an algorithm by name costs more than hashing a request. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "core/auth/sha256.h"

#include <openssl/sha.h>

void sha256_hash(struct slice bytes, uint8_t out_hash[static SHA256_SIZE])
{
    SHA256_CTX state;
    SHA256_Init(&state);
    SHA256_Update(&state, bytes.bytes, bytes.size);
    SHA256_Final(out_hash, &state);
}
