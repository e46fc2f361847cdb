#include "core/auth/signing_keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>

static struct signing_key_origin origin_of(const char *access_key_id, const char *secret)
{
    return (struct signing_key_origin){
        .access_key_id = slice_of_text(access_key_id),
        .secret = slice_of_text(secret),
        .date = slice_of_text("20150830"),
        .region = slice_of_text("us-east-1"),
        .service = slice_of_text("iam"),
    };
}

/* What the key makes of the empty text. */
static void sign_nothing(struct signing_keys *keys, const struct signing_key_origin *origin,
                         uint8_t out_hmac[SHA256_SIZE])
{
    hmac_sha256(signing_keys_find(keys, origin), (struct slice){0}, out_hmac);
}

/* The derived key that the documentation of AWS publishes for its example. */
static const uint8_t published_key[32] = {
    0xc4, 0xaf, 0xb1, 0xcc, 0x57, 0x71, 0xd8, 0x71, 0x76, 0x3a, 0x39, 0x3e, 0x44, 0xb7, 0x03, 0x57,
    0x1b, 0x55, 0xcc, 0x28, 0x42, 0x4d, 0x1a, 0x5e, 0x86, 0xda, 0x6e, 0xd3, 0xc1, 0x54, 0xa4, 0xb9};

static void test_a_key_is_derived_as_published(void **state)
{
    (void)state;
    OWNED(signing_keys) keys = signing_keys_create(4);
    struct signing_key_origin origin =
        origin_of("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    uint8_t expected[SHA256_SIZE];
    crypto_auth_hmacsha256(expected, NULL, 0, published_key);

    for (int round = 0; round < 2; round++) {
        uint8_t hmac[SHA256_SIZE];
        sign_nothing(keys, &origin, hmac);
        assert_memory_equal(hmac, expected, sizeof hmac);
    }
    assert_int_equal(signing_keys_count(keys), 1);
}

static void test_a_key_of_another_secret_is_not_taken_for_the_new_one(void **state)
{
    (void)state;
    OWNED(signing_keys) keys = signing_keys_create(4);
    struct signing_key_origin before = origin_of("AKID", "old");
    struct signing_key_origin after = origin_of("AKID", "new");
    uint8_t first[SHA256_SIZE];
    uint8_t second[SHA256_SIZE];
    uint8_t third[SHA256_SIZE];

    sign_nothing(keys, &before, first);
    sign_nothing(keys, &after, second);
    sign_nothing(keys, &before, third);

    assert_memory_not_equal(first, second, sizeof first);
    assert_memory_equal(first, third, sizeof first);
    assert_int_equal(signing_keys_count(keys), 1);
}

static void test_parts_that_run_together_do_not_share_a_key(void **state)
{
    (void)state;
    OWNED(signing_keys) keys = signing_keys_create(4);
    struct signing_key_origin left = origin_of("AKID", "secret");
    struct signing_key_origin right = left;
    left.region = slice_of_text("a");
    left.service = slice_of_text("bc");
    right.region = slice_of_text("ab");
    right.service = slice_of_text("c");
    uint8_t first[SHA256_SIZE];
    uint8_t second[SHA256_SIZE];

    sign_nothing(keys, &left, first);
    sign_nothing(keys, &right, second);

    assert_memory_not_equal(first, second, sizeof first);
}

static void test_the_cache_stays_within_its_bound_and_keeps_what_is_used(void **state)
{
    (void)state;
    OWNED(signing_keys) keys = signing_keys_create(3);
    struct signing_key_origin kept = origin_of("kept", "secret");
    const struct hmac_sha256_key *place = signing_keys_find(keys, &kept);

    for (int number = 0; number < 20; number++) {
        char access_key_id[] = {(char)('a' + number), '\0'};
        struct signing_key_origin other = origin_of(access_key_id, "secret");
        (void)signing_keys_find(keys, &other);
        /* It would have moved, had it been forgotten and derived anew after others. */
        assert_ptr_equal(signing_keys_find(keys, &kept), place);
        assert_true(signing_keys_count(keys) <= 3);
    }
}

static void test_what_is_too_long_to_remember_is_derived_all_the_same(void **state)
{
    (void)state;
    OWNED(signing_keys) keys = signing_keys_create(3);
    char text[1000];
    memset(text, 'x', sizeof text);
    struct signing_key_origin long_region = origin_of("AKID", "secret");
    long_region.region = slice_of(text, sizeof text);
    struct signing_key_origin long_secret = origin_of("AKID", "");
    long_secret.secret = slice_of(text, sizeof text);
    uint8_t hmacs[4][SHA256_SIZE];

    sign_nothing(keys, &long_region, hmacs[0]);
    sign_nothing(keys, &long_secret, hmacs[1]);
    sign_nothing(keys, &long_region, hmacs[2]);
    sign_nothing(keys, &long_secret, hmacs[3]);

    assert_memory_equal(hmacs[0], hmacs[2], sizeof hmacs[0]);
    assert_memory_equal(hmacs[1], hmacs[3], sizeof hmacs[0]);
    assert_memory_not_equal(hmacs[0], hmacs[1], sizeof hmacs[0]);
    assert_int_equal(signing_keys_count(keys), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_key_is_derived_as_published),
        cmocka_unit_test(test_a_key_of_another_secret_is_not_taken_for_the_new_one),
        cmocka_unit_test(test_parts_that_run_together_do_not_share_a_key),
        cmocka_unit_test(test_the_cache_stays_within_its_bound_and_keeps_what_is_used),
        cmocka_unit_test(test_what_is_too_long_to_remember_is_derived_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
