#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/hash.h"

#include <stdlib.h>
#include <string.h>

static void test_one_seed_gives_one_hash(void **state)
{
    (void)state;
    assert_true(hash_bytes(1, slice_of_text("a key of some length")) ==
                hash_bytes(1, slice_of_text("a key of some length")));
}

static void test_seed_size_and_each_byte_count(void **state)
{
    (void)state;
    uint8_t bytes[20] = {0};
    uint64_t hash = hash_bytes(1, slice_of(bytes, sizeof bytes));

    assert_true(hash_bytes(2, slice_of(bytes, sizeof bytes)) != hash);
    assert_true(hash_bytes(1, slice_of(bytes, sizeof bytes - 1)) != hash);
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = 1;
        assert_true(hash_bytes(1, slice_of(bytes, sizeof bytes)) != hash);
        bytes[i] = 0;
    }
}

/* Under the address sanitizer: reading a byte too many ends the test. */
static void test_nothing_past_the_end_is_read(void **state)
{
    (void)state;
    for (size_t size = 1; size < 20; size++) {
        uint8_t *bytes = malloc(size);
        assert_non_null(bytes);
        memset(bytes, 'x', size);
        assert_true(hash_bytes(1, slice_of(bytes, size)) !=
                    hash_bytes(1, slice_of(bytes, size - 1)));
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_seed_gives_one_hash),
        cmocka_unit_test(test_seed_size_and_each_byte_count),
        cmocka_unit_test(test_nothing_past_the_end_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
