#include "core/auth/front_state_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_a_refusal_is_a_verdict_that_outlives_its_text(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct front_state front = {.arena = arena};
    char text[] = "no";

    assert_int_equal(front_refuse_text(&front, FRONT_INVALID_SIGNATURE, text), STATUS_INVALID);
    text[0] = 'x';

    assert_int_equal(front.verdict.outcome, FRONT_INVALID_SIGNATURE);
    assert_true(slice_is_text(front.verdict.message, "no"));
}

static void test_a_message_repeats_no_byte_that_is_not_text(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct front_state front = {.arena = arena};
    const char bytes[] = "a\0b\x7f\xc3\xa9\x1b\n\tz~ ";

    (void)!front_refuse(&front, FRONT_INVALID_SIGNATURE, slice_of(bytes, sizeof bytes - 1));

    assert_true(slice_is_text(front.verdict.message, "a?b????\n\tz~ "));
}

static void test_quotes_go_around_a_text_even_if_empty(void **state)
{
    (void)state;
    SCOPED(buffer) message;
    buffer_init(&message);

    front_append_quoted(&message, slice_of_text("a"));
    front_append_quoted(&message, (struct slice){0});

    assert_true(slice_is_text(buffer_slice(&message), "'a'''"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_refusal_is_a_verdict_that_outlives_its_text),
        cmocka_unit_test(test_a_message_repeats_no_byte_that_is_not_text),
        cmocka_unit_test(test_quotes_go_around_a_text_even_if_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
