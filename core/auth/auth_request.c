#include "core/auth/auth_request.h"

#include "core/auth/sha256.h"

#include <sodium.h>

static int lower(uint8_t letter)
{
    return letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
}

bool auth_letters_are_equal(struct slice left, struct slice right)
{
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

bool auth_request_find(const struct auth_request *request, struct slice name,
                       struct slice *out_value)
{
    for (size_t index = 0; index < request->header_count; index++) {
        if (auth_name_is_equal(request->headers[index].name, name)) {
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
#define PAIRS(high)                                                                                \
#high "0" #high "1" #high "2" #high "3" #high "4" #high "5" #high "6" #high "7" #high          \
          "8" #high "9" #high "a" #high "b" #high "c" #high "d" #high "e" #high "f"
    static const char pairs[] = PAIRS(0) PAIRS(1) PAIRS(2) PAIRS(3) PAIRS(4) PAIRS(5) PAIRS(6)
        PAIRS(7) PAIRS(8) PAIRS(9) PAIRS(a) PAIRS(b) PAIRS(c) PAIRS(d) PAIRS(e) PAIRS(f);
#undef PAIRS
    for (size_t at = 0; at < AUTH_HASH_SIZE; at++)
        memcpy(out_hex + 2 * at, pairs + 2 * hash[at], 2);
}
