#include "core/expression/update.h"

#include "core/base/check.h"
#include "core/base/limits.h"
#include "core/expression/action_outcome.h"
#include "core/expression/path_lookup.h"
#include "core/expression/path_order.h"
#include "core/expression/projection.h"

/* What does not change while an item is walked through. */
struct change {
    const struct update *update;
    struct slice before;
    struct item_builder *builder;
    enum update_fault fault; /* the first; the walk ends with it */
};

/* False, so that the walk ends. */
static bool fail(struct change *change, enum update_fault fault)
{
    change->fault = fault;
    return false;
}

static void write_name(struct change *change, struct path_group group, uint32_t depth)
{
    struct path_step step = path_group_step(group, depth);
    if (!step.is_index)
        item_builder_name(change->builder, step.name);
}

/* Writes what the action of a path that ends here makes of `old`; NULL when there is nothing. */
static bool change_place(struct change *change, struct path_group group, uint32_t depth,
                         const struct value *old)
{
    struct outcome outcome;
    const struct update_action *action = &change->update->actions[group.paths[0].ordinal];
    /* More than one would be paths that overlap. */
    if (group.count != 1)
        return fail(change, UPDATE_FAULT_PATH);
    enum update_fault fault = outcome_decide(action, old, change->before, &outcome);
    if (fault != UPDATE_FAULT_NONE)
        return fail(change, fault);
    if (outcome.kind == OUTCOME_NOTHING)
        return true;
    write_name(change, group, depth);
    outcome_write(&outcome, change->before, change->builder);
    return true;
}

static bool change_elements(struct change *change, struct value_cursor cursor,
                            struct path_group rest, uint32_t depth);

/* Writes what the paths make of a value that is there. */
static bool change_value(struct change *change, struct path_group group, uint32_t depth,
                         struct value value)
{
    if (path_group_ends(group, depth))
        return change_place(change, group, depth, &value);
    if (value.type != VALUE_LIST && value.type != VALUE_MAP)
        return fail(change, UPDATE_FAULT_PATH);
    write_name(change, group, depth);
    item_builder_open(change->builder, value.type);
    if (!change_elements(change, value_cursor(value), group, depth + 1))
        return false;
    item_builder_close(change->builder);
    return true;
}

/* Writes what the paths make of a place where nothing is. */
static bool fill_place(struct change *change, struct path_group group, uint32_t depth)
{
    if (!path_group_ends(group, depth))
        return fail(change, UPDATE_FAULT_PATH);
    return change_place(change, group, depth, NULL);
}

/* Whether all paths take names into a map, or indexes into a list. They stand names first. */
static bool are_steps_fitting(struct path_group paths, uint32_t depth, bool has_names)
{
    const struct path first = paths.paths[0].path;
    const struct path last = paths.paths[paths.count - 1].path;
    return has_names ? !last.steps[depth].is_index : first.steps[depth].is_index;
}

static int compare_step(struct path_step step, struct slice name, uint32_t index)
{
    if (step.is_index)
        return (step.index > index) - (step.index < index);
    return slice_compare(step.name, name);
}

/* Writes the elements of an item, list or map, with those changed and added that paths name. */
static bool change_elements(struct change *change, struct value_cursor cursor,
                            struct path_group rest, uint32_t depth)
{
    struct slice name;
    struct value value;
    if (rest.count > 0 && !are_steps_fitting(rest, depth, cursor.has_names))
        return fail(change, UPDATE_FAULT_PATH);
    for (uint32_t index = 0; value_cursor_next(&cursor, &name, &value); index++) {
        int order = -1;
        while (rest.count > 0 &&
               (order = compare_step(path_group_step(rest, depth), name, index)) < 0)
            if (!fill_place(change, path_group_take(&rest, depth), depth))
                return false;
        if (rest.count > 0 && order == 0) {
            if (!change_value(change, path_group_take(&rest, depth), depth, value))
                return false;
            continue;
        }
        if (cursor.has_names)
            item_builder_name(change->builder, name);
        item_builder_value(change->builder, value);
    }
    while (rest.count > 0)
        if (!fill_place(change, path_group_take(&rest, depth), depth))
            return false;
    return true;
}

static enum update_fault finish(struct item_builder *builder, struct slice *out_after)
{
    struct slice after;
    switch (item_builder_finish(builder, &after)) {
    case ITEM_FAULT_NONE:
        if (after.size > LIMIT_ITEM_BYTES)
            return UPDATE_FAULT_SIZE;
        *out_after = after;
        return UPDATE_FAULT_NONE;
    case ITEM_FAULT_DEPTH:
        return UPDATE_FAULT_DEPTH;
    case ITEM_FAULT_TOO_LARGE:
        return UPDATE_FAULT_SIZE;
    case ITEM_FAULT_DUPLICATE_NAME:
    case ITEM_FAULT_DUPLICATE_ELEMENT:
    case ITEM_FAULT_EMPTY_SET:
        break;
    }
    CHECK(!"a fault that an update can have");
    return UPDATE_FAULT_SIZE;
}

/* The paths of the actions, or of all but those that remove, in order. */
static struct path_group order_paths(const struct update *update, bool with_removed,
                                     struct arena *arena)
{
    struct ordered_path *paths = arena_alloc(arena, update->count * sizeof *paths);
    uint32_t count = 0;
    for (uint32_t i = 0; i < update->count; i++) {
        const struct update_action *action = &update->actions[i];
        if (with_removed || action->kind != UPDATE_REMOVE)
            paths[count++] = (struct ordered_path){.path = action->path, .ordinal = i};
    }
    return path_group_of(paths, count);
}

enum update_fault update_apply(const struct update *update, struct slice before,
                               struct arena *arena, struct item_builder *builder,
                               struct slice *out_after)
{
    struct change change = {.update = update, .before = before, .builder = builder};
    struct value_cursor attributes = {.has_names = true};
    if (before.size > 0)
        attributes = item_cursor(before);
    item_builder_reset(builder);
    if (!change_elements(&change, attributes, order_paths(update, true, arena), 0))
        return change.fault;
    return finish(builder, out_after);
}

size_t update_size(const struct update *update, struct slice after)
{
    enum { STATEMENT_SIZE = 3, WRITE_SIZE = 19, REMOVAL_SIZE = 2 };
    size_t size = STATEMENT_SIZE;
    for (uint32_t i = 0; i < update->count; i++) {
        const struct update_action *action = &update->actions[i];
        struct value value;
        if (action->kind == UPDATE_REMOVE || action->kind == UPDATE_DELETE) {
            size += REMOVAL_SIZE;
            continue;
        }
        size += WRITE_SIZE + action->path.steps[action->path.count - 1].name.size;
        if (path_lookup(after, action->path, &value))
            size += value_size(value);
    }
    return size;
}

struct slice update_image(const struct update *update, enum update_image image, struct slice item,
                          struct arena *arena, struct item_builder *builder)
{
    return projection_apply(order_paths(update, image == UPDATE_IMAGE_OLD, arena), item, builder);
}
