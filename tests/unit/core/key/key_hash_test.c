#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/key/key_hash.h"

/* The inputs 00 01 02 ... under the key 00 01 ... 0f, as the paper's authors publish the results.
 */
static void test_tokens_are_those_of_siphash_2_4(void **state)
{
    (void)state;
    uint8_t bytes[16];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;

    assert_true(key_hash_token(bytes, slice_of(bytes, 0)) == 0x310e0edd47db6f72u);
    assert_true(key_hash_token(bytes, (struct slice){0}) == 0x310e0edd47db6f72u);
    assert_true(key_hash_token(bytes, slice_of(bytes, 1)) == 0xfd67dc93c539f874u);
    assert_true(key_hash_token(bytes, slice_of(bytes, 15)) == 0xe545be4961ca29a1u);
}

static void test_the_token_depends_on_every_byte_of_the_hash_key(void **state)
{
    (void)state;
    const struct slice partition_key = slice_of_text("user-1");
    uint8_t hash_key[HASH_KEY_SIZE] = {0};
    uint64_t token = key_hash_token(hash_key, partition_key);
    for (size_t i = 0; i < HASH_KEY_SIZE; i++) {
        hash_key[i] = 1;
        assert_true(key_hash_token(hash_key, partition_key) != token);
        hash_key[i] = 0;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens_are_those_of_siphash_2_4),
        cmocka_unit_test(test_the_token_depends_on_every_byte_of_the_hash_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
