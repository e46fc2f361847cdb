#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/byte_order.h"
#include "core/catalog/ring.h"
#include "router/route/range_plan.h"

enum { TABLETS = 4 };

static void test_segments_follow_one_another_and_cover_the_ring(void **state)
{
    (void)state;
    static const uint32_t counts[] = {1, 2, 3, 7, 128, 999999, 1000000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        uint64_t next = 0;
        for (uint32_t segment = 0; segment < counts[i]; segment++) {
            struct token_span span = token_span_of_segment(segment, counts[i]);
            assert_true(span.first == next);
            assert_true(span.first <= span.last);
            next = span.last + 1;
        }
        assert_true(next == 0);
    }
}

static void test_a_span_without_an_end_of_its_own_has_no_bound(void **state)
{
    (void)state;
    SCOPED(buffer) first = {0};
    SCOPED(buffer) end = {0};
    range_of_span((struct token_span){.first = 5, .last = 9}, &first, &end);
    assert_int_equal(byte_order_get_u64(first.bytes), 5);
    assert_int_equal(byte_order_get_u64(end.bytes), 10);
    range_of_span((struct token_span){.first = 5, .last = UINT64_MAX}, &first, &end);
    assert_int_equal(end.size, 0);
}

/* The tablets of a range, as "0 1 2", with "." behind the one that it ends in. */
static void assert_tablets(uint64_t first_token, bool has_end, uint64_t end_token,
                           const char *expected)
{
    SCOPED(buffer) first = {0};
    SCOPED(buffer) end = {0};
    SCOPED(buffer) text = {0};
    range_bound(&first, first_token, slice_of_text("key"));
    if (has_end)
        range_bound(&end, end_token, (struct slice){0});
    struct range_piece piece = {0};
    do {
        struct key_range rest = {.first = buffer_slice(&first), .end = buffer_slice(&end)};
        piece = range_plan_first(TABLETS, rest);
        assert_true(slice_is_equal(piece.keys.first, buffer_slice(&first)));
        assert_int_equal(piece.keys.end.size, piece.is_last ? end.size : 0);
        buffer_append_format(&text, "%u", piece.tablet);
        if (!piece.is_last)
            range_bound(&first, piece.next_token, (struct slice){0});
    } while (!piece.is_last);
    buffer_append_u8(&text, 0);
    assert_string_equal(text.bytes, expected);
}

static void test_a_range_goes_from_tablet_to_tablet(void **state)
{
    (void)state;
    uint64_t third = ring_first_token(TABLETS, 2);
    assert_tablets(0, false, 0, "0123");
    assert_tablets(third, false, 0, "23");
    assert_tablets(third - 1, true, third, "1");
    assert_tablets(third - 1, true, third + 1, "12");
    assert_tablets(UINT64_MAX, false, 0, "3");
    assert_tablets(5, true, 6, "0");
}

static void test_a_bound_behind_a_key_is_above_it_alone(void **state)
{
    (void)state;
    SCOPED(buffer) key = {0};
    SCOPED(buffer) behind = {0};
    SCOPED(buffer) next = {0};
    range_bound(&key, 7, slice_of_text("a\x01"));
    range_bound_behind(&behind, 7, slice_of_text("a\x01"));
    range_bound(&next, 7, slice_of_text("b\x01"));
    assert_true(slice_compare(buffer_slice(&key), buffer_slice(&behind)) < 0);
    assert_true(slice_compare(buffer_slice(&behind), buffer_slice(&next)) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_segments_follow_one_another_and_cover_the_ring),
        cmocka_unit_test(test_a_span_without_an_end_of_its_own_has_no_bound),
        cmocka_unit_test(test_a_range_goes_from_tablet_to_tablet),
        cmocka_unit_test(test_a_bound_behind_a_key_is_above_it_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
