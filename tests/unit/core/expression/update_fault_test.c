#include "core/expression/update_fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_every_fault_has_a_text_of_its_own(void **state)
{
    (void)state;
    assert_string_equal(update_fault_text(UPDATE_FAULT_NONE), "");
    for (int i = 1; i < UPDATE_FAULT_COUNT; i++)
        for (int j = 0; j < i; j++)
            assert_true(strcmp(update_fault_text((enum update_fault)i),
                               update_fault_text((enum update_fault)j)) != 0);
}

static void test_the_numbers_on_the_wire_stay(void **state)
{
    (void)state;
    assert_int_equal(UPDATE_FAULT_NONE, 0);
    assert_int_equal(UPDATE_FAULT_PATH, 1);
    assert_int_equal(UPDATE_FAULT_MISSING, 2);
    assert_int_equal(UPDATE_FAULT_TYPE, 3);
    assert_int_equal(UPDATE_FAULT_NUMBER_OVERFLOW, 4);
    assert_int_equal(UPDATE_FAULT_NUMBER_UNDERFLOW, 5);
    assert_int_equal(UPDATE_FAULT_NUMBER_DIGITS, 6);
    assert_int_equal(UPDATE_FAULT_DEPTH, 7);
    assert_int_equal(UPDATE_FAULT_SIZE, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_fault_has_a_text_of_its_own),
        cmocka_unit_test(test_the_numbers_on_the_wire_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
