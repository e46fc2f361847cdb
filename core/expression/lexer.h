/*
 * Lexer: the characters of an expression as tokens.
 *
 * There is no failure: what begins no token is a token of its own, one character long, at which
 * the parser then stumbles.
 *
 * Ownership: tokens borrow from the text.
 */
#pragma once

#include "core/base/slice.h"

#include <stdbool.h>

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,   /* a letter, then letters, digits and underscores */
    TOKEN_NAME,   /* #placeholder */
    TOKEN_VALUE,  /* :placeholder */
    TOKEN_NUMBER, /* digits */
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_OPEN_INDEX,
    TOKEN_CLOSE_INDEX,
    TOKEN_COMMA,
    TOKEN_DOT,
    TOKEN_PLUS,
    TOKEN_MINUS,
    TOKEN_EQUAL,
    TOKEN_NOT_EQUAL,
    TOKEN_LESS,
    TOKEN_LESS_OR_EQUAL,
    TOKEN_GREATER,
    TOKEN_GREATER_OR_EQUAL,
    TOKEN_AND, /* words from here on, whatever their case */
    TOKEN_OR,
    TOKEN_NOT,
    TOKEN_BETWEEN,
    TOKEN_IN,
    TOKEN_SET,
    TOKEN_REMOVE,
    TOKEN_ADD,
    TOKEN_DELETE,
    TOKEN_UNKNOWN,
};

struct token {
    enum token_kind kind;
    struct slice text; /* of the end: nothing, behind the last character */
};

/* Takes a token off the front of `rest`. */
struct token lexer_next(struct slice *rest);

/* Whether the text is `mark`, and then one or more letters, digits and underscores. */
bool lexer_is_placeholder(struct slice text, char mark);
