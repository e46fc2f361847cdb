#include "core/expression/path_order.h"

#include "core/base/check.h"

#include <stdlib.h>

static int compare_steps(struct path_step left, struct path_step right)
{
    if (left.is_index != right.is_index)
        return left.is_index ? 1 : -1;
    if (left.is_index)
        return (left.index > right.index) - (left.index < right.index);
    return slice_compare(left.name, right.name);
}

static int compare_paths(const void *left_path, const void *right_path)
{
    const struct path left = ((const struct ordered_path *)left_path)->path;
    const struct path right = ((const struct ordered_path *)right_path)->path;
    for (uint32_t i = 0; i < left.count && i < right.count; i++) {
        int order = compare_steps(left.steps[i], right.steps[i]);
        if (order != 0)
            return order;
    }
    return (left.count > right.count) - (left.count < right.count);
}

struct path_group path_group_of(struct ordered_path *paths, uint32_t count)
{
    if (count > 1)
        qsort(paths, count, sizeof *paths, compare_paths);
    return (struct path_group){.paths = paths, .count = count};
}

struct path_group path_group_take(struct path_group *rest, uint32_t depth)
{
    CHECK(rest->count > 0);
    struct path_group taken = {.paths = rest->paths, .count = 1};
    while (taken.count < rest->count &&
           path_step_is_equal(rest->paths[taken.count].path.steps[depth],
                              path_group_step(taken, depth)))
        taken.count++;
    rest->paths += taken.count;
    rest->count -= taken.count;
    return taken;
}
