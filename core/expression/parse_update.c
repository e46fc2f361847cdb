#include "core/expression/node_list.h"
#include "core/expression/operand_check_private.h"
#include "core/expression/path_check_private.h"

struct section {
    enum update_kind kind;
    const char *name;
};

/* Indexed by the kind of token, from TOKEN_SET on. */
static const struct section sections[] = {
    {UPDATE_SET, "SET"},
    {UPDATE_REMOVE, "REMOVE"},
    {UPDATE_ADD, "ADD"},
    {UPDATE_DELETE, "DELETE"},
};

static bool is_section(enum token_kind token)
{
    return token >= TOKEN_SET && token <= TOKEN_DELETE;
}

static bool parse_sum(struct parser *parser, struct parsed *out_parsed)
{
    if (!(parser->current.kind == TOKEN_OPEN ? parse_in_parentheses(parser, parse_sum, out_parsed)
                                             : parse_operand(parser, out_parsed)))
        return false;
    enum token_kind sign = parser->current.kind;
    if (sign != TOKEN_PLUS && sign != TOKEN_MINUS)
        return true;

    struct operand terms[2] = {out_parsed->operand};
    parser_advance(parser);
    if (!parser_count_operator(parser) || !parse_plain_operand(parser, &terms[1]))
        return false;
    const char *name = sign == TOKEN_PLUS ? "+" : "-";
    for (unsigned i = 0; i < 2; i++)
        operand_check_type(parser, name, &terms[i], TYPES(VALUE_NUMBER));
    enum operand_kind kind = sign == TOKEN_PLUS ? OPERAND_PLUS : OPERAND_MINUS;
    *out_parsed = (struct parsed){.operand = operand_of_function(parser->arena, kind, terms)};
    return true;
}

/* DynamoDB names types in full where it adds and deletes. */
static const char *long_type_name(enum value_type type)
{
    switch (type) {
    case VALUE_STRING:
        return "STRING";
    case VALUE_NUMBER:
        return "NUMBER";
    case VALUE_BINARY:
        return "BINARY";
    case VALUE_NULL:
        return "NULL";
    case VALUE_FALSE:
    case VALUE_TRUE:
        return "BOOLEAN";
    case VALUE_LIST:
        return "LIST";
    case VALUE_MAP:
        return "MAP";
    case VALUE_STRING_SET:
    case VALUE_NUMBER_SET:
    case VALUE_BINARY_SET:
        return "SET";
    }
    return "";
}

static bool parse_delta(struct parser *parser, const struct section *section,
                        struct operand *out_operand)
{
    struct value value;
    if (!parse_value(parser, &value))
        return false;
    bool is_number = section->kind == UPDATE_ADD && value.type == VALUE_NUMBER;
    if (!is_number && value_type_element(value.type) == 0)
        parser_complain(parser, COMPLAINT_OPERAND_TYPE,
                        "Incorrect operand type for operator or function; operator: %s, operand "
                        "type: %s, typeSet: ALLOWED_FOR_%s_OPERAND",
                        section->name, long_type_name(value.type), section->name);
    *out_operand = operand_of_value(value);
    return true;
}

static bool parse_action(struct parser *parser, const struct section *section,
                         struct update_action *out_action)
{
    struct parsed sum;
    *out_action = (struct update_action){.kind = section->kind};
    if (!parse_path(parser, &out_action->path))
        return false;
    switch (section->kind) {
    case UPDATE_REMOVE:
        return true;
    case UPDATE_SET:
        if (!parser_expect(parser, TOKEN_EQUAL) || !parse_sum(parser, &sum))
            return false;
        out_action->operand = sum.operand;
        return true;
    case UPDATE_ADD:
    case UPDATE_DELETE:
    case UPDATE_ADD_OR_APPEND:
        return parse_delta(parser, section, &out_action->operand);
    }
    return false;
}

static bool parse_section(struct parser *parser, struct node_list *actions)
{
    const struct section *section = &sections[parser->current.kind - TOKEN_SET];
    parser_advance(parser);
    do {
        struct update_action action;
        if (!parse_action(parser, section, &action))
            return false;
        node_list_add(actions, parser->arena, &action, sizeof action);
    } while (parser_accept(parser, TOKEN_COMMA));
    return true;
}

static bool parse_sections(struct parser *parser, struct node_list *actions)
{
    unsigned seen = 0;
    do {
        if (!is_section(parser->current.kind))
            return parser_refuse(parser);
        unsigned section = parser->current.kind - TOKEN_SET;
        if (seen & 1U << section)
            parser_complain(parser, COMPLAINT_SECTION,
                            "The \"%s\" section can only be used once in an update expression;",
                            sections[section].name);
        seen |= 1U << section;
        if (!parse_section(parser, actions))
            return false;
    } while (parser->current.kind != TOKEN_END);
    return true;
}

static struct expression_fault check_paths(struct parser *parser, const struct update *update)
{
    struct ordered_path *paths = arena_alloc(parser->arena, update->count * sizeof *paths);
    for (uint32_t i = 0; i < update->count; i++)
        paths[i] = (struct ordered_path){.path = update->actions[i].path, .ordinal = i};
    return parser_check_paths(parser, paths, update->count);
}

struct expression_fault expression_parse_update(struct expression_context *context,
                                                struct slice text, struct update *out_update)
{
    struct parser parser;
    struct node_list actions = {0};
    TRY_EXPRESSION(parser_init(&parser, context, EXPRESSION_UPDATE, text));
    (void)parse_sections(&parser, &actions); /* what went wrong is in the parser */
    TRY_EXPRESSION(parser_finish(&parser));
    struct update update = {.actions = actions.nodes, .count = actions.count};
    TRY_EXPRESSION(check_paths(&parser, &update));
    *out_update = update;
    return expression_fault_none();
}
