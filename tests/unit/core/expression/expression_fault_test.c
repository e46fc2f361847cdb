#include "core/expression/expression_fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct expression_fault first_of(struct expression_fault one, struct expression_fault two)
{
    TRY_EXPRESSION(one);
    TRY_EXPRESSION(two);
    return expression_fault_none();
}

static void test_a_fault_has_its_message(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct expression_fault fault = expression_fault_format(
        arena, "no %.*s: %d", EXPRESSION_SLICE(slice_of("good as it is", 4)), 7);
    assert_false(expression_fault_is_none(fault));
    assert_true(slice_is_text(fault.message, "no good: 7"));
}

static void test_an_empty_message_is_a_fault(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    assert_false(expression_fault_is_none(expression_fault_format(arena, "%s", "")));
    assert_true(expression_fault_is_none(expression_fault_none()));
}

static void test_the_first_fault_is_handed_on(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct expression_fault none = expression_fault_none();
    struct expression_fault one = expression_fault_format(arena, "one");
    struct expression_fault two = expression_fault_format(arena, "two");
    assert_true(slice_is_text(first_of(one, two).message, "one"));
    assert_true(slice_is_text(first_of(none, two).message, "two"));
    assert_true(expression_fault_is_none(first_of(none, none)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_fault_has_its_message),
        cmocka_unit_test(test_an_empty_message_is_a_fault),
        cmocka_unit_test(test_the_first_fault_is_handed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
