#include "core/expression/expression_context.h"

#include "core/base/buffer.h"
#include "core/base/limits.h"
#include "core/expression/lexer.h"

#include <stdlib.h>

/* A placeholder, found by bisection: a map may have a hundred thousand. */
struct substitute {
    struct slice placeholder;
    size_t index; /* of its entry in the request */
    bool is_used;
};

struct substitutes {
    const char *parameter;
    char mark;
    struct substitute *sorted;
    size_t count;
};

struct expression_context {
    struct arena *arena;
    struct expression_names names;
    struct expression_values values;
    struct substitutes name_substitutes;
    struct substitutes value_substitutes;
};

static int compare_substitutes(const void *left, const void *right)
{
    return slice_compare(((const struct substitute *)left)->placeholder,
                         ((const struct substitute *)right)->placeholder);
}

static struct expression_fault check_keys(struct arena *arena,
                                          const struct substitutes *substitutes)
{
    for (size_t i = 0; i < substitutes->count; i++) {
        struct slice key = substitutes->sorted[i].placeholder;
        if (!lexer_is_placeholder(key, substitutes->mark))
            return expression_fault_format(arena,
                                           "%s contains invalid key: Syntax error; key: \"%.*s\"",
                                           substitutes->parameter, EXPRESSION_SLICE(key));
    }
    return expression_fault_none();
}

/* `sorted` is in the order of the request so far. */
static struct expression_fault prepare(struct arena *arena, struct substitutes *substitutes,
                                       size_t size)
{
    if (substitutes->count == 0)
        return expression_fault_format(arena, "%s must not be empty", substitutes->parameter);
    if (size > EXPRESSION_SUBSTITUTES_SIZE_MAX)
        return expression_fault_format(arena, "%s exceeds max size", substitutes->parameter);
    TRY_EXPRESSION(check_keys(arena, substitutes));
    qsort(substitutes->sorted, substitutes->count, sizeof *substitutes->sorted,
          compare_substitutes);
    return expression_fault_none();
}

static struct substitutes allocate(struct arena *arena, const char *parameter, char mark,
                                   size_t count)
{
    return (struct substitutes){
        .parameter = parameter,
        .mark = mark,
        .sorted = arena_alloc_zeroed(arena, count * sizeof(struct substitute)),
        .count = count,
    };
}

static struct expression_fault check_names(const struct expression_context *context)
{
    for (size_t i = 0; i < context->names.count; i++) {
        const struct expression_name *entry = &context->names.entries[i];
        if (entry->name.size > LIMIT_ATTRIBUTE_NAME_SIZE)
            return expression_fault_format(context->arena, "Attribute name is too large, must be "
                                                           "less than 65536 bytes");
        if (entry->name.size == 0)
            return expression_fault_format(
                context->arena,
                "ExpressionAttributeNames contains invalid value: Empty attribute name for key "
                "%.*s",
                EXPRESSION_SLICE(entry->placeholder));
    }
    return expression_fault_none();
}

static struct expression_fault prepare_names(struct expression_context *context)
{
    size_t size = 0;
    struct substitutes *substitutes = &context->name_substitutes;
    *substitutes = allocate(context->arena, "ExpressionAttributeNames", '#', context->names.count);
    for (size_t i = 0; i < substitutes->count; i++) {
        const struct expression_name *entry = &context->names.entries[i];
        substitutes->sorted[i] = (struct substitute){.placeholder = entry->placeholder, .index = i};
        size += entry->placeholder.size + entry->name.size;
    }
    if (!context->names.is_present)
        return expression_fault_none();
    TRY_EXPRESSION(prepare(context->arena, substitutes, size));
    return check_names(context);
}

static struct expression_fault prepare_values(struct expression_context *context)
{
    size_t size = 0;
    struct substitutes *substitutes = &context->value_substitutes;
    *substitutes =
        allocate(context->arena, "ExpressionAttributeValues", ':', context->values.count);
    for (size_t i = 0; i < substitutes->count; i++) {
        const struct expression_value *entry = &context->values.entries[i];
        substitutes->sorted[i] = (struct substitute){.placeholder = entry->placeholder, .index = i};
        size += entry->placeholder.size + entry->value.payload.size;
    }
    return context->values.is_present ? prepare(context->arena, substitutes, size)
                                      : expression_fault_none();
}

struct expression_fault expression_context_create(struct arena *arena,
                                                  struct expression_names names,
                                                  struct expression_values values,
                                                  struct expression_context **out_context)
{
    struct expression_context *context = arena_alloc_zeroed(arena, sizeof *context);
    context->arena = arena;
    context->names = names;
    context->values = values;
    TRY_EXPRESSION(prepare_names(context));
    TRY_EXPRESSION(prepare_values(context));
    *out_context = context;
    return expression_fault_none();
}

struct arena *expression_context_arena(const struct expression_context *context)
{
    return context->arena;
}

static struct substitute *find(const struct substitutes *substitutes, struct slice placeholder)
{
    struct substitute wanted = {.placeholder = placeholder};
    struct substitute *found = bsearch(&wanted, substitutes->sorted, substitutes->count,
                                       sizeof wanted, compare_substitutes);
    if (found != NULL)
        found->is_used = true;
    return found;
}

bool expression_context_name(struct expression_context *context, struct slice placeholder,
                             struct slice *out_name)
{
    const struct substitute *found = find(&context->name_substitutes, placeholder);
    if (found != NULL)
        *out_name = context->names.entries[found->index].name;
    return found != NULL;
}

bool expression_context_value(struct expression_context *context, struct slice placeholder,
                              struct value *out_value)
{
    const struct substitute *found = find(&context->value_substitutes, placeholder);
    if (found != NULL)
        *out_value = context->values.entries[found->index].value;
    return found != NULL;
}

static struct expression_fault refuse_unused(struct arena *arena,
                                             const struct substitutes *substitutes)
{
    SCOPED(buffer) keys = {0};
    for (size_t i = 0; i < substitutes->count; i++) {
        if (substitutes->sorted[i].is_used)
            continue;
        buffer_append_text(&keys, keys.size > 0 ? ", " : "");
        buffer_append(&keys, substitutes->sorted[i].placeholder);
    }
    if (keys.size == 0)
        return expression_fault_none();
    return expression_fault_format(arena,
                                   "Value provided in %s unused in expressions: keys: {%.*s}",
                                   substitutes->parameter, EXPRESSION_SLICE(buffer_slice(&keys)));
}

struct expression_fault expression_context_finish(const struct expression_context *context)
{
    TRY_EXPRESSION(refuse_unused(context->arena, &context->name_substitutes));
    return refuse_unused(context->arena, &context->value_substitutes);
}
