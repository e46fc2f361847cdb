#include "core/expression/tree.h"

#include "core/base/check.h"

static void *copy_nodes(struct arena *arena, const void *nodes, size_t size)
{
    return memcpy(arena_alloc(arena, size), nodes, size);
}

uint32_t operand_argument_count(enum operand_kind kind)
{
    switch (kind) {
    case OPERAND_PATH:
    case OPERAND_VALUE:
        return 0;
    case OPERAND_SIZE:
        return 1;
    case OPERAND_PLUS:
    case OPERAND_MINUS:
    case OPERAND_IF_NOT_EXISTS:
    case OPERAND_LIST_APPEND:
        return 2;
    }
    return 0;
}

struct operand operand_of_attribute(struct arena *arena, struct slice name)
{
    return operand_of_path(path_of_attribute(arena, name));
}

struct operand operand_of_path(struct path path)
{
    return (struct operand){.kind = OPERAND_PATH, .path = path};
}

struct operand operand_of_value(struct value value)
{
    return (struct operand){.kind = OPERAND_VALUE, .value = value};
}

struct operand operand_of_function(struct arena *arena, enum operand_kind kind,
                                   const struct operand *arguments)
{
    size_t size = operand_argument_count(kind) * sizeof *arguments;
    CHECK(size > 0);
    return (struct operand){.kind = kind, .arguments = copy_nodes(arena, arguments, size)};
}

struct condition condition_of_operands(struct arena *arena, enum condition_kind kind,
                                       const struct operand *operands, uint32_t count)
{
    CHECK(!condition_has_children(kind));
    CHECK(count > 0);
    return (struct condition){
        .kind = kind,
        .count = count,
        .operands = copy_nodes(arena, operands, count * sizeof *operands),
    };
}

struct condition condition_join(struct arena *arena, enum condition_kind kind,
                                const struct condition *children, uint32_t count)
{
    CHECK(kind == CONDITION_AND || kind == CONDITION_OR);
    CHECK(count > 0);
    if (count == 1)
        return children[0];
    return (struct condition){
        .kind = kind,
        .count = count,
        .children = copy_nodes(arena, children, count * sizeof *children),
    };
}

struct condition condition_not(struct arena *arena, struct condition child)
{
    return (struct condition){
        .kind = CONDITION_NOT,
        .count = 1,
        .children = copy_nodes(arena, &child, sizeof child),
    };
}

static bool operand_uses(const struct operand *operand, struct slice attribute)
{
    if (operand->kind == OPERAND_PATH)
        return slice_is_equal(path_attribute(operand->path), attribute);
    for (uint32_t i = 0; i < operand_argument_count(operand->kind); i++) {
        if (operand_uses(&operand->arguments[i], attribute))
            return true;
    }
    return false;
}

bool condition_uses(const struct condition *condition, struct slice attribute)
{
    for (uint32_t i = 0; i < condition->count; i++) {
        bool uses = condition_has_children(condition->kind)
                        ? condition_uses(&condition->children[i], attribute)
                        : operand_uses(&condition->operands[i], attribute);
        if (uses)
            return true;
    }
    return false;
}

bool update_changes(const struct update *update, struct slice attribute)
{
    for (uint32_t i = 0; i < update->count; i++) {
        if (slice_is_equal(path_attribute(update->actions[i].path), attribute))
            return true;
    }
    return false;
}
