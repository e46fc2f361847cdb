/*
 * For tests of expressions: contexts in short words, and trees printed.
 *
 *     (AND (= a 1) (< b[0].c 'x'))        (SET a (+ a 1))(REMOVE b)        a, b.c
 */
#pragma once

#include "core/expression/parser.h"
#include "tests/unit/core/expression/notation.h"

/* "#a=alpha;#b=beta"; NULL: there is no such parameter. */
static inline struct expression_names names_of(struct arena *arena, const char *text)
{
    struct expression_names names = {.is_present = text != NULL};
    if (text == NULL)
        return names;
    struct expression_name *entries =
        arena_alloc_zeroed(arena, (strlen(text) + 1) * sizeof *entries);
    while (*text != '\0') {
        struct expression_name *entry = &entries[names.count++];
        entry->placeholder = take_until(&text, "=");
        assert_true(take_sign(&text, '='));
        entry->name = take_until(&text, ";");
        (void)take_sign(&text, ';');
    }
    names.entries = entries;
    return names;
}

/* ":a=1;:b='text'" */
static inline struct expression_values values_of(struct arena *arena, const char *text)
{
    struct expression_values values = {.is_present = text != NULL};
    if (text == NULL)
        return values;
    struct expression_value *entries =
        arena_alloc_zeroed(arena, (strlen(text) + 1) * sizeof *entries);
    while (*text != '\0') {
        struct expression_value *entry = &entries[values.count++];
        entry->placeholder = take_until(&text, "=");
        assert_true(take_sign(&text, '='));
        entry->value = value_of(arena, arena_copy_text(arena, take_until(&text, ";")));
        (void)take_sign(&text, ';');
    }
    values.entries = entries;
    return values;
}

static inline struct expression_context *context_of(struct arena *arena, const char *names,
                                                    const char *values)
{
    struct expression_context *context = NULL;
    struct expression_fault fault = expression_context_create(arena, names_of(arena, names),
                                                              values_of(arena, values), &context);
    assert_true(expression_fault_is_none(fault));
    return context;
}

static inline void print_path(struct buffer *text, struct path path)
{
    for (uint32_t i = 0; i < path.count; i++) {
        struct path_step step = path.steps[i];
        if (step.is_index) {
            buffer_append_format(text, "[%u]", step.index);
            continue;
        }
        buffer_append_text(text, i > 0 ? "." : "");
        buffer_append(text, step.name);
    }
}

static inline void print_operand(struct buffer *text, const struct operand *operand)
{
    static const char *const names[] = {
        [OPERAND_SIZE] = "size",
        [OPERAND_PLUS] = "+",
        [OPERAND_MINUS] = "-",
        [OPERAND_IF_NOT_EXISTS] = "if_not_exists",
        [OPERAND_LIST_APPEND] = "list_append",
    };
    if (operand->kind == OPERAND_PATH) {
        print_path(text, operand->path);
        return;
    }
    if (operand->kind == OPERAND_VALUE) {
        print_value(text, operand->value);
        return;
    }
    buffer_append_format(text, "(%s", names[operand->kind]);
    for (uint32_t i = 0; i < operand_argument_count(operand->kind); i++) {
        buffer_append_text(text, " ");
        print_operand(text, &operand->arguments[i]);
    }
    buffer_append_text(text, ")");
}

static inline void print_condition(struct buffer *text, const struct condition *condition)
{
    static const char *const names[] = {
        [CONDITION_AND] = "AND",
        [CONDITION_OR] = "OR",
        [CONDITION_NOT] = "NOT",
        [CONDITION_EQUAL] = "=",
        [CONDITION_NOT_EQUAL] = "<>",
        [CONDITION_LESS] = "<",
        [CONDITION_LESS_OR_EQUAL] = "<=",
        [CONDITION_GREATER] = ">",
        [CONDITION_GREATER_OR_EQUAL] = ">=",
        [CONDITION_BETWEEN] = "BETWEEN",
        [CONDITION_IN] = "IN",
        [CONDITION_ATTRIBUTE_EXISTS] = "attribute_exists",
        [CONDITION_ATTRIBUTE_NOT_EXISTS] = "attribute_not_exists",
        [CONDITION_ATTRIBUTE_TYPE] = "attribute_type",
        [CONDITION_BEGINS_WITH] = "begins_with",
        [CONDITION_CONTAINS] = "contains",
    };
    buffer_append_format(text, "(%s", names[condition->kind]);
    for (uint32_t i = 0; i < condition->count; i++) {
        buffer_append_text(text, " ");
        if (condition_has_children(condition->kind))
            print_condition(text, &condition->children[i]);
        else
            print_operand(text, &condition->operands[i]);
    }
    buffer_append_text(text, ")");
}

static inline void print_update(struct buffer *text, const struct update *update)
{
    static const char *const names[] = {
        [UPDATE_SET] = "SET",
        [UPDATE_REMOVE] = "REMOVE",
        [UPDATE_ADD] = "ADD",
        [UPDATE_DELETE] = "DELETE",
        [UPDATE_ADD_OR_APPEND] = "ADD_OR_APPEND",
    };
    for (uint32_t i = 0; i < update->count; i++) {
        const struct update_action *action = &update->actions[i];
        buffer_append_format(text, "(%s ", names[action->kind]);
        print_path(text, action->path);
        if (action->kind != UPDATE_REMOVE) {
            buffer_append_text(text, " ");
            print_operand(text, &action->operand);
        }
        buffer_append_text(text, ")");
    }
}

static inline void print_projection(struct buffer *text, const struct projection *projection)
{
    for (uint32_t i = 0; i < projection->count; i++) {
        buffer_append_text(text, i > 0 ? ", " : "");
        print_path(text, projection->paths[i]);
    }
}

static inline struct expression_fault print_parsed(struct expression_context *context,
                                                   enum expression_kind kind, struct slice text,
                                                   struct buffer *printed)
{
    struct condition condition;
    struct update update;
    struct projection projection;
    if (kind == EXPRESSION_UPDATE) {
        TRY_EXPRESSION(expression_parse_update(context, text, &update));
        print_update(printed, &update);
    } else if (kind == EXPRESSION_PROJECTION) {
        TRY_EXPRESSION(expression_parse_projection(context, text, &projection));
        print_projection(printed, &projection);
    } else {
        TRY_EXPRESSION(expression_parse_condition(context, kind, text, &condition));
        print_condition(printed, &condition);
    }
    return expression_fault_none();
}

/* The tree of an expression, printed, or else why it is refused. */
static inline const char *outcome(struct arena *arena, struct expression_context *context,
                                  enum expression_kind kind, const char *text)
{
    SCOPED(buffer) printed = {0};
    struct expression_fault fault = print_parsed(context, kind, slice_of_text(text), &printed);
    return arena_copy_text(arena, expression_fault_is_none(fault) ? buffer_slice(&printed)
                                                                  : fault.message);
}

/* With #a to #d for A to D and one value of each type, as :n, :s, :b, :ss ... */
static inline void assert_outcome(enum expression_kind kind, const char *text, const char *expected)
{
    OWNED(arena) arena = arena_create();
    struct expression_context *context =
        context_of(arena, "#a=A;#b=B;#c=C;#d=D;#dot=x.y;#key=key",
                   ":n=1;:m=2;:s='s';:t='t';:b=b'b';:null=null;:bool=true;:l=[1];:map={k: 1};"
                   ":ss=<'a'>;:ns=<1>;:bs=<b'a'>;:S='S';:Z='Z'");

    assert_string_equal(outcome(arena, context, kind, text), expected);
}
