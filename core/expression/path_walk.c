#include "core/expression/path_walk.h"

struct path_walk path_walk_of(struct value_cursor cursor, struct path_group paths, uint32_t depth)
{
    return (struct path_walk){.cursor = cursor, .rest = paths, .depth = depth};
}

/* Where the step stands to the element just read: before it, at it, or behind it. */
static int compare_step(const struct path_walk *walk, struct slice name)
{
    struct path_step step = path_group_step(walk->rest, walk->depth);
    if (step.is_index == walk->cursor.has_names)
        return step.is_index ? 1 : -1;
    if (!step.is_index)
        return slice_compare(step.name, name);
    return (step.index > walk->index) - (step.index < walk->index);
}

bool path_walk_next(struct path_walk *walk, struct path_group *out_paths, struct slice *out_name,
                    struct value *out_value)
{
    while (walk->rest.count > 0 && value_cursor_next(&walk->cursor, out_name, out_value)) {
        while (walk->rest.count > 0 && compare_step(walk, *out_name) < 0)
            (void)path_group_take(&walk->rest, walk->depth);
        bool is_meant = walk->rest.count > 0 && compare_step(walk, *out_name) == 0;
        walk->index++;
        if (is_meant) {
            *out_paths = path_group_take(&walk->rest, walk->depth);
            return true;
        }
    }
    return false;
}
