#include "core/expression/update.h"

#include "core/base/check.h"
#include "core/base/limits.h"
#include "core/expression/action_outcome.h"
#include "core/expression/path_order.h"
#include "core/expression/path_walk.h"
#include "core/expression/projection.h"

/* What does not change while an item is walked through. */
struct change {
    const struct update *update;
    struct item_reader *before;
    struct item_builder *builder;
    enum update_fault fault; /* the first; the walk ends with it */
};

enum { ELEMENT_WORK = 2 * WORK_OF_ENTRY }; /* before and after: see update_size */

/* An item, list or map that is walked through, with the paths that go into it. */
struct level {
    struct value_cursor cursor;
    struct path_group rest;
    uint32_t depth;
    uint32_t index;        /* of the element that was read last */
    struct value_run kept; /* those just read that stay as they are */
};

static struct level level_of(struct value_cursor cursor, struct path_group paths, uint32_t depth)
{
    return (struct level){.cursor = cursor, .rest = paths, .depth = depth};
}

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
    if (fault == UPDATE_FAULT_NONE && work_is_over(change->before->work))
        fault = UPDATE_FAULT_WORK;
    if (fault != UPDATE_FAULT_NONE)
        return fail(change, fault);
    if (outcome.kind == OUTCOME_NOTHING)
        return true;
    write_name(change, group, depth);
    outcome_write(&outcome, change->before, change->builder);
    return work_is_over(change->before->work) ? fail(change, UPDATE_FAULT_WORK) : true;
}

static bool change_elements(struct change *change, struct level level);

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
    if (!change_elements(change, level_of(value_cursor(value), group, depth + 1)))
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

/* Where the next path goes from the element just read: before it, to it, or behind it. */
static int compare_step(const struct level *level, struct slice name)
{
    if (level->rest.count == 0)
        return 1;
    struct path_step step = path_group_step(level->rest, level->depth);
    if (step.is_index)
        return (step.index > level->index) - (step.index < level->index);
    return slice_compare(step.name, name);
}

static void keep(struct level *level, const uint8_t *start, struct slice name)
{
    if (level->kept.count++ == 0)
        level->kept.bytes.bytes = start;
    level->kept.bytes.size = (size_t)(level->cursor.reader.rest.bytes - level->kept.bytes.bytes);
    level->kept.last_name = name;
}

static void write_kept(struct change *change, struct level *level)
{
    item_builder_run(change->builder, level->kept);
    level->kept.count = 0;
}

/* All that no path is left for stays as it is. */
static void write_rest(struct change *change, struct level *level)
{
    write_kept(change, level);
    struct value_run rest = {level->cursor.reader.rest, level->cursor.left_count, {0}};
    item_builder_run(change->builder, rest);
}

/* Writes what paths add before the element just read, and what they make of it. */
static bool change_element(struct change *change, struct level *level, const uint8_t *start,
                           struct slice name, struct value value)
{
    int order = compare_step(level, name);
    if (order <= 0)
        write_kept(change, level);
    for (; order < 0; order = compare_step(level, name))
        if (!fill_place(change, path_group_take(&level->rest, level->depth), level->depth))
            return false;
    if (order == 0)
        return change_value(change, path_group_take(&level->rest, level->depth), level->depth,
                            value);
    keep(level, start, name);
    return true;
}

/* Writes the elements with those changed and added that paths name. */
static bool change_elements(struct change *change, struct level level)
{
    struct slice name;
    struct value value;
    if (level.rest.count > 0 && !are_steps_fitting(level.rest, level.depth, level.cursor.has_names))
        return fail(change, UPDATE_FAULT_PATH);
    while (level.rest.count > 0) {
        const uint8_t *start = level.cursor.reader.rest.bytes;
        if (!value_cursor_next(&level.cursor, &name, &value))
            break;
        work_add(change->before->work, ELEMENT_WORK);
        if (!change_element(change, &level, start, name, value))
            return false;
        level.index++;
    }
    if (level.rest.count == 0) {
        write_rest(change, &level);
        return true;
    }
    write_kept(change, &level);
    while (level.rest.count > 0)
        if (!fill_place(change, path_group_take(&level.rest, level.depth), level.depth))
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

enum update_fault update_apply(const struct update *update, struct item_reader *before,
                               struct arena *arena, struct item_builder *builder,
                               struct slice *out_after)
{
    struct change change = {.update = update, .before = before, .builder = builder};
    struct value_cursor attributes = {.has_names = true};
    if (before->item.size > 0)
        attributes = item_cursor(before->item);
    item_builder_reset(builder);
    if (!change_elements(&change, level_of(attributes, order_paths(update, true, arena), 0)))
        return change.fault;
    return finish(builder, out_after);
}

static bool writes(const struct update_action *action)
{
    return action->kind != UPDATE_REMOVE && action->kind != UPDATE_DELETE;
}

/* The values at the ends of the paths of actions that write. */
static size_t written_size(const struct update *update, struct path_walk walk)
{
    size_t size = 0;
    struct path_group paths;
    struct slice name;
    struct value value;
    while (path_walk_next(&walk, &paths, &name, &value)) {
        if (!path_group_ends(paths, walk.depth))
            size += written_size(update, path_walk_of(value_cursor(value), paths, walk.depth + 1));
        else if (writes(&update->actions[paths.paths[0].ordinal]))
            size += value_size(value);
    }
    return size;
}

size_t update_size(const struct update *update, struct slice after, struct arena *arena)
{
    enum { STATEMENT_SIZE = 3, WRITE_SIZE = 19, REMOVAL_SIZE = 2 };
    size_t size = STATEMENT_SIZE;
    for (uint32_t i = 0; i < update->count; i++) {
        const struct update_action *action = &update->actions[i];
        if (writes(action))
            size += WRITE_SIZE + action->path.steps[action->path.count - 1].name.size;
        else
            size += REMOVAL_SIZE;
    }
    struct path_group paths = order_paths(update, false, arena);
    return size + written_size(update, path_walk_of(item_cursor(after), paths, 0));
}

struct slice update_image(const struct update *update, enum update_image image, struct slice item,
                          struct arena *arena, struct item_builder *builder)
{
    return projection_apply(order_paths(update, image == UPDATE_IMAGE_OLD, arena), item, builder);
}
