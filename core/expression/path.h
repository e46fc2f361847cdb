/*
 * Document path: where in an item something stands, such as a.b[3].
 *
 * The first step is the name of an attribute; each further one goes into a map by name or into a
 * list by index.
 *
 * Ownership: paths borrow their steps, and steps their names.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum { PATH_STEPS_MAX = 32 };

#define PATH_INDEX_MAX (UINT32_MAX - 1)

struct path_step {
    struct slice name; /* of a name */
    uint32_t index;    /* of an index */
    bool is_index;
};

struct path {
    const struct path_step *steps;
    uint32_t count; /* at least 1 */
};

/* The path of one attribute. */
struct path path_of_attribute(struct arena *arena, struct slice name);

/* The attribute that the path begins with. */
static inline struct slice path_attribute(struct path path)
{
    return path.steps[0].name;
}

bool path_step_is_equal(struct path_step left, struct path_step right);

/* How two paths of one expression stand to each other. */
enum path_relation {
    PATHS_APART,
    PATHS_OVERLAP,  /* one contains the other, or they are equal */
    PATHS_CONFLICT, /* they part where one takes a name and the other an index */
};

enum path_relation path_compare(struct path left, struct path right);

/* As DynamoDB's errors show it: [a, b, [3]]. */
const char *path_text(struct arena *arena, struct path path);
