#include "core/expression/lexer.h"

#include <stddef.h>
#include <strings.h>

static bool is_blank(uint8_t character)
{
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

static bool is_digit(uint8_t character)
{
    return character >= '0' && character <= '9';
}

static bool is_letter(uint8_t character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

static bool is_word_part(uint8_t character)
{
    return is_letter(character) || is_digit(character) || character == '_';
}

/* How many bytes from `start` on the test holds for. */
static size_t count_while(struct slice text, size_t start, bool (*test_fn)(uint8_t))
{
    size_t end = start;
    while (end < text.size && test_fn(text.bytes[end]))
        end++;
    return end - start;
}

bool lexer_is_placeholder(struct slice text, char mark)
{
    return text.size > 1 && text.bytes[0] == (uint8_t)mark &&
           count_while(text, 1, is_word_part) == text.size - 1;
}

struct keyword {
    const char *text;
    size_t size;
    enum token_kind kind;
};

static enum token_kind keyword_of(struct slice word)
{
    static const struct keyword keywords[] = {
        {"AND", 3, TOKEN_AND}, {"OR", 2, TOKEN_OR},         {"NOT", 3, TOKEN_NOT},
        {"IN", 2, TOKEN_IN},   {"SET", 3, TOKEN_SET},       {"BETWEEN", 7, TOKEN_BETWEEN},
        {"ADD", 3, TOKEN_ADD}, {"DELETE", 6, TOKEN_DELETE}, {"REMOVE", 6, TOKEN_REMOVE},
    };
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        if (keywords[i].size == word.size &&
            strncasecmp(keywords[i].text, (const char *)word.bytes, word.size) == 0)
            return keywords[i].kind;
    }
    return TOKEN_WORD;
}

/* Of one character; 0, which is the end, for what is no sign. */
static const enum token_kind signs[256] = {
    ['='] = TOKEN_EQUAL, ['<'] = TOKEN_LESS,       ['>'] = TOKEN_GREATER,     ['('] = TOKEN_OPEN,
    [')'] = TOKEN_CLOSE, ['['] = TOKEN_OPEN_INDEX, [']'] = TOKEN_CLOSE_INDEX, [','] = TOKEN_COMMA,
    ['.'] = TOKEN_DOT,   ['+'] = TOKEN_PLUS,       ['-'] = TOKEN_MINUS,
};

/* TOKEN_END for what is none. */
static enum token_kind pair_of(uint8_t first, uint8_t second)
{
    if (first == '<' && second == '>')
        return TOKEN_NOT_EQUAL;
    if (first == '<' && second == '=')
        return TOKEN_LESS_OR_EQUAL;
    return first == '>' && second == '=' ? TOKEN_GREATER_OR_EQUAL : TOKEN_END;
}

/* A character may take several bytes of UTF-8. */
static size_t character_size(struct slice text)
{
    size_t size = 1;
    while (size < text.size && (text.bytes[size] & 0xC0) == 0x80)
        size++;
    return size;
}

static struct token token_of(enum token_kind kind, struct slice text, size_t size)
{
    return (struct token){.kind = kind, .text = slice_of(text.bytes, size)};
}

static struct token sign_of(struct slice text)
{
    if (text.size > 1) {
        enum token_kind pair = pair_of(text.bytes[0], text.bytes[1]);
        if (pair != TOKEN_END)
            return token_of(pair, text, 2);
    }
    enum token_kind kind = signs[text.bytes[0]];
    return kind != TOKEN_END ? token_of(kind, text, 1)
                             : token_of(TOKEN_UNKNOWN, text, character_size(text));
}

static struct token first_of(struct slice text)
{
    if (text.size == 0)
        return token_of(TOKEN_END, text, 0);
    uint8_t first = text.bytes[0];
    size_t more = count_while(text, 1, is_word_part);
    if (is_letter(first))
        return token_of(keyword_of(slice_of(text.bytes, 1 + more)), text, 1 + more);
    if (is_digit(first))
        return token_of(TOKEN_NUMBER, text, count_while(text, 0, is_digit));
    if (first == '#' && more > 0)
        return token_of(TOKEN_NAME, text, 1 + more);
    if (first == ':' && more > 0)
        return token_of(TOKEN_VALUE, text, 1 + more);
    return sign_of(text);
}

struct token lexer_next(struct slice *rest)
{
    struct slice text = slice_skip(*rest, count_while(*rest, 0, is_blank));
    struct token token = first_of(text);
    *rest = slice_skip(text, token.text.size);
    return token;
}
