#include "core/expression/projection.h"

#include "core/base/check.h"

struct path_group projection_prepare(const struct projection *projection, struct arena *arena)
{
    struct ordered_path *paths = arena_alloc(arena, projection->count * sizeof *paths);
    for (uint32_t i = 0; i < projection->count; i++)
        paths[i] = (struct ordered_path){.path = projection->paths[i], .ordinal = i};
    return path_group_of(paths, projection->count);
}

/* Walks through a list or map, or an item, and through the paths that go into it. */
struct walk {
    struct value_cursor cursor;
    struct path_group rest;
    uint32_t depth;
    uint32_t index; /* of the next element */
};

static struct walk walk_of(struct value_cursor cursor, struct path_group paths, uint32_t depth)
{
    return (struct walk){.cursor = cursor, .rest = paths, .depth = depth};
}

/* Where the step stands to the element just read: before it, at it, or behind it. */
static int compare_step(const struct walk *walk, struct slice name)
{
    struct path_step step = path_group_step(walk->rest, walk->depth);
    if (step.is_index == walk->cursor.has_names)
        return step.is_index ? 1 : -1;
    if (!step.is_index)
        return slice_compare(step.name, name);
    return (step.index > walk->index) - (step.index < walk->index);
}

/* The next element that paths lead to; false at the end. */
static bool walk_next(struct walk *walk, struct path_group *out_paths, struct slice *out_name,
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

static bool is_list_or_map(struct value value)
{
    return value.type == VALUE_LIST || value.type == VALUE_MAP;
}

/* Whether any of the paths leads to something within the value. */
static bool leads_somewhere(struct path_group paths, uint32_t depth, struct value value)
{
    if (path_group_ends(paths, depth))
        return true;
    if (!is_list_or_map(value))
        return false;
    struct walk walk = walk_of(value_cursor(value), paths, depth + 1);
    struct slice name;
    while (walk_next(&walk, &paths, &name, &value))
        if (leads_somewhere(paths, depth + 1, value))
            return true;
    return false;
}

/* Writes what the walk meets. Recursion ends with the paths: no item is deeper than they go. */
static void write_parts(struct walk walk, struct item_builder *builder)
{
    struct path_group paths;
    struct slice name;
    struct value value;
    while (walk_next(&walk, &paths, &name, &value)) {
        if (!leads_somewhere(paths, walk.depth, value))
            continue;
        if (walk.cursor.has_names)
            item_builder_name(builder, name);
        if (path_group_ends(paths, walk.depth)) {
            item_builder_value(builder, value);
        } else {
            item_builder_open(builder, value.type);
            write_parts(walk_of(value_cursor(value), paths, walk.depth + 1), builder);
            item_builder_close(builder);
        }
    }
}

struct slice projection_apply(struct path_group paths, struct slice item,
                              struct item_builder *builder)
{
    struct slice parts;
    item_builder_reset(builder);
    if (item.size > 0)
        write_parts(walk_of(item_cursor(item), paths, 0), builder);
    CHECK(item_builder_finish(builder, &parts) == ITEM_FAULT_NONE);
    return parts;
}
