#include "core/auth/auth_request.h"

#include "core/auth/sha256.h"

#include <sodium.h>

static int lower(uint8_t letter)
{
    return letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
}

bool auth_name_is_equal(struct slice left, struct slice right)
{
    if (left.size != right.size)
        return false;
    for (size_t at = 0; at < left.size; at++) {
        if (left.bytes[at] != right.bytes[at] && lower(left.bytes[at]) != lower(right.bytes[at]))
            return false;
    }
    return true;
}

int auth_name_compare(struct slice left, struct slice right)
{
    size_t shared = left.size < right.size ? left.size : right.size;
    for (size_t at = 0; at < shared; at++) {
        int order = lower(left.bytes[at]) - lower(right.bytes[at]);
        if (order != 0)
            return order;
    }
    return (left.size > right.size) - (left.size < right.size);
}

bool auth_request_find_header(const struct auth_request *request, const char *name,
                              struct slice *out_value)
{
    struct slice wanted = slice_of_text(name);
    for (size_t index = 0; index < request->header_count; index++) {
        if (auth_name_is_equal(request->headers[index].name, wanted)) {
            *out_value = request->headers[index].value;
            return true;
        }
    }
    return false;
}

void auth_request_hash_body(const struct auth_request *request, uint8_t out_hash[AUTH_HASH_SIZE])
{
    if (request->body_hash != NULL)
        memcpy(out_hash, request->body_hash, AUTH_HASH_SIZE);
    else
        sha256_hash(request->body, out_hash);
}

void auth_hash_to_hex(const uint8_t hash[AUTH_HASH_SIZE], char out_hex[AUTH_HASH_HEX_SIZE])
{
    /* Eight digits at a time: each nibble in a byte of its own, and 'a' - '9' - 1 more from 10. */
    for (size_t at = 0; at < AUTH_HASH_SIZE; at += 4) {
        uint64_t nibbles = 0;
        for (size_t i = 0; i < 4; i++)
            nibbles |= (uint64_t)(hash[at + i] >> 4 | (hash[at + i] & 15) << 8) << 16 * i;
        uint64_t letters = (nibbles + 0x0606060606060606u) >> 4 & 0x0101010101010101u;
        uint64_t digits = nibbles + 0x3030303030303030u + letters * ('a' - '9' - 1);
        memcpy(out_hex + 2 * at, &digits, sizeof digits);
    }
}
