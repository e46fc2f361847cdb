#include "core/expression/parser.h"

#include "core/base/check.h"
#include "core/expression/parser_private.h"

#include <stdarg.h>
#include <stdio.h>

/* Well-formed parentheses stand around at least one operator each, or are redundant. */
enum { PARENTHESIS_DEPTH_MAX = EXPRESSION_OPERATORS_MAX + 2 };

const char *expression_kind_parameter(enum expression_kind kind)
{
    switch (kind) {
    case EXPRESSION_CONDITION:
        return "ConditionExpression";
    case EXPRESSION_FILTER:
        return "FilterExpression";
    case EXPRESSION_KEY_CONDITION:
        return "KeyConditionExpression";
    case EXPRESSION_UPDATE:
        return "UpdateExpression";
    case EXPRESSION_PROJECTION:
        return "ProjectionExpression";
    }
    return "";
}

static struct expression_fault check_size(const struct parser *parser)
{
    const char *parameter = expression_kind_parameter(parser->kind);
    if (parser->text.size == 0)
        return expression_fault_format(parser->arena,
                                       "Invalid %s: The expression can not be empty;", parameter);
    if (parser->text.size <= EXPRESSION_SIZE_MAX)
        return expression_fault_none();
    const char *text = "Expression size has exceeded the maximum allowed size;";
    if (parser->kind == EXPRESSION_UPDATE)
        return expression_fault_format(parser->arena, "Invalid %s: %s", parameter, text);
    return expression_fault_format(parser->arena, "Invalid %s: %s expression size: %zu", parameter,
                                   text, parser->text.size);
}

struct expression_fault parser_init(struct parser *parser, struct expression_context *context,
                                    enum expression_kind kind, struct slice text)
{
    *parser = (struct parser){
        .context = context,
        .arena = expression_context_arena(context),
        .kind = kind,
        .text = text,
        .rest = text,
        .complaint = COMPLAINT_NONE,
    };
    TRY_EXPRESSION(check_size(parser));
    parser->previous.text = slice_of(text.bytes, 0);
    parser->current = lexer_next(&parser->rest);
    parser->next = lexer_next(&parser->rest);
    return expression_fault_none();
}

struct expression_fault parser_finish(const struct parser *parser)
{
    return expression_fault_is_none(parser->fault) ? parser->complained : parser->fault;
}

void parser_advance(struct parser *parser)
{
    parser->previous = parser->current;
    parser->current = parser->next;
    parser->next = lexer_next(&parser->rest);
}

bool parser_accept(struct parser *parser, enum token_kind kind)
{
    if (parser->current.kind != kind)
        return false;
    parser_advance(parser);
    return true;
}

bool parser_expect(struct parser *parser, enum token_kind kind)
{
    return parser_accept(parser, kind) || parser_refuse(parser);
}

/* From the token before the current one up to the one behind it, as it stands in the text. */
static struct slice surroundings(const struct parser *parser)
{
    struct slice last = parser->current.text;
    if (parser->next.text.size > 0)
        last = parser->next.text;
    if (parser->current.kind == TOKEN_END)
        last = parser->previous.text;
    const uint8_t *first =
        parser->previous.text.size > 0 ? parser->previous.text.bytes : parser->current.text.bytes;
    const uint8_t *end = last.bytes + last.size;
    return slice_of(first, end > first ? (size_t)(end - first) : 0);
}

bool parser_refuse(struct parser *parser)
{
    struct slice token = parser->current.text;
    if (parser->current.kind == TOKEN_END)
        token = slice_of_text("<EOF>");
    parser->fault = expression_fault_format(
        parser->arena, "Invalid %s: Syntax error; token: \"%.*s\", near: \"%.*s\"",
        expression_kind_parameter(parser->kind), EXPRESSION_SLICE(token),
        EXPRESSION_SLICE(surroundings(parser)));
    return false;
}

bool parser_count_operator(struct parser *parser)
{
    if (++parser->operator_count <= EXPRESSION_OPERATORS_MAX)
        return true;
    parser->fault = expression_fault_format(
        parser->arena, "Invalid %s: The expression contains too many operators; operator count: %u",
        expression_kind_parameter(parser->kind), parser->operator_count);
    return false;
}

void parser_complain(struct parser *parser, enum complaint complaint, const char *format, ...)
{
    if (complaint >= parser->complaint)
        return;
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    CHECK(size >= 0);

    char *text = arena_alloc(parser->arena, (size_t)size + 1);
    va_start(arguments, format);
    (void)vsnprintf(text, (size_t)size + 1, format, arguments);
    va_end(arguments);
    parser->complaint = complaint;
    parser->complained = expression_fault_format(parser->arena, "Invalid %s: %s",
                                                 expression_kind_parameter(parser->kind), text);
}

void parser_complain_of_type(struct parser *parser, const char *operator_name, const char *type)
{
    parser_complain(parser, COMPLAINT_OPERAND_TYPE,
                    "Incorrect operand type for operator or function; operator or function: %s, "
                    "operand type: %s",
                    operator_name, type);
}

static void complain_of_parentheses(struct parser *parser)
{
    parser_complain(parser, COMPLAINT_PARENTHESES, "The expression has redundant parentheses;");
}

static bool refuse_depth(struct parser *parser)
{
    complain_of_parentheses(parser);
    parser->fault = parser->complained;
    return false;
}

bool parse_in_parentheses(struct parser *parser, parse_fn part_fn, struct parsed *out_parsed)
{
    if (++parser->parenthesis_depth > PARENTHESIS_DEPTH_MAX)
        return refuse_depth(parser);
    if (!parser_expect(parser, TOKEN_OPEN) || !part_fn(parser, out_parsed) ||
        !parser_expect(parser, TOKEN_CLOSE))
        return false;
    parser->parenthesis_depth--;
    if (out_parsed->is_in_parentheses)
        complain_of_parentheses(parser);
    out_parsed->is_in_parentheses = true;
    return true;
}
