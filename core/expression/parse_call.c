#include "core/expression/node_list.h"
#include "core/expression/operand_check_private.h"

struct function {
    const char *name;
    uint32_t argument_count;
    bool is_for_update;
    enum condition_kind condition; /* that it is; 0: it gives a value */
    enum operand_kind operand;
};

static const struct function functions[] = {
    {"attribute_exists", 1, .condition = CONDITION_ATTRIBUTE_EXISTS},
    {"attribute_not_exists", 1, .condition = CONDITION_ATTRIBUTE_NOT_EXISTS},
    {"attribute_type", 2, .condition = CONDITION_ATTRIBUTE_TYPE},
    {"begins_with", 2, .condition = CONDITION_BEGINS_WITH},
    {"contains", 2, .condition = CONDITION_CONTAINS},
    {"size", 1, .operand = OPERAND_SIZE},
    {"if_not_exists", 2, .is_for_update = true, .operand = OPERAND_IF_NOT_EXISTS},
    {"list_append", 2, .is_for_update = true, .operand = OPERAND_LIST_APPEND},
};

/* NULL when there is none; the case of letters counts. */
static const struct function *find_function(struct slice name)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (slice_is_text(name, functions[i].name))
            return &functions[i];
    }
    return NULL;
}

bool parser_is_at_call(const struct parser *parser)
{
    return parser->current.kind == TOKEN_WORD && parser->next.kind == TOKEN_OPEN;
}

static bool parse_arguments(struct parser *parser, struct node_list *arguments)
{
    if (!parser_expect(parser, TOKEN_OPEN))
        return false;
    do {
        struct operand argument;
        if (!parse_plain_operand(parser, &argument))
            return false;
        node_list_add(arguments, parser->arena, &argument, sizeof argument);
    } while (parser_accept(parser, TOKEN_COMMA));
    return parser_expect(parser, TOKEN_CLOSE);
}

static void check_document_path(struct parser *parser, const char *function,
                                const struct operand *argument)
{
    if (argument->kind != OPERAND_PATH)
        parser_complain(parser, COMPLAINT_OPERAND_TYPE,
                        "Operator or function requires a document path; operator or function: %s",
                        function);
}

static void check_type_name(struct parser *parser, const struct operand *argument)
{
    operand_check_type(parser, "attribute_type", argument, TYPES(VALUE_STRING));
    bool is_text = operand_known_type(argument) == VALUE_STRING;
    if (is_text && value_type_of_name(value_bytes(argument->value)) != 0)
        return;
    struct slice shown = is_text ? value_bytes(argument->value) : (struct slice){0};
    if (argument->kind == OPERAND_PATH)
        shown = slice_of_text(path_text(parser->arena, argument->path));
    parser_complain(parser, COMPLAINT_OPERAND_TYPE,
                    "Invalid attribute type name found; type: %.*s, valid types: "
                    "{B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
                    EXPRESSION_SLICE(shown));
}

static void check_test(struct parser *parser, const struct function *function,
                       const struct operand *arguments)
{
    const uint32_t texts = TYPES(VALUE_STRING) | TYPES(VALUE_BINARY);
    const uint32_t collections = TYPES(VALUE_LIST) | TYPES(VALUE_STRING_SET) |
                                 TYPES(VALUE_NUMBER_SET) | TYPES(VALUE_BINARY_SET);
    if (function->condition == CONDITION_ATTRIBUTE_TYPE) {
        check_type_name(parser, &arguments[1]);
        return;
    }
    if (function->argument_count == 1) {
        check_document_path(parser, function->name, &arguments[0]);
        return;
    }
    if (function->condition == CONDITION_BEGINS_WITH) {
        operand_check_type(parser, function->name, &arguments[0], texts);
        operand_check_type(parser, function->name, &arguments[1], texts);
    } else {
        operand_check_type(parser, function->name, &arguments[0], texts | collections);
    }
    operand_check_distinct(parser, function->name, arguments, 2);
}

static void check_arguments(struct parser *parser, const struct function *function,
                            const struct operand *arguments)
{
    if (function->condition != 0) {
        check_test(parser, function, arguments);
    } else if (function->operand == OPERAND_SIZE) {
        uint32_t sizeless =
            TYPES(VALUE_NUMBER) | TYPES(VALUE_NULL) | TYPES(VALUE_FALSE) | TYPES(VALUE_TRUE);
        operand_check_type(parser, function->name, arguments, ~sizeless);
    } else if (function->operand == OPERAND_IF_NOT_EXISTS) {
        check_document_path(parser, function->name, arguments);
    } else {
        operand_check_type(parser, function->name, &arguments[0], TYPES(VALUE_LIST));
        operand_check_type(parser, function->name, &arguments[1], TYPES(VALUE_LIST));
    }
}

/* Whether the function may stand in this kind of expression, with that many arguments. */
static bool check_function(struct parser *parser, struct slice name,
                           const struct function *function, uint32_t argument_count)
{
    bool is_update = parser->kind == EXPRESSION_UPDATE;
    if (function == NULL)
        parser_complain(parser, COMPLAINT_FUNCTION_NAME, "Invalid function name; function: %.*s",
                        EXPRESSION_SLICE(name));
    else if (function->is_for_update != is_update)
        parser_complain(parser, COMPLAINT_FUNCTION_PLACE,
                        "The function is not allowed in %s expression; function: %s",
                        is_update ? "an update" : "a condition", function->name);
    else if (function->argument_count != argument_count)
        parser_complain(parser, COMPLAINT_OPERAND_COUNT,
                        "Incorrect number of operands for operator or function; operator or "
                        "function: %s, number of operands: %u",
                        function->name, argument_count);
    else
        return true;
    return false;
}

static struct parsed call_of(struct parser *parser, const struct function *function,
                             const struct operand *arguments)
{
    struct parsed call = {.is_condition = function->condition != 0, .function = function->name};
    if (call.is_condition)
        call.condition = condition_of_operands(parser->arena, function->condition, arguments,
                                               function->argument_count);
    else
        call.operand = operand_of_function(parser->arena, function->operand, arguments);
    return call;
}

bool parse_call(struct parser *parser, struct parsed *out_parsed)
{
    struct slice name = parser->current.text;
    struct node_list arguments = {0};
    if (!parser_expect(parser, TOKEN_WORD) || !parser_count_operator(parser) ||
        !parse_arguments(parser, &arguments))
        return false;
    const struct function *function = find_function(name);
    if (!check_function(parser, name, function, arguments.count)) {
        *out_parsed = (struct parsed){
            .is_wrong = true, .operand.kind = OPERAND_VALUE, .operand.value.type = VALUE_NULL};
        return true;
    }
    check_arguments(parser, function, arguments.nodes);
    *out_parsed = call_of(parser, function, arguments.nodes);
    return true;
}
