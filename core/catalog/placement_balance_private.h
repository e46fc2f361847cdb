/*
 * Balance: units spread over bins, each bin between a least and a greatest load, at the least cost.
 *
 * A unit is a (row, bin) pair; a row has at most one in a bin. From wherever the units are, balance
 * moves them along the cheapest chains (one unit from bin a to b, another from b to c, ...) until
 * no chain or cycle makes it cheaper: successive shortest paths and cycle cancelling of a minimum
 * cost flow, seen from its bins only.
 *
 * Loads outside their bounds cost more than anything else does. The result is the cheapest there is
 * as long as the costs of moves in different rows, or bins, add up; where two moves of one row hang
 * together it may stay a little above.
 */
#pragma once

#include "core/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No move may cost, nor gain, as much as BALANCE_COST_MAX. */
#define BALANCE_COST_MAX  ((int64_t)1 << 46)
#define BALANCE_FORBIDDEN INT64_MAX

struct balance;

/* What moving the row's unit changes; `to` holds none of the row's. BALANCE_FORBIDDEN: it may not.
 */
typedef int64_t (*balance_cost_fn)(const void *context, uint32_t row, size_t from, size_t to);

/* Tells that a unit has moved, so that the next costs are those from there. */
typedef void (*balance_moved_fn)(void *context, uint32_t row, size_t from, size_t to);

struct balance_options {
    uint32_t row_count;
    size_t bin_count;
    size_t load_min;
    size_t load_max;
    balance_cost_fn cost_fn;
    balance_moved_fn moved_fn;
    void *context;
};

/* Lives in the arena. */
struct balance *balance_create(const struct balance_options *options, struct arena *arena);

/* Puts a unit in, before the first run. */
void balance_add(struct balance *balance, uint32_t row, size_t bin);

bool balance_holds(const struct balance *balance, uint32_t row, size_t bin);
size_t balance_load(const struct balance *balance, size_t bin);

/* Moves units until all is well; loads are within their bounds then, if that can be. */
void balance_run(struct balance *balance);
