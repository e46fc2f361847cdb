#include "core/expression/node_list.h"
#include "core/expression/parser_private.h"
#include "core/expression/reserved_words.h"

static bool parse_word(struct parser *parser, struct slice *out_name)
{
    *out_name = parser->current.text;
    if (!parser_expect(parser, TOKEN_WORD))
        return false;
    if (reserved_words_contain(*out_name))
        parser_complain(parser, COMPLAINT_RESERVED_WORD,
                        "Attribute name is a reserved keyword; reserved keyword: %.*s",
                        EXPRESSION_SLICE(*out_name));
    return true;
}

static bool parse_name(struct parser *parser, struct slice *out_name)
{
    struct slice placeholder = parser->current.text;
    if (!parser_accept(parser, TOKEN_NAME))
        return parse_word(parser, out_name);
    *out_name = placeholder;
    if (!expression_context_name(parser->context, placeholder, out_name))
        parser_complain(parser, COMPLAINT_UNDEFINED_NAME,
                        "An expression attribute name used in the document path is not defined; "
                        "attribute name: %.*s",
                        EXPRESSION_SLICE(placeholder));
    return true;
}

static bool read_index(struct slice digits, uint32_t *out_index)
{
    uint64_t index = 0;
    for (size_t i = 0; i < digits.size; i++) {
        index = index * 10 + (uint64_t)(digits.bytes[i] - '0');
        if (index > PATH_INDEX_MAX)
            return false;
    }
    *out_index = (uint32_t)index;
    return true;
}

static bool parse_index(struct parser *parser, uint32_t *out_index)
{
    struct slice digits = parser->current.text;
    if (!parser_expect(parser, TOKEN_NUMBER) || !parser_expect(parser, TOKEN_CLOSE_INDEX))
        return false;
    *out_index = 0;
    if (!read_index(digits, out_index))
        parser_complain(parser, COMPLAINT_PATH,
                        "List index is not within the allowable range; index: [%.*s]",
                        EXPRESSION_SLICE(digits));
    return true;
}

static bool parse_further_steps(struct parser *parser, struct node_list *steps)
{
    for (;;) {
        struct path_step step = {0};
        if (parser_accept(parser, TOKEN_DOT)) {
            if (!parse_name(parser, &step.name))
                return false;
        } else if (parser_accept(parser, TOKEN_OPEN_INDEX)) {
            step.is_index = true;
            if (!parse_index(parser, &step.index))
                return false;
        } else {
            return true;
        }
        node_list_add(steps, parser->arena, &step, sizeof step);
    }
}

bool parse_path(struct parser *parser, struct path *out_path)
{
    struct node_list steps = {0};
    struct path_step first = {0};
    if (!parse_name(parser, &first.name))
        return false;
    node_list_add(&steps, parser->arena, &first, sizeof first);
    if (!parse_further_steps(parser, &steps))
        return false;
    if (steps.count > PATH_STEPS_MAX)
        parser_complain(parser, COMPLAINT_PATH,
                        "The document path has too many nesting elements; nesting elements: %u",
                        steps.count);
    *out_path = (struct path){.steps = steps.nodes, .count = steps.count};
    return true;
}

bool parse_value(struct parser *parser, struct value *out_value)
{
    struct slice placeholder = parser->current.text;
    if (!parser_expect(parser, TOKEN_VALUE))
        return false;
    *out_value = (struct value){.type = VALUE_NULL};
    if (!expression_context_value(parser->context, placeholder, out_value))
        parser_complain(parser, COMPLAINT_UNDEFINED_VALUE,
                        "An expression attribute value used in expression is not defined; "
                        "attribute value: %.*s",
                        EXPRESSION_SLICE(placeholder));
    return true;
}

bool parse_operand(struct parser *parser, struct parsed *out_parsed)
{
    if (parser->current.kind == TOKEN_OPEN)
        return parse_in_parentheses(parser, parse_operand, out_parsed);
    if (parser_is_at_call(parser))
        return parse_call(parser, out_parsed);
    *out_parsed = (struct parsed){.operand.kind = OPERAND_VALUE};
    if (parser->current.kind == TOKEN_VALUE)
        return parse_value(parser, &out_parsed->operand.value);
    out_parsed->operand.kind = OPERAND_PATH;
    return parse_path(parser, &out_parsed->operand.path);
}

void parsed_use_as_operand(struct parser *parser, const struct parsed *parsed)
{
    if (parsed->is_condition && !parsed->is_wrong)
        parser_complain(parser, COMPLAINT_FUNCTION_PLACE,
                        "The function is not allowed to be used this way in an expression; "
                        "function: %s",
                        parsed->function);
}

bool parse_plain_operand(struct parser *parser, struct operand *out_operand)
{
    struct parsed parsed;
    if (!parse_operand(parser, &parsed))
        return false;
    parsed_use_as_operand(parser, &parsed);
    *out_operand = parsed.is_condition
                       ? (struct operand){.kind = OPERAND_VALUE, .value.type = VALUE_NULL}
                       : parsed.operand;
    return true;
}
