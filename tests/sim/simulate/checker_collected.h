/*
 * Checks that no row of a dropped table is left in the engines.
 */
#pragma once

#include "core/catalog/view.h"
#include "tests/sim/simulate/findings.h"

#include <stdbool.h>

struct engine_memory_disk;

/* Every row is of a table that the view knows. */
bool checker_is_collected(const struct engine_memory_disk *disk, const struct catalog_view *view);

void checker_collected(const struct engine_memory_disk *disk, const struct catalog_view *view,
                       struct findings *findings);
