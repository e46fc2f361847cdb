#include "core/expression/path.h"

#include "core/base/buffer.h"

struct path path_of_attribute(struct arena *arena, struct slice name)
{
    struct path_step *step = arena_alloc_zeroed(arena, sizeof *step);
    step->name = name;
    return (struct path){.steps = step, .count = 1};
}

bool path_step_is_equal(struct path_step left, struct path_step right)
{
    if (left.is_index != right.is_index)
        return false;
    return left.is_index ? left.index == right.index : slice_is_equal(left.name, right.name);
}

enum path_relation path_compare(struct path left, struct path right)
{
    for (uint32_t i = 0; i < left.count && i < right.count; i++) {
        if (left.steps[i].is_index != right.steps[i].is_index)
            return PATHS_CONFLICT;
        if (!path_step_is_equal(left.steps[i], right.steps[i]))
            return PATHS_APART;
    }
    return PATHS_OVERLAP;
}

const char *path_text(struct arena *arena, struct path path)
{
    SCOPED(buffer) text;
    buffer_init(&text);
    for (uint32_t i = 0; i < path.count; i++) {
        buffer_append_text(&text, i == 0 ? "[" : ", ");
        if (path.steps[i].is_index)
            buffer_append_format(&text, "[%u]", path.steps[i].index);
        else
            buffer_append(&text, path.steps[i].name);
    }
    buffer_append_text(&text, "]");
    return arena_copy_text(arena, buffer_slice(&text));
}
