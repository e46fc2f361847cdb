#include "core/expression/condition.h"

#include "core/base/check.h"
#include "core/expression/byte_search.h"
#include "core/expression/path_lookup.h"
#include "core/model/value_compare.h"

/* What an operand comes to. Not to be copied: the value may lie in `number`. */
struct result {
    bool exists;
    struct value value;
    uint8_t number[NUMBER_KEY_SIZE_MAX];
};

/* How many UTF-16 units the text takes: one per character, two above U+FFFF. */
static uint64_t utf16_count(struct slice text)
{
    uint64_t count = 0;
    for (size_t i = 0; i < text.size; i++) {
        bool is_continuation = (text.bytes[i] & 0xc0) == 0x80;
        bool is_pair = text.bytes[i] >= 0xf0;
        count += !is_continuation;
        count += is_pair;
    }
    return count;
}

/* False for types that have no size. */
static bool count_of(struct value value, uint64_t *out_count)
{
    switch (value.type) {
    case VALUE_STRING:
        *out_count = utf16_count(value_bytes(value));
        return true;
    case VALUE_BINARY:
        *out_count = value_bytes(value).size;
        return true;
    case VALUE_LIST:
    case VALUE_MAP:
    case VALUE_STRING_SET:
    case VALUE_NUMBER_SET:
    case VALUE_BINARY_SET:
        *out_count = value_cursor(value).left_count;
        return true;
    case VALUE_NUMBER:
    case VALUE_NULL:
    case VALUE_FALSE:
    case VALUE_TRUE:
        break;
    }
    return false;
}

static struct number number_of_count(uint64_t count)
{
    struct number number = {.digits = count};
    while (number.digits != 0 && number.digits % 10 == 0) {
        number.digits /= 10;
        number.exponent++;
    }
    return number;
}

static void operand_read(const struct operand *operand, struct item_reader *item,
                         struct result *result);

static void size_read(const struct operand *operand, struct item_reader *item,
                      struct result *result)
{
    uint64_t count;
    struct result argument;
    operand_read(&operand->arguments[0], item, &argument);
    if (argument.exists && argument.value.type == VALUE_STRING)
        work_add(item->work, argument.value.payload.size);
    result->exists = argument.exists && count_of(argument.value, &count);
    if (!result->exists)
        return;
    size_t size = number_key_encode(number_of_count(count), result->number);
    result->value = (struct value){VALUE_NUMBER, slice_of(result->number, size)};
}

static void operand_read(const struct operand *operand, struct item_reader *item,
                         struct result *result)
{
    switch (operand->kind) {
    case OPERAND_PATH:
        result->exists = item_reader_find(item, operand->path, &result->value);
        return;
    case OPERAND_VALUE:
        work_add(item->work, WORK_OF_STEP);
        result->exists = true;
        result->value = operand->value;
        return;
    case OPERAND_SIZE:
        size_read(operand, item, result);
        return;
    case OPERAND_PLUS:
    case OPERAND_MINUS:
    case OPERAND_IF_NOT_EXISTS:
    case OPERAND_LIST_APPEND:
        break;
    }
    CHECK(!"an operand of conditions");
}

static size_t size_in_common(struct value left, struct value right)
{
    return left.payload.size < right.payload.size ? left.payload.size : right.payload.size;
}

static bool is_equal(const struct result *left, const struct result *right, struct work *work)
{
    if (left->exists && right->exists)
        work_add_bytes(work, size_in_common(left->value, right->value));
    return left->exists && right->exists && values_are_equal(left->value, right->value);
}

/* Whether both exist, are of one type, and it has an order. They are compared then. */
static bool are_comparable(const struct result *left, const struct result *right, struct work *work)
{
    if (left->exists && right->exists)
        work_add_bytes(work, size_in_common(left->value, right->value));
    return left->exists && right->exists && left->value.type == right->value.type &&
           value_type_is_ordered(left->value.type);
}

static bool compare_holds(enum condition_kind kind, const struct operand *operands,
                          struct item_reader *item)
{
    struct result left;
    struct result right;
    operand_read(&operands[0], item, &left);
    operand_read(&operands[1], item, &right);
    if (kind == CONDITION_EQUAL)
        return is_equal(&left, &right, item->work);
    if (kind == CONDITION_NOT_EQUAL)
        return !is_equal(&left, &right, item->work);
    if (!are_comparable(&left, &right, item->work))
        return false;

    int order = values_compare(left.value, right.value);
    if (kind == CONDITION_LESS)
        return order < 0;
    if (kind == CONDITION_LESS_OR_EQUAL)
        return order <= 0;
    return kind == CONDITION_GREATER ? order > 0 : order >= 0;
}

static bool between_holds(const struct operand *operands, struct item_reader *item)
{
    struct result middle;
    struct result bound;
    operand_read(&operands[0], item, &middle);
    operand_read(&operands[1], item, &bound);
    if (!are_comparable(&middle, &bound, item->work) ||
        values_compare(bound.value, middle.value) > 0)
        return false;
    operand_read(&operands[2], item, &bound);
    return are_comparable(&middle, &bound, item->work) &&
           values_compare(middle.value, bound.value) <= 0;
}

static bool in_holds(const struct condition *condition, struct item_reader *item)
{
    struct result sought;
    struct result candidate;
    operand_read(&condition->operands[0], item, &sought);
    for (uint32_t i = 1; i < condition->count && sought.exists; i++) {
        if (work_is_over(item->work))
            return false;
        operand_read(&condition->operands[i], item, &candidate);
        if (is_equal(&sought, &candidate, item->work))
            return true;
    }
    return false;
}

static bool operand_exists(const struct operand *operand, struct item_reader *item)
{
    struct result result;
    operand_read(operand, item, &result);
    return result.exists;
}

static bool type_holds(const struct operand *operands, struct item_reader *item)
{
    struct result result;
    struct result type;
    operand_read(&operands[0], item, &result);
    operand_read(&operands[1], item, &type);
    return result.exists && type.exists && type.value.type == VALUE_STRING &&
           slice_is_text(value_bytes(type.value), value_type_name(result.value.type));
}

static bool begins_with_holds(const struct operand *operands, struct item_reader *item)
{
    struct result whole;
    struct result prefix;
    operand_read(&operands[0], item, &whole);
    operand_read(&operands[1], item, &prefix);
    return are_comparable(&whole, &prefix, item->work) && whole.value.type != VALUE_NUMBER &&
           slice_has_prefix(value_bytes(whole.value), value_bytes(prefix.value));
}

static bool list_has(struct value list, struct value element)
{
    struct value_cursor cursor = value_cursor(list);
    struct slice name;
    struct value found;
    while (value_cursor_next(&cursor, &name, &found))
        if (values_are_equal(found, element))
            return true;
    return false;
}

/* Whether a list or set has the element. It is counted as if all others came before it. */
static bool elements_have(struct value whole, struct value element, struct work *work)
{
    uint64_t element_work = whole.type == VALUE_LIST ? WORK_OF_ENTRY : 2 * WORK_OF_ENTRY;
    work_add(work, element_work * value_cursor(whole).left_count);
    work_add_bytes(work, whole.payload.size);
    return whole.type == VALUE_LIST ? list_has(whole, element) : value_set_has(whole, element);
}

static bool contains_holds(const struct operand *operands, struct item_reader *item)
{
    struct result whole;
    struct result part;
    operand_read(&operands[0], item, &whole);
    operand_read(&operands[1], item, &part);
    if (!whole.exists || !part.exists)
        return false;
    if (whole.value.type == VALUE_STRING || whole.value.type == VALUE_BINARY)
        return whole.value.type == part.value.type &&
               bytes_contain(value_bytes(whole.value), value_bytes(part.value), item->work);
    return elements_have(whole.value, part.value, item->work);
}

static bool holds(const struct condition *condition, struct item_reader *item);

/* Whether all children hold (AND), or any (OR): the first that says otherwise decides. */
static bool children_hold(const struct condition *condition, bool all, struct item_reader *item)
{
    for (uint32_t i = 0; i < condition->count; i++)
        if (holds(&condition->children[i], item) != all || work_is_over(item->work))
            return !all;
    return all;
}

static bool holds(const struct condition *condition, struct item_reader *item)
{
    switch (condition->kind) {
    case CONDITION_AND:
        return children_hold(condition, true, item);
    case CONDITION_OR:
        return children_hold(condition, false, item);
    case CONDITION_NOT:
        return !holds(&condition->children[0], item);
    case CONDITION_EQUAL:
    case CONDITION_NOT_EQUAL:
    case CONDITION_LESS:
    case CONDITION_LESS_OR_EQUAL:
    case CONDITION_GREATER:
    case CONDITION_GREATER_OR_EQUAL:
        return compare_holds(condition->kind, condition->operands, item);
    case CONDITION_BETWEEN:
        return between_holds(condition->operands, item);
    case CONDITION_IN:
        return in_holds(condition, item);
    case CONDITION_ATTRIBUTE_EXISTS:
        return operand_exists(&condition->operands[0], item);
    case CONDITION_ATTRIBUTE_NOT_EXISTS:
        return !operand_exists(&condition->operands[0], item);
    case CONDITION_ATTRIBUTE_TYPE:
        return type_holds(condition->operands, item);
    case CONDITION_BEGINS_WITH:
        return begins_with_holds(condition->operands, item);
    case CONDITION_CONTAINS:
        return contains_holds(condition->operands, item);
    }
    CHECK(!"a kind of condition");
    return false;
}

bool condition_holds(const struct condition *condition, struct slice item, struct work *work)
{
    struct item_reader reader = item_reader_of(item, work);
    return holds(condition, &reader);
}
