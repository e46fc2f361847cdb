#include "core/auth/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>

static void test_the_published_digest_of_abc(void **state)
{
    (void)state;
    static const uint8_t digest[SHA256_SIZE] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea,
                                                0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
                                                0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c,
                                                0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
    uint8_t hash[SHA256_SIZE];

    sha256_hash(slice_of_text("abc"), hash);

    assert_memory_equal(hash, digest, SHA256_SIZE);
}

static void test_texts_of_every_length_agree_with_another_implementation(void **state)
{
    (void)state;
    uint8_t text[300], hash[SHA256_SIZE], expected[SHA256_SIZE];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)(i * 7);
    for (size_t size = 0; size <= sizeof text; size++) {
        sha256_hash(slice_of(text, size), hash);
        crypto_hash_sha256(expected, text, size);
        assert_memory_equal(hash, expected, SHA256_SIZE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_published_digest_of_abc),
        cmocka_unit_test(test_texts_of_every_length_agree_with_another_implementation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
