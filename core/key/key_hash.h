/*
 * Key hash: the place of a partition key on the ring of tokens.
 *
 * SipHash-2-4 (Aumasson, Bernstein, 2012; libsodium's crypto_shorthash) under the table's own
 * random key, so that nobody can aim keys at one tablet. The token is the hash's eight bytes read
 * big-endian.
 */
#pragma once

#include "core/base/slice.h"

#include <stdint.h>

enum { HASH_KEY_SIZE = 16 };

/* `partition_key` is the encoded key value (core/key/key_codec.h). */
uint64_t key_hash_token(const uint8_t hash_key[static HASH_KEY_SIZE], struct slice partition_key);
