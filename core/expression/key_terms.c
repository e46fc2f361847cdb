#include "core/expression/key_condition.h"

/* What DynamoDB calls what a condition tests with. */
static const char *operator_name(enum condition_kind kind)
{
    switch (kind) {
    case CONDITION_AND:
        return "AND";
    case CONDITION_OR:
        return "OR";
    case CONDITION_NOT:
        return "NOT";
    case CONDITION_EQUAL:
        return "=";
    case CONDITION_NOT_EQUAL:
        return "<>";
    case CONDITION_LESS:
        return "<";
    case CONDITION_LESS_OR_EQUAL:
        return "<=";
    case CONDITION_GREATER:
        return ">";
    case CONDITION_GREATER_OR_EQUAL:
        return ">=";
    case CONDITION_BETWEEN:
        return "BETWEEN";
    case CONDITION_IN:
        return "IN";
    case CONDITION_ATTRIBUTE_EXISTS:
        return "attribute_exists";
    case CONDITION_ATTRIBUTE_NOT_EXISTS:
        return "attribute_not_exists";
    case CONDITION_ATTRIBUTE_TYPE:
        return "attribute_type";
    case CONDITION_BEGINS_WITH:
        return "begins_with";
    case CONDITION_CONTAINS:
        return "contains";
    }
    return "";
}

/* KEY_ANY for what cannot be asked of a key. */
static enum key_relation relation_of(enum condition_kind kind)
{
    switch (kind) {
    case CONDITION_EQUAL:
        return KEY_EQUAL;
    case CONDITION_LESS:
        return KEY_LESS;
    case CONDITION_LESS_OR_EQUAL:
        return KEY_LESS_OR_EQUAL;
    case CONDITION_GREATER:
        return KEY_GREATER;
    case CONDITION_GREATER_OR_EQUAL:
        return KEY_GREATER_OR_EQUAL;
    case CONDITION_BETWEEN:
        return KEY_BETWEEN;
    case CONDITION_BEGINS_WITH:
        return KEY_BEGINS_WITH;
    case CONDITION_AND:
    case CONDITION_OR:
    case CONDITION_NOT:
    case CONDITION_NOT_EQUAL:
    case CONDITION_IN:
    case CONDITION_ATTRIBUTE_EXISTS:
    case CONDITION_ATTRIBUTE_NOT_EXISTS:
    case CONDITION_ATTRIBUTE_TYPE:
    case CONDITION_CONTAINS:
        return KEY_ANY;
    }
    return KEY_ANY;
}

/* Of `value < key` in the place of `key > value`. */
static enum key_relation turned_around(enum key_relation relation)
{
    switch (relation) {
    case KEY_LESS:
        return KEY_GREATER;
    case KEY_LESS_OR_EQUAL:
        return KEY_GREATER_OR_EQUAL;
    case KEY_GREATER:
        return KEY_LESS;
    case KEY_GREATER_OR_EQUAL:
        return KEY_LESS_OR_EQUAL;
    case KEY_ANY:
    case KEY_EQUAL:
    case KEY_BETWEEN:
    case KEY_BEGINS_WITH:
        return relation;
    }
    return relation;
}

/* Of these texts DynamoDB has named the parameter in front only since June 2026. */
static struct expression_fault refuse_terms(struct arena *arena, const char *text)
{
    return expression_fault_format(arena, "KeyConditionExpressions %s", text);
}

static struct expression_fault refuse_condition(struct arena *arena, const char *text)
{
    return expression_fault_format(arena, "Invalid condition in KeyConditionExpression: %s", text);
}

static struct expression_fault check_operands(struct arena *arena,
                                              const struct condition *condition)
{
    uint32_t path_count = 0;
    for (uint32_t i = 0; i < condition->count; i++) {
        const struct operand *operand = &condition->operands[i];
        if (operand_argument_count(operand->kind) > 0)
            return refuse_terms(arena, "cannot contain nested operations");
        if (operand->kind != OPERAND_PATH)
            continue;
        if (operand->path.count > 1)
            return refuse_terms(arena, "cannot have conditions on nested attributes");
        path_count++;
    }
    if (path_count == 0)
        return refuse_condition(arena, "No key attribute specified");
    if (path_count > 1)
        return refuse_condition(arena, "Multiple attribute names used in one condition");
    return expression_fault_none();
}

static struct expression_fault read_term(struct arena *arena, const struct condition *condition,
                                         struct key_term *out_term)
{
    enum key_relation relation = relation_of(condition->kind);
    if (relation == KEY_ANY)
        return expression_fault_format(arena, "Invalid operator used in KeyConditionExpression: %s",
                                       operator_name(condition->kind));
    TRY_EXPRESSION(check_operands(arena, condition));
    const struct operand *operands = condition->operands;
    bool is_turned = operands[0].kind != OPERAND_PATH;
    if (is_turned && (relation == KEY_BETWEEN || relation == KEY_BEGINS_WITH))
        return refuse_condition(arena,
                                arena_format(arena,
                                             "%s operator must have the key attribute as its first "
                                             "operand",
                                             operator_name(condition->kind)));
    *out_term = (struct key_term){
        .attribute = path_attribute(operands[is_turned ? 1 : 0].path),
        .relation = is_turned ? turned_around(relation) : relation,
        .values = {operands[is_turned ? 0 : 1].value},
    };
    if (relation == KEY_BETWEEN)
        out_term->values[1] = operands[2].value;
    return expression_fault_none();
}

/* Terms beyond those that there is room for are counted, and not kept. */
static struct expression_fault add_term(struct arena *arena, struct key_terms *terms,
                                        const struct key_term *term)
{
    for (uint32_t i = 0; i < terms->count && i < KEY_TERMS_MAX; i++) {
        if (slice_is_equal(terms->terms[i].attribute, term->attribute))
            return refuse_terms(arena, "must only contain one condition per key");
    }
    if (terms->count < KEY_TERMS_MAX)
        terms->terms[terms->count] = *term;
    terms->count++;
    return expression_fault_none();
}

static struct expression_fault read_terms(struct arena *arena, const struct condition *condition,
                                          struct key_terms *terms)
{
    if (condition->kind != CONDITION_AND) {
        struct key_term term;
        TRY_EXPRESSION(read_term(arena, condition, &term));
        return add_term(arena, terms, &term);
    }
    for (uint32_t i = 0; i < condition->count; i++)
        TRY_EXPRESSION(read_terms(arena, &condition->children[i], terms));
    return expression_fault_none();
}

struct expression_fault key_terms_read(struct arena *arena, const struct condition *condition,
                                       struct key_terms *out_terms)
{
    struct key_terms terms = {.count = 0};
    TRY_EXPRESSION(read_terms(arena, condition, &terms));
    if (terms.count > KEY_TERMS_MAX)
        return expression_fault_format(arena, "Conditions can be of length 1 or 2 only");
    *out_terms = terms;
    return expression_fault_none();
}
