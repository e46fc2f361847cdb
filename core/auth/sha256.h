/*
 * SHA-256 (FIPS 180-4) of whole texts, as fast as the processor allows: OpenSSL's, which
 * libsodium's portable one takes 1.7 times as long as where there are no SHA instructions
 * (docs/decisions).
 */
#pragma once

#include "core/base/slice.h"

#include <stdint.h>

enum { SHA256_SIZE = 32 };

void sha256_hash(struct slice bytes, uint8_t out_hash[static SHA256_SIZE]);
