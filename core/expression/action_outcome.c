#include "core/expression/action_outcome.h"

#include "core/base/check.h"
#include "core/expression/set_change.h"

enum { CONTAINER_WORK = 8 }; /* for a byte of a list or map, whose depth is looked for */

/* What the operand comes to once it is known which attributes exist: no if_not_exists. */
static const struct operand *settle(const struct operand *operand, struct item_reader *item)
{
    struct value value;
    while (operand->kind == OPERAND_IF_NOT_EXISTS && !work_is_over(item->work)) {
        CHECK(operand->arguments[0].kind == OPERAND_PATH);
        if (item_reader_find(item, operand->arguments[0].path, &value))
            return &operand->arguments[0];
        operand = &operand->arguments[1];
    }
    return operand;
}

static enum update_fault fault_of_number(enum number_fault fault)
{
    switch (fault) {
    case NUMBER_FAULT_NONE:
        return UPDATE_FAULT_NONE;
    case NUMBER_FAULT_OVERFLOW:
        return UPDATE_FAULT_NUMBER_OVERFLOW;
    case NUMBER_FAULT_UNDERFLOW:
        return UPDATE_FAULT_NUMBER_UNDERFLOW;
    case NUMBER_FAULT_DIGITS:
        return UPDATE_FAULT_NUMBER_DIGITS;
    case NUMBER_FAULT_NOT_A_NUMBER:
        break;
    }
    CHECK(!"a fault of arithmetic");
    return UPDATE_FAULT_NONE;
}

static enum update_fault decide_number(struct number number, struct outcome *outcome)
{
    size_t size = number_key_encode(number, outcome->number);
    outcome->kind = OUTCOME_VALUE;
    outcome->value = (struct value){VALUE_NUMBER, slice_of(outcome->number, size)};
    return UPDATE_FAULT_NONE;
}

static enum update_fault decide_value(struct value value, struct outcome *outcome)
{
    outcome->kind = OUTCOME_VALUE;
    outcome->value = value;
    return UPDATE_FAULT_NONE;
}

static enum update_fault decide_operand(const struct operand *operand, struct item_reader *item,
                                        struct outcome *outcome);

static enum update_fault read_number(const struct operand *operand, struct item_reader *item,
                                     struct number *out_number)
{
    struct outcome outcome;
    enum update_fault fault = decide_operand(operand, item, &outcome);
    if (fault != UPDATE_FAULT_NONE)
        return fault;
    if (outcome.kind != OUTCOME_VALUE || outcome.value.type != VALUE_NUMBER)
        return UPDATE_FAULT_TYPE;
    *out_number = value_number(outcome.value);
    return UPDATE_FAULT_NONE;
}

static enum update_fault decide_arithmetic(const struct operand *operand, struct item_reader *item,
                                           struct outcome *outcome)
{
    struct number left;
    struct number right;
    struct number result = {0};
    enum update_fault fault = read_number(&operand->arguments[0], item, &left);
    if (fault == UPDATE_FAULT_NONE)
        fault = read_number(&operand->arguments[1], item, &right);
    if (fault != UPDATE_FAULT_NONE)
        return fault;
    fault = fault_of_number(operand->kind == OPERAND_PLUS ? number_add(left, right, &result)
                                                          : number_subtract(left, right, &result));
    return fault == UPDATE_FAULT_NONE ? decide_number(result, outcome) : fault;
}

/* Whether the operand is a list, put together or not. */
static enum update_fault check_list(const struct operand *operand, struct item_reader *item)
{
    struct outcome outcome;
    enum update_fault fault = decide_operand(operand, item, &outcome);
    if (fault != UPDATE_FAULT_NONE || outcome.kind == OUTCOME_LIST)
        return fault;
    return outcome.value.type == VALUE_LIST ? UPDATE_FAULT_NONE : UPDATE_FAULT_TYPE;
}

static enum update_fault decide_list(const struct operand *list, struct item_reader *item,
                                     struct outcome *outcome)
{
    outcome->kind = OUTCOME_LIST;
    outcome->list = list;
    enum update_fault fault = check_list(&list->arguments[0], item);
    return fault == UPDATE_FAULT_NONE ? check_list(&list->arguments[1], item) : fault;
}

static enum update_fault decide_operand(const struct operand *operand, struct item_reader *item,
                                        struct outcome *outcome)
{
    operand = settle(operand, item);
    if (work_is_over(item->work))
        return UPDATE_FAULT_WORK;
    switch (operand->kind) {
    case OPERAND_PATH:
        outcome->kind = OUTCOME_VALUE;
        return item_reader_find(item, operand->path, &outcome->value) ? UPDATE_FAULT_NONE
                                                                      : UPDATE_FAULT_MISSING;
    case OPERAND_VALUE:
        return decide_value(operand->value, outcome);
    case OPERAND_PLUS:
    case OPERAND_MINUS:
        return decide_arithmetic(operand, item, outcome);
    case OPERAND_LIST_APPEND:
        return decide_list(operand, item, outcome);
    case OPERAND_IF_NOT_EXISTS:
    case OPERAND_SIZE:
        break;
    }
    CHECK(!"an operand of updates");
    return UPDATE_FAULT_TYPE;
}

static enum update_fault decide_sum(struct value old, struct value more, struct outcome *outcome)
{
    struct number sum;
    enum update_fault fault =
        fault_of_number(number_add(value_number(old), value_number(more), &sum));
    return fault == UPDATE_FAULT_NONE ? decide_number(sum, outcome) : fault;
}

static enum update_fault decide_pair(enum outcome_kind kind, struct value old, struct value other,
                                     struct outcome *outcome)
{
    outcome->kind = kind;
    outcome->value = old;
    outcome->other = other;
    return UPDATE_FAULT_NONE;
}

static enum update_fault decide_add(const struct update_action *action, const struct value *old,
                                    struct outcome *outcome)
{
    CHECK(action->operand.kind == OPERAND_VALUE);
    struct value more = action->operand.value;
    if (old == NULL)
        return decide_value(more, outcome);
    if (old->type != more.type)
        return UPDATE_FAULT_TYPE;
    if (more.type == VALUE_NUMBER)
        return decide_sum(*old, more, outcome);
    if (more.type == VALUE_LIST && action->kind == UPDATE_ADD_OR_APPEND)
        return decide_pair(OUTCOME_APPENDED, *old, more, outcome);
    if (value_type_element(more.type) == 0)
        return UPDATE_FAULT_TYPE;
    return decide_pair(OUTCOME_UNION, *old, more, outcome);
}

static enum update_fault decide_delete(const struct update_action *action, const struct value *old,
                                       struct work *work, struct outcome *outcome)
{
    CHECK(action->operand.kind == OPERAND_VALUE);
    outcome->kind = OUTCOME_NOTHING;
    if (old == NULL)
        return UPDATE_FAULT_NONE;
    struct value taken = action->operand.value;
    if (old->type != taken.type || value_type_element(taken.type) == 0)
        return UPDATE_FAULT_TYPE;
    if (!set_has_more(*old, taken, work))
        return UPDATE_FAULT_NONE;
    return decide_pair(OUTCOME_DIFFERENCE, *old, taken, outcome);
}

enum update_fault outcome_decide(const struct update_action *action, const struct value *old,
                                 struct item_reader *item, struct outcome *out_outcome)
{
    switch (action->kind) {
    case UPDATE_SET:
        return decide_operand(&action->operand, item, out_outcome);
    case UPDATE_REMOVE:
        out_outcome->kind = OUTCOME_NOTHING;
        return UPDATE_FAULT_NONE;
    case UPDATE_ADD:
    case UPDATE_ADD_OR_APPEND:
        return decide_add(action, old, out_outcome);
    case UPDATE_DELETE:
        return decide_delete(action, old, item->work, out_outcome);
    }
    CHECK(!"a kind of update");
    return UPDATE_FAULT_TYPE;
}

static void write_value(struct value value, struct work *work, struct item_builder *builder)
{
    bool is_container = value.type == VALUE_LIST || value.type == VALUE_MAP;
    work_add(work, WORK_OF_WRITE + (is_container ? CONTAINER_WORK * value.payload.size : 0));
    work_add_bytes(work, value.payload.size);
    item_builder_value(builder, value);
}

static void write_elements(struct value list, struct work *work, struct item_builder *builder)
{
    struct value_cursor cursor = value_cursor(list);
    struct slice name;
    struct value element;
    while (!work_is_over(work) && value_cursor_next(&cursor, &name, &element))
        write_value(element, work, builder);
}

/* Writes the elements of an operand that check_list has passed. */
static void write_list(const struct operand *operand, struct item_reader *item,
                       struct item_builder *builder)
{
    struct outcome outcome;
    operand = settle(operand, item);
    if (operand->kind == OPERAND_LIST_APPEND) {
        write_list(&operand->arguments[0], item, builder);
        write_list(&operand->arguments[1], item, builder);
        return;
    }
    enum update_fault fault = decide_operand(operand, item, &outcome);
    if (fault == UPDATE_FAULT_WORK)
        return;
    CHECK(fault == UPDATE_FAULT_NONE);
    write_elements(outcome.value, item->work, builder);
}

void outcome_write(const struct outcome *outcome, struct item_reader *item,
                   struct item_builder *builder)
{
    switch (outcome->kind) {
    case OUTCOME_VALUE:
        write_value(outcome->value, item->work, builder);
        return;
    case OUTCOME_LIST:
        item_builder_open(builder, VALUE_LIST);
        write_list(outcome->list, item, builder);
        item_builder_close(builder);
        return;
    case OUTCOME_APPENDED:
        item_builder_open(builder, VALUE_LIST);
        write_elements(outcome->value, item->work, builder);
        write_elements(outcome->other, item->work, builder);
        item_builder_close(builder);
        return;
    case OUTCOME_UNION:
        set_write_union(builder, outcome->value, outcome->other, item->work);
        return;
    case OUTCOME_DIFFERENCE:
        set_write_difference(builder, outcome->value, outcome->other, item->work);
        return;
    case OUTCOME_NOTHING:
        break;
    }
    CHECK(!"an outcome that is written");
}
