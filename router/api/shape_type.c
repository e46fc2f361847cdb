#include "router/api/shape.h"

#include "core/base/check.h"

static size_t find_index(const struct shape *shape, struct slice name)
{
    size_t index = 0;
    while (index < shape->member_count && !slice_is_equal(shape->members[index].name, name))
        index++;
    return index;
}

void shape_find_members(const struct shape *shape, const struct json_node *object,
                        const struct json_node **out_nodes)
{
    CHECK(shape->member_count <= SHAPE_MEMBER_COUNT_MAX);
    for (size_t i = 0; i < shape->member_count; i++)
        out_nodes[i] = NULL;
    for (const struct json_node *node = object->first; node != NULL; node = node->next) {
        size_t index = find_index(shape, node->name);
        if (index < shape->member_count && node->kind != JSON_NULL)
            out_nodes[index] = node;
    }
}

static bool is_integer(struct slice number)
{
    for (size_t i = 0; i < number.size; i++)
        if (number.bytes[i] == '.' || number.bytes[i] == 'e' || number.bytes[i] == 'E')
            return false;
    return true;
}

static bool is_of_type(const struct json_node *node, enum json_target type)
{
    switch (type) {
    case JSON_TARGET_STRING:
    case JSON_TARGET_BLOB:
        return node->kind == JSON_STRING;
    case JSON_TARGET_BOOLEAN:
        return node->kind == JSON_TRUE || node->kind == JSON_FALSE;
    case JSON_TARGET_INTEGER:
    case JSON_TARGET_LONG:
        return node->kind == JSON_NUMBER && is_integer(node->text);
    case JSON_TARGET_LIST:
        return node->kind == JSON_ARRAY;
    case JSON_TARGET_STRING_MAP:
    case JSON_TARGET_STRUCTURE:
        return node->kind == JSON_OBJECT;
    case JSON_TARGET_ITEM:
        return node->kind == JSON_ITEM;
    case JSON_TARGET_ATTRIBUTE_VALUE:
        return node->kind == JSON_VALUE;
    }
    return false;
}

/* Goes as deep as the shape does, which is data of ours. */
static struct json_fault check_node(const struct shape *shape, const struct json_node *node,
                                    struct arena *arena)
{
    static const struct shape string = {.type = JSON_TARGET_STRING};
    struct json_fault fault = {.kind = JSON_FAULT_NONE};
    if (!is_of_type(node, shape->type))
        return json_fault_mismatch(arena, node, shape->type);
    if (shape->type == JSON_TARGET_STRUCTURE && shape->member_count > 0) {
        const struct json_node *nodes[SHAPE_MEMBER_COUNT_MAX];
        shape_find_members(shape, node, nodes);
        return shape_check_types(shape, nodes, arena);
    }
    const struct shape *element = shape->type == JSON_TARGET_STRING_MAP ? &string : shape->element;
    if (element == NULL)
        return fault;
    for (const struct json_node *child = node->first; child != NULL; child = child->next) {
        if (child->kind != JSON_NULL)
            fault = check_node(element, child, arena);
        if (fault.kind != JSON_FAULT_NONE)
            return fault;
    }
    return fault;
}

struct json_fault shape_check_types(const struct shape *shape, const struct json_node *const *nodes,
                                    struct arena *arena)
{
    struct json_fault fault = {.kind = JSON_FAULT_NONE};
    for (size_t i = 0; i < shape->member_count; i++) {
        if (nodes[i] != NULL)
            fault = check_node(shape->members[i].shape, nodes[i], arena);
        if (fault.kind != JSON_FAULT_NONE)
            return fault;
    }
    return fault;
}

int64_t shape_integer(const struct json_node *node)
{
    const uint8_t *at = node->text.bytes;
    const uint8_t *end = at + node->text.size;
    bool is_negative = at < end && *at == '-';
    int64_t value = 0;
    for (at += is_negative; at < end; at++) {
        int digit = *at - '0';
        CHECK(digit >= 0 && digit <= 9);
        bool is_over = __builtin_mul_overflow(value, (int64_t)10, &value) ||
                       __builtin_sub_overflow(value, (int64_t)digit, &value);
        if (is_over)
            return is_negative ? INT64_MIN : INT64_MAX;
    }
    if (is_negative)
        return value;
    return value == INT64_MIN ? INT64_MAX : -value;
}
