#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/scenario/crc32.h"

static void test_the_checksums_of_known_texts_are_known(void **state)
{
    (void)state;
    assert_int_equal(crc32_of(slice_of_text("")), 0);
    assert_int_equal(crc32_of(slice_of_text("123456789")), 0xCBF43926);
    assert_int_equal(crc32_of(slice_of_text("{}")), 2745614147);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_checksums_of_known_texts_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
