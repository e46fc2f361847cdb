/*
 * Path order: document paths in the order in which a walk through an item meets them, so that one
 * walk serves all of them.
 *
 * Names come before indexes, names by their bytes, indexes by number, and a path before those that
 * go on from it. Paths that share their first steps stand together: a group.
 *
 * Ownership: groups borrow the ordered paths, and these the steps of the paths.
 */
#pragma once

#include "core/expression/path.h"

#include <stdbool.h>
#include <stdint.h>

struct ordered_path {
    struct path path;
    uint32_t ordinal; /* where it stood before it was put in order */
};

/* Paths in order that share their first steps, all of which go on from there. */
struct path_group {
    const struct ordered_path *paths;
    uint32_t count;
};

/* All paths, in order. Fill in `paths` first; they are sorted in place. */
struct path_group path_group_of(struct ordered_path *paths, uint32_t count);

/* Takes the paths that share also step `depth` with the first off the front; there is one. */
struct path_group path_group_take(struct path_group *rest, uint32_t depth);

/* The step that the group's paths share. */
static inline struct path_step path_group_step(struct path_group group, uint32_t depth)
{
    return group.paths[0].path.steps[depth];
}

/* Whether the first path ends with step `depth`. No other does, unless paths overlap. */
static inline bool path_group_ends(struct path_group group, uint32_t depth)
{
    return group.paths[0].path.count == depth + 1;
}
