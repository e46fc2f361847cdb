#include "core/expression/projection.h"

#include "core/base/check.h"
#include "core/expression/path_walk.h"

struct path_group projection_prepare(const struct projection *projection, struct arena *arena)
{
    struct ordered_path *paths = arena_alloc(arena, projection->count * sizeof *paths);
    for (uint32_t i = 0; i < projection->count; i++)
        paths[i] = (struct ordered_path){.path = projection->paths[i], .ordinal = i};
    return path_group_of(paths, projection->count);
}

/* A list or map that is opened only once something is written into it. */
struct place {
    struct place *outer; /* NULL: it stands in the item itself */
    struct slice name;   /* without bytes in a list */
    bool has_name;
    enum value_type type;
    bool is_open;
};

static void place_open(struct place *place, struct item_builder *builder)
{
    if (place == NULL || place->is_open)
        return;
    place_open(place->outer, builder);
    if (place->has_name)
        item_builder_name(builder, place->name);
    item_builder_open(builder, place->type);
    place->is_open = true;
}

/* Writes what the walk meets. Recursion ends with the paths: no item is deeper than they go. */
static void write_parts(struct path_walk walk, struct place *outer, struct item_builder *builder)
{
    struct path_group paths;
    struct slice name;
    struct value value;
    while (path_walk_next(&walk, &paths, &name, &value)) {
        bool has_name = walk.cursor.has_names;
        if (path_group_ends(paths, walk.depth)) {
            place_open(outer, builder);
            if (has_name)
                item_builder_name(builder, name);
            item_builder_value(builder, value);
        } else if (value.type == VALUE_LIST || value.type == VALUE_MAP) {
            struct place place = {
                .outer = outer, .name = name, .has_name = has_name, .type = value.type};
            write_parts(path_walk_of(value_cursor(value), paths, walk.depth + 1), &place, builder);
            if (place.is_open)
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
        write_parts(path_walk_of(item_cursor(item), paths, 0), NULL, builder);
    CHECK(item_builder_finish(builder, &parts) == ITEM_FAULT_NONE);
    return parts;
}
