#include "core/expression/node_list.h"
#include "core/expression/operand_check_private.h"

static const uint32_t ordered_types =
    TYPES(VALUE_STRING) | TYPES(VALUE_NUMBER) | TYPES(VALUE_BINARY);

struct comparator {
    enum token_kind token;
    enum condition_kind condition;
    const char *name;
};

static const struct comparator comparators[] = {
    {TOKEN_EQUAL, CONDITION_EQUAL, "="},
    {TOKEN_NOT_EQUAL, CONDITION_NOT_EQUAL, "<>"},
    {TOKEN_LESS, CONDITION_LESS, "<"},
    {TOKEN_LESS_OR_EQUAL, CONDITION_LESS_OR_EQUAL, "<="},
    {TOKEN_GREATER, CONDITION_GREATER, ">"},
    {TOKEN_GREATER_OR_EQUAL, CONDITION_GREATER_OR_EQUAL, ">="},
};

static const struct comparator *find_comparator(enum token_kind token)
{
    for (size_t i = 0; i < sizeof comparators / sizeof comparators[0]; i++) {
        if (comparators[i].token == token)
            return &comparators[i];
    }
    return NULL;
}

static bool parse_or(struct parser *parser, struct parsed *out_parsed);

static struct parsed parsed_condition(struct condition condition)
{
    return (struct parsed){.is_condition = true, .condition = condition};
}

/* Takes what was parsed for a condition, of which it must be one. */
static bool use_as_condition(struct parser *parser, const struct parsed *parsed,
                             struct condition *out_condition)
{
    if (!parsed->is_condition && !parsed->is_wrong && parsed->function == NULL)
        return parser_refuse(parser);
    if (!parsed->is_condition && !parsed->is_wrong)
        parser_complain(parser, COMPLAINT_FUNCTION_PLACE,
                        "The function is not allowed to be used this way in an expression; "
                        "function: %s",
                        parsed->function);
    *out_condition =
        parsed->is_condition
            ? parsed->condition
            : condition_of_operands(parser->arena, CONDITION_ATTRIBUTE_EXISTS, &parsed->operand, 1);
    return true;
}

static bool parse_comparison(struct parser *parser, const struct comparator *comparator,
                             struct operand first, struct condition *out_condition)
{
    struct operand operands[2] = {first};
    parser_advance(parser);
    if (!parse_plain_operand(parser, &operands[1]))
        return false;
    bool is_equality =
        comparator->condition == CONDITION_EQUAL || comparator->condition == CONDITION_NOT_EQUAL;
    for (unsigned i = 0; i < 2 && !is_equality; i++)
        operand_check_type(parser, comparator->name, &operands[i], ordered_types);
    operand_check_distinct(parser, comparator->name, operands, 2);
    *out_condition = condition_of_operands(parser->arena, comparator->condition, operands, 2);
    return true;
}

static bool parse_between(struct parser *parser, struct operand first,
                          struct condition *out_condition)
{
    struct operand operands[3] = {first};
    parser_advance(parser);
    if (!parse_plain_operand(parser, &operands[1]) || !parser_expect(parser, TOKEN_AND) ||
        !parse_plain_operand(parser, &operands[2]))
        return false;
    for (unsigned i = 0; i < 3; i++)
        operand_check_type(parser, "BETWEEN", &operands[i], ordered_types);
    operand_check_distinct(parser, "BETWEEN", operands, 3);
    operand_check_bounds(parser, &operands[1], &operands[2]);
    *out_condition = condition_of_operands(parser->arena, CONDITION_BETWEEN, operands, 3);
    return true;
}

static bool parse_in(struct parser *parser, struct operand first, struct condition *out_condition)
{
    struct node_list operands = {0};
    node_list_add(&operands, parser->arena, &first, sizeof first);
    parser_advance(parser);
    if (!parser_expect(parser, TOKEN_OPEN))
        return false;
    do {
        struct operand candidate;
        if (!parse_plain_operand(parser, &candidate))
            return false;
        node_list_add(&operands, parser->arena, &candidate, sizeof candidate);
    } while (parser_accept(parser, TOKEN_COMMA));
    if (!parser_expect(parser, TOKEN_CLOSE))
        return false;
    if (operands.count - 1 > CONDITION_IN_MAX)
        parser_complain(parser, COMPLAINT_OPERAND_COUNT,
                        "The IN operator is provided with too many operands; number of "
                        "operands: %u",
                        operands.count - 1);
    operand_check_distinct(parser, "IN", operands.nodes, operands.count);
    *out_condition =
        condition_of_operands(parser->arena, CONDITION_IN, operands.nodes, operands.count);
    return true;
}

/* An operand that has been read, and what may follow it. */
static bool parse_rest_of_test(struct parser *parser, struct parsed *parsed)
{
    enum token_kind kind = parser->current.kind;
    const struct comparator *comparator = find_comparator(kind);
    if (comparator == NULL && kind != TOKEN_BETWEEN && kind != TOKEN_IN)
        return true;
    if (parsed->is_condition && parsed->function == NULL)
        return parser_refuse(parser);
    parsed_use_as_operand(parser, parsed);
    struct operand first = {.kind = OPERAND_VALUE, .value.type = VALUE_NULL};
    if (!parsed->is_condition)
        first = parsed->operand;

    struct condition condition = {0};
    bool is_read;
    if (!parser_count_operator(parser))
        return false;
    if (comparator != NULL)
        is_read = parse_comparison(parser, comparator, first, &condition);
    else if (kind == TOKEN_BETWEEN)
        is_read = parse_between(parser, first, &condition);
    else
        is_read = parse_in(parser, first, &condition);
    *parsed = parsed_condition(condition);
    return is_read;
}

static bool parse_test(struct parser *parser, struct parsed *out_parsed)
{
    bool is_read = parser->current.kind == TOKEN_OPEN
                       ? parse_in_parentheses(parser, parse_or, out_parsed)
                       : parse_operand(parser, out_parsed);
    return is_read && parse_rest_of_test(parser, out_parsed);
}

static bool parse_not(struct parser *parser, struct parsed *out_parsed)
{
    if (!parser_accept(parser, TOKEN_NOT))
        return parse_test(parser, out_parsed);
    struct parsed inner;
    struct condition condition;
    if (!parser_count_operator(parser) || !parse_not(parser, &inner) ||
        !use_as_condition(parser, &inner, &condition))
        return false;
    *out_parsed = parsed_condition(condition_not(parser->arena, condition));
    return true;
}

/* One part or several of them with the operator in between. */
static bool parse_joined(struct parser *parser, enum token_kind operator_token, parse_fn part_fn,
                         struct parsed *out_parsed)
{
    if (!part_fn(parser, out_parsed))
        return false;
    if (parser->current.kind != operator_token)
        return true;
    struct node_list children = {0};
    struct condition child;
    if (!use_as_condition(parser, out_parsed, &child))
        return false;
    node_list_add(&children, parser->arena, &child, sizeof child);
    while (parser_accept(parser, operator_token)) {
        struct parsed part;
        if (!parser_count_operator(parser) || !part_fn(parser, &part) ||
            !use_as_condition(parser, &part, &child))
            return false;
        node_list_add(&children, parser->arena, &child, sizeof child);
    }
    enum condition_kind kind = operator_token == TOKEN_AND ? CONDITION_AND : CONDITION_OR;
    *out_parsed =
        parsed_condition(condition_join(parser->arena, kind, children.nodes, children.count));
    return true;
}

static bool parse_and(struct parser *parser, struct parsed *out_parsed)
{
    return parse_joined(parser, TOKEN_AND, parse_not, out_parsed);
}

static bool parse_or(struct parser *parser, struct parsed *out_parsed)
{
    return parse_joined(parser, TOKEN_OR, parse_and, out_parsed);
}

struct expression_fault expression_parse_condition(struct expression_context *context,
                                                   enum expression_kind kind, struct slice text,
                                                   struct condition *out_condition)
{
    struct parser parser;
    struct parsed parsed;
    struct condition condition = {0};
    TRY_EXPRESSION(parser_init(&parser, context, kind, text));
    if (parse_or(&parser, &parsed) && use_as_condition(&parser, &parsed, &condition))
        (void)parser_expect(&parser, TOKEN_END); /* what went wrong is in the parser */
    TRY_EXPRESSION(parser_finish(&parser));
    *out_condition = condition;
    return expression_fault_none();
}
