#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "router/http/answer_room.h"

static void test_what_fits_is_up_to_the_bound_and_not_a_byte_beyond(void **state)
{
    (void)state;
    struct answer_room room;
    answer_room_init(&room, 100);
    answer_room_take(&room, 40);

    assert_true(answer_room_fits(&room, 60));
    assert_false(room.is_wanted);
    assert_false(answer_room_fits(&room, 61));
    assert_false(answer_room_fits(&room, SIZE_MAX));
    assert_true(room.is_wanted);
}

static void test_beyond_its_bound_nothing_fits_until_enough_was_given_back(void **state)
{
    (void)state;
    struct answer_room room;
    answer_room_init(&room, 100);
    answer_room_take(&room, 150);

    assert_false(answer_room_fits(&room, 0));
    answer_room_give(&room, 60);
    assert_true(answer_room_fits(&room, 10));
    assert_int_equal(room.bytes, 90);
}

static void test_without_a_bound_it_has_the_default(void **state)
{
    (void)state;
    struct answer_room room;
    answer_room_init(&room, 0);
    assert_int_equal(room.bytes_max, ANSWER_ROOM_BYTES_DEFAULT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_fits_is_up_to_the_bound_and_not_a_byte_beyond),
        cmocka_unit_test(test_beyond_its_bound_nothing_fits_until_enough_was_given_back),
        cmocka_unit_test(test_without_a_bound_it_has_the_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
