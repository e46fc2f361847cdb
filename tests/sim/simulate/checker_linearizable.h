/*
 * Checks that each row behaved as one register: as if every operation had been done at one instant
 * between its invocation and its answer.
 *
 * A write whose outcome is unknown may have been done at any time after its invocation, or never;
 * one that was not executed never. Exact: it finds an order if there is one.
 */
#pragma once

#include "tests/sim/simulate/history.h"

void checker_linearizable(struct history *history, struct findings *findings);

/* Of one row; the walk over all of them is the function above. */
void checker_linearizable_row(const struct history_row *row, struct findings *findings);
