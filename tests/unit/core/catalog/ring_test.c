#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/catalog/ring.h"
#include "tests/unit/seed.h"

static void test_only_powers_of_two_up_to_the_bound_cut_a_ring(void **state)
{
    (void)state;
    assert_true(ring_is_valid_count(1));
    assert_true(ring_is_valid_count(128));
    assert_true(ring_is_valid_count(RING_TABLETS_MAX));

    assert_false(ring_is_valid_count(0));
    assert_false(ring_is_valid_count(3));
    assert_false(ring_is_valid_count(2 * RING_TABLETS_MAX));
}

static void test_a_single_tablet_owns_every_token(void **state)
{
    (void)state;
    assert_int_equal(ring_first_token(1, 0), 0);
    assert_int_equal(ring_tablet_of(1, 0), 0);
    assert_int_equal(ring_tablet_of(1, UINT64_MAX), 0);
}

static void test_tablets_begin_where_the_one_before_ends(void **state)
{
    (void)state;
    for (uint32_t count = 2; count <= RING_TABLETS_MAX; count *= 2) {
        assert_true(ring_first_token(count, 0) == 0);
        assert_int_equal(ring_tablet_of(count, UINT64_MAX), count - 1);
        for (uint32_t tablet = 1; tablet < count; tablet++) {
            uint64_t first = ring_first_token(count, tablet);
            assert_int_equal(ring_tablet_of(count, first), tablet);
            assert_int_equal(ring_tablet_of(count, first - 1), tablet - 1);
        }
    }
}

static void test_a_token_is_not_below_its_tablets_first(void **state)
{
    (void)state;
    struct random random = random_of_test();
    for (int i = 0; i < 10000; i++) {
        uint64_t token = random_next(&random);
        uint32_t tablet = ring_tablet_of(128, token);
        assert_true(ring_first_token(128, tablet) <= token);
        assert_true(tablet == 127 || token < ring_first_token(128, tablet + 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_powers_of_two_up_to_the_bound_cut_a_ring),
        cmocka_unit_test(test_a_single_tablet_owns_every_token),
        cmocka_unit_test(test_tablets_begin_where_the_one_before_ends),
        cmocka_unit_test(test_a_token_is_not_below_its_tablets_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
