/*
 * Runner: makes the statements of a scenario, and says which of them was not met.
 */
#pragma once

#include "tests/scenario/backend.h"
#include "tests/scenario/script.h"

#include <stdbool.h>
#include <stdio.h>

/* Each begins in a region without tables, and leaves it so. What went wrong is told on `out`. */
bool runner_run(const struct backend *backend, const char *path, const struct script *script,
                const struct script_scenario *scenario, FILE *out);
