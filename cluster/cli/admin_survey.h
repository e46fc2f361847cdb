/*
 * Survey: what the catalog and every node of a region say of themselves, asked for once.
 */
#pragma once

#include "core/base/arena.h"
#include "core/catalog/view.h"

#include "proto/schema/data.pb-c.h"

#include <stddef.h>

/* Of the `i`th node of the view: NULL when it did not answer. */
struct survey {
    const struct catalog_view *view;
    const Graticule__Wire__NodeStatus **nodes;
    size_t node_count;
};

/* Asks, calls `print_fn` on success, and returns what the process exits with. */
int survey_run(int argument_count, char **arguments, void (*print_fn)(const struct survey *survey));
