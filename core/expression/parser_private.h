/*
 * The parser's state, and its parts that the kinds of expressions share.
 *
 * A function that reads tokens returns false once the text has broken the grammar; nothing is read
 * after that. What is wrong with a well-formed text is noted by parser_complain, and reading goes
 * on, with whatever takes the place of what was wrong.
 */
#pragma once

#include "core/expression/expression_context.h"
#include "core/expression/lexer.h"
#include "core/expression/parser.h"

#include <stdbool.h>
#include <stdint.h>

/* What can be wrong with a well-formed text; the first one counts. */
enum complaint {
    COMPLAINT_RESERVED_WORD,
    COMPLAINT_FUNCTION_NAME,
    COMPLAINT_FUNCTION_PLACE,
    COMPLAINT_PARENTHESES,
    COMPLAINT_SECTION,
    COMPLAINT_PATH,
    COMPLAINT_UNDEFINED_NAME,
    COMPLAINT_UNDEFINED_VALUE,
    COMPLAINT_OPERAND_COUNT,
    COMPLAINT_OPERAND_TYPE,
    COMPLAINT_SAME_OPERAND,
    COMPLAINT_BOUNDS,
    COMPLAINT_NONE,
};

struct parser {
    struct expression_context *context;
    struct arena *arena;
    enum expression_kind kind;
    struct slice text;
    struct slice rest; /* of the text, behind `next` */
    struct token previous;
    struct token current;
    struct token next;
    uint32_t operator_count;
    uint32_t parenthesis_depth;
    struct expression_fault fault; /* has ended the reading */
    enum complaint complaint;
    struct expression_fault complained;
};

/* Refuses an empty text and one that is too long. */
struct expression_fault parser_init(struct parser *parser, struct expression_context *context,
                                    enum expression_kind kind, struct slice text);

/* What there is to report, once everything has been read. */
struct expression_fault parser_finish(const struct parser *parser);

void parser_advance(struct parser *parser);

/* Whether the current token is of the kind; it is then taken. */
bool parser_accept(struct parser *parser, enum token_kind kind);
bool parser_expect(struct parser *parser, enum token_kind kind);

/* Refuses the current token. Always false. */
bool parser_refuse(struct parser *parser);

/* False when there are too many. */
bool parser_count_operator(struct parser *parser);

void parser_complain(struct parser *parser, enum complaint complaint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "Incorrect operand type for operator or function; ..." */
void parser_complain_of_type(struct parser *parser, const char *operator_name, const char *type);

/* What a part of a text comes to. */
struct parsed {
    bool is_condition;
    bool is_wrong; /* there is a complaint: it will do as either */
    bool is_in_parentheses;
    const char *function; /* that it is a call of; else NULL */
    union {
        struct condition condition;
        struct operand operand;
    };
};

bool parse_path(struct parser *parser, struct path *out_path);
bool parse_value(struct parser *parser, struct value *out_value);

/* A path, value or call, perhaps in parentheses. */
bool parse_operand(struct parser *parser, struct parsed *out_parsed);

/* As parse_operand, and complains of a function that tests instead of giving a value. */
bool parse_plain_operand(struct parser *parser, struct operand *out_operand);
void parsed_use_as_operand(struct parser *parser, const struct parsed *parsed);

/* Reads `(`, what `part_fn` reads, and `)`. */
typedef bool (*parse_fn)(struct parser *parser, struct parsed *out_parsed);
bool parse_in_parentheses(struct parser *parser, parse_fn part_fn, struct parsed *out_parsed);

/* Whether the current token begins a call, and a call. */
bool parser_is_at_call(const struct parser *parser);
bool parse_call(struct parser *parser, struct parsed *out_parsed);
