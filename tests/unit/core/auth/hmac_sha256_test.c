#include "core/auth/hmac_sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>

/* RFC 4231, section 4.3. */
static void test_the_published_code_of_a_short_key(void **state)
{
    (void)state;
    static const uint8_t published[SHA256_SIZE] = {0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e,
                                                   0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7,
                                                   0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83,
                                                   0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43};
    struct hmac_sha256_key key;
    uint8_t mac[SHA256_SIZE];

    hmac_sha256_key_init(&key, slice_of_text("Jefe"));
    hmac_sha256(&key, slice_of_text("what do ya want for nothing?"), mac);

    assert_memory_equal(mac, published, sizeof mac);
}

static void test_keys_of_every_length_agree_with_another_implementation(void **state)
{
    (void)state;
    uint8_t secret[150], mac[SHA256_SIZE], expected[SHA256_SIZE];
    struct slice text =
        slice_of_text("a text that is longer than the sixty-four bytes of one block");
    for (size_t i = 0; i < sizeof secret; i++)
        secret[i] = (uint8_t)(i * 11);
    for (size_t size = 0; size <= sizeof secret; size++) {
        struct hmac_sha256_key key;
        crypto_auth_hmacsha256_state other;
        crypto_auth_hmacsha256_init(&other, secret, size);
        crypto_auth_hmacsha256_update(&other, text.bytes, text.size);
        crypto_auth_hmacsha256_final(&other, expected);

        hmac_sha256_key_init(&key, slice_of(secret, size));
        hmac_sha256(&key, text, mac);

        assert_memory_equal(mac, expected, sizeof mac);
    }
}

static void test_a_key_can_be_used_again(void **state)
{
    (void)state;
    struct hmac_sha256_key key;
    uint8_t first[SHA256_SIZE], other[SHA256_SIZE], again[SHA256_SIZE];

    hmac_sha256_key_init(&key, slice_of_text("secret"));
    hmac_sha256(&key, slice_of_text("one"), first);
    hmac_sha256(&key, slice_of_text("two"), other);
    hmac_sha256(&key, slice_of_text("one"), again);

    assert_memory_equal(first, again, sizeof first);
    assert_memory_not_equal(first, other, sizeof first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_published_code_of_a_short_key),
        cmocka_unit_test(test_keys_of_every_length_agree_with_another_implementation),
        cmocka_unit_test(test_a_key_can_be_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
