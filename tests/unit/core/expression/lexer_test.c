#include "core/expression/lexer.h"

#include "core/base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The tokens of the text with a bar behind each, and the kind of each. */
static void assert_tokens(const char *text, const char *expected, const enum token_kind *kinds)
{
    SCOPED(buffer) found = {0};
    struct slice rest = slice_of_text(text);
    struct token token = lexer_next(&rest);
    for (size_t i = 0; token.kind != TOKEN_END; i++) {
        assert_int_equal(token.kind, kinds[i]);
        buffer_append(&found, token.text);
        buffer_append_text(&found, "|");
        token = lexer_next(&rest);
    }
    buffer_append_u8(&found, 0);
    assert_string_equal((const char *)found.bytes, expected);
}

#define ASSERT_TOKENS(text, expected, ...)                                                         \
    assert_tokens(text, expected, (const enum token_kind[]){__VA_ARGS__, TOKEN_END})

static void test_a_text_is_cut_into_tokens(void **state)
{
    (void)state;
    ASSERT_TOKENS("a.b_2[10]", "a|.|b_2|[|10|]|", TOKEN_WORD, TOKEN_DOT, TOKEN_WORD,
                  TOKEN_OPEN_INDEX, TOKEN_NUMBER, TOKEN_CLOSE_INDEX);
    ASSERT_TOKENS("#a_1=:b", "#a_1|=|:b|", TOKEN_NAME, TOKEN_EQUAL, TOKEN_VALUE);
    ASSERT_TOKENS("(a,b)", "(|a|,|b|)|", TOKEN_OPEN, TOKEN_WORD, TOKEN_COMMA, TOKEN_WORD,
                  TOKEN_CLOSE);
    ASSERT_TOKENS("+-", "+|-|", TOKEN_PLUS, TOKEN_MINUS);
}

static void test_blanks_part_tokens_and_are_no_tokens(void **state)
{
    (void)state;
    ASSERT_TOKENS(" a\tb\r\nc ", "a|b|c|", TOKEN_WORD, TOKEN_WORD, TOKEN_WORD);
    ASSERT_TOKENS("12ab", "12|ab|", TOKEN_NUMBER, TOKEN_WORD);
}

static void test_the_longest_comparator_is_taken(void **state)
{
    (void)state;
    ASSERT_TOKENS("< <= <> > >= =", "<|<=|<>|>|>=|=|", TOKEN_LESS, TOKEN_LESS_OR_EQUAL,
                  TOKEN_NOT_EQUAL, TOKEN_GREATER, TOKEN_GREATER_OR_EQUAL, TOKEN_EQUAL);
    ASSERT_TOKENS("<<=", "<|<=|", TOKEN_LESS, TOKEN_LESS_OR_EQUAL);
}

static void test_keywords_have_any_case_and_no_more_letters(void **state)
{
    (void)state;
    ASSERT_TOKENS("and Or nOT between IN", "and|Or|nOT|between|IN|", TOKEN_AND, TOKEN_OR, TOKEN_NOT,
                  TOKEN_BETWEEN, TOKEN_IN);
    ASSERT_TOKENS("set REMOVE Add delete", "set|REMOVE|Add|delete|", TOKEN_SET, TOKEN_REMOVE,
                  TOKEN_ADD, TOKEN_DELETE);
    ASSERT_TOKENS("android an in_ sets", "android|an|in_|sets|", TOKEN_WORD, TOKEN_WORD, TOKEN_WORD,
                  TOKEN_WORD);
}

static void test_what_begins_no_token_is_one_of_a_character(void **state)
{
    (void)state;
    ASSERT_TOKENS("__a", "_|_|a|", TOKEN_UNKNOWN, TOKEN_UNKNOWN, TOKEN_WORD);
    ASSERT_TOKENS("# a", "#|a|", TOKEN_UNKNOWN, TOKEN_WORD);
    ASSERT_TOKENS(":", ":|", TOKEN_UNKNOWN);
    ASSERT_TOKENS("!=", "!|=|", TOKEN_UNKNOWN, TOKEN_EQUAL);
    ASSERT_TOKENS("a\xc3\xa9z", "a|\xc3\xa9|z|", TOKEN_WORD, TOKEN_UNKNOWN, TOKEN_WORD);
}

static void test_a_placeholder_is_a_mark_and_letters_digits_or_underscores(void **state)
{
    (void)state;
    assert_true(lexer_is_placeholder(slice_of_text("#a"), '#'));
    assert_true(lexer_is_placeholder(slice_of_text(":0_z"), ':'));
    assert_true(lexer_is_placeholder(slice_of_text("#_"), '#'));
    assert_false(lexer_is_placeholder(slice_of_text(""), '#'));
    assert_false(lexer_is_placeholder(slice_of_text("#"), '#'));
    assert_false(lexer_is_placeholder(slice_of_text("a"), '#'));
    assert_false(lexer_is_placeholder(slice_of_text(":a"), '#'));
    assert_false(lexer_is_placeholder(slice_of_text("#a-b"), '#'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_text_is_cut_into_tokens),
        cmocka_unit_test(test_blanks_part_tokens_and_are_no_tokens),
        cmocka_unit_test(test_the_longest_comparator_is_taken),
        cmocka_unit_test(test_keywords_have_any_case_and_no_more_letters),
        cmocka_unit_test(test_what_begins_no_token_is_one_of_a_character),
        cmocka_unit_test(test_a_placeholder_is_a_mark_and_letters_digits_or_underscores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
