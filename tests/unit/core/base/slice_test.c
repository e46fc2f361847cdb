#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/slice.h"

static void test_slices_compare_as_unsigned_bytes_and_prefixes_come_first(void **state)
{
    (void)state;
    assert_true(slice_compare(slice_of_text("a"), slice_of_text("b")) < 0);
    assert_true(slice_compare(slice_of_text("\x7f"), slice_of_text("\x80")) < 0);
    assert_true(slice_compare(slice_of_text("ab"), slice_of_text("a")) > 0);
    assert_true(slice_compare(slice_of_text("a"), slice_of("a\0", 2)) < 0);
    assert_true(slice_compare((struct slice){0}, slice_of_text("a")) < 0);
    assert_int_equal(slice_compare(slice_of_text("ab"), slice_of_text("ab")), 0);
    assert_int_equal(slice_compare((struct slice){0}, slice_of_text("")), 0);
}

static void test_slices_are_equal_by_content(void **state)
{
    (void)state;
    char text[] = "ab";
    assert_true(slice_is_equal(slice_of_text(text), slice_of_text("ab")));
    assert_true(slice_is_equal((struct slice){0}, slice_of_text("")));
    assert_false(slice_is_equal(slice_of_text("ab"), slice_of_text("abc")));
    assert_false(slice_is_equal(slice_of_text("ab"), slice_of_text("ac")));
    assert_false(slice_is_text(slice_of("ab\0", 3), "ab"));
}

static void test_a_prefix_is_at_the_front_and_not_longer(void **state)
{
    (void)state;
    assert_true(slice_has_prefix(slice_of_text("ab"), slice_of_text("a")));
    assert_true(slice_has_prefix(slice_of_text("ab"), slice_of_text("ab")));
    assert_true(slice_has_prefix((struct slice){0}, (struct slice){0}));
    assert_false(slice_has_prefix(slice_of_text("ab"), slice_of_text("b")));
    assert_false(slice_has_prefix(slice_of_text("ab"), slice_of_text("abc")));
}

static void test_skipping_leaves_the_rest(void **state)
{
    (void)state;
    assert_true(slice_is_text(slice_skip(slice_of_text("abc"), 1), "bc"));
    assert_int_equal(slice_skip(slice_of_text("abc"), 3).size, 0);
    assert_int_equal(slice_skip((struct slice){0}, 0).size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slices_compare_as_unsigned_bytes_and_prefixes_come_first),
        cmocka_unit_test(test_slices_are_equal_by_content),
        cmocka_unit_test(test_a_prefix_is_at_the_front_and_not_longer),
        cmocka_unit_test(test_skipping_leaves_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
