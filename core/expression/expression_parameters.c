#include "core/expression/expression_parameters.h"

#include "core/base/buffer.h"

/* Which parameters a list is of. */
struct selection {
    bool is_legacy;
    bool is_present;
    bool takes_values; /* only those that do */
};

/* Appends their names with `between` in between; returns how many there are. */
static size_t list_names(const struct expression_parameters *parameters, struct selection selection,
                         const char *between, struct buffer *names)
{
    size_t count = 0;
    for (size_t i = 0; i < parameters->count; i++) {
        const struct expression_parameter *entry = &parameters->entries[i];
        if (entry->is_legacy != selection.is_legacy || entry->is_present != selection.is_present ||
            (selection.takes_values && !entry->takes_values))
            continue;
        buffer_append_text(names, count > 0 ? between : "");
        buffer_append_text(names, entry->name);
        count++;
    }
    return count;
}

static struct expression_fault check_mixture(struct arena *arena,
                                             const struct expression_parameters *parameters)
{
    SCOPED(buffer) legacy = {0};
    SCOPED(buffer) expressions = {0};
    struct selection selection = {.is_present = true};
    size_t expression_count = list_names(parameters, selection, ", ", &expressions);
    selection.is_legacy = true;
    size_t legacy_count = list_names(parameters, selection, ", ", &legacy);
    if (expression_count == 0 || legacy_count == 0)
        return expression_fault_none();
    return expression_fault_format(
        arena,
        "Can not use both expression and non-expression parameters in the same request: "
        "Non-expression parameters: {%.*s} Expression parameters: {%.*s}",
        EXPRESSION_SLICE(buffer_slice(&legacy)), EXPRESSION_SLICE(buffer_slice(&expressions)));
}

static struct expression_fault check_names(struct arena *arena,
                                           const struct expression_parameters *parameters)
{
    SCOPED(buffer) names = {0};
    struct selection present = {.is_present = true};
    if (!parameters->has_names || list_names(parameters, present, "", &names) > 0)
        return expression_fault_none();
    return expression_fault_format(
        arena, "ExpressionAttributeNames can only be specified when using expressions");
}

static struct expression_fault check_values(struct arena *arena,
                                            const struct expression_parameters *parameters)
{
    SCOPED(buffer) names = {0};
    struct selection selection = {.is_present = true, .takes_values = true};
    if (!parameters->has_values || list_names(parameters, selection, "", &names) > 0)
        return expression_fault_none();
    selection.is_present = false;
    size_t count = list_names(parameters, selection, " and ", &names);
    return expression_fault_format(
        arena,
        "ExpressionAttributeValues can only be specified when using expressions: %.*s %s null",
        EXPRESSION_SLICE(buffer_slice(&names)), count == 1 ? "is" : "are");
}

struct expression_fault expression_parameters_check(struct arena *arena,
                                                    const struct expression_parameters *parameters)
{
    TRY_EXPRESSION(check_mixture(arena, parameters));
    TRY_EXPRESSION(check_names(arena, parameters));
    return check_values(arena, parameters);
}
