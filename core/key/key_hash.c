#include "core/key/key_hash.h"

#include "core/base/byte_order.h"

#include <sodium.h>

_Static_assert((int)HASH_KEY_SIZE == (int)crypto_shorthash_KEYBYTES,
               "SipHash takes 16 bytes of key");
_Static_assert(sizeof(uint64_t) == crypto_shorthash_BYTES, "a token is the whole hash");

uint64_t key_hash_token(const uint8_t hash_key[static HASH_KEY_SIZE], struct slice partition_key)
{
    uint8_t hash[crypto_shorthash_BYTES];
    /* It cannot fail: the result is there for other hashes of the same shape. */
    (void)crypto_shorthash(hash, partition_key.bytes, partition_key.size, hash_key);
    return byte_order_get_u64(hash);
}
