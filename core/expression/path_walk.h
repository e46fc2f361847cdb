/*
 * Path walk: through a list or map, or an item, once for all the paths that go into it.
 */
#pragma once

#include "core/base/slice.h"
#include "core/expression/path_order.h"
#include "core/model/value.h"

#include <stdbool.h>
#include <stdint.h>

struct path_walk {
    struct value_cursor cursor;
    struct path_group rest;
    uint32_t depth;
    uint32_t index; /* of the next element */
};

/* Step `depth` of the paths goes into what the cursor walks through. */
struct path_walk path_walk_of(struct value_cursor cursor, struct path_group paths, uint32_t depth);

/* The next element that paths lead to, and these paths; false at the end. */
bool path_walk_next(struct path_walk *walk, struct path_group *out_paths, struct slice *out_name,
                    struct value *out_value);
