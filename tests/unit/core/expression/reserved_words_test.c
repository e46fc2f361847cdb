#include "core/expression/reserved_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_there_are_573_of_them(void **state)
{
    (void)state;
    assert_int_equal(reserved_words_count(), 573);
}

static void test_each_is_found_so_they_are_sorted(void **state)
{
    (void)state;
#define RESERVED_WORD(word) assert_true(reserved_words_contain(slice_of_text(#word)));
#include "core/expression/reserved_words.def"
#undef RESERVED_WORD
}

static void test_case_does_not_matter(void **state)
{
    (void)state;
    assert_true(reserved_words_contain(slice_of_text("name")));
    assert_true(reserved_words_contain(slice_of_text("sTaTuS")));
}

static void test_other_words_are_free(void **state)
{
    (void)state;
    assert_false(reserved_words_contain(slice_of_text("")));
    assert_false(reserved_words_contain(slice_of_text("id")));
    assert_false(reserved_words_contain(slice_of_text("nam")));
    assert_false(reserved_words_contain(slice_of_text("names_")));
    assert_false(reserved_words_contain(slice_of_text("a_word_longer_than_any_of_them")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_are_573_of_them),
        cmocka_unit_test(test_each_is_found_so_they_are_sorted),
        cmocka_unit_test(test_case_does_not_matter),
        cmocka_unit_test(test_other_words_are_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
