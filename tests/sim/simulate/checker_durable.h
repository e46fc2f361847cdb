/*
 * Checks what is there in the end: every write that was acknowledged, unless a later one replaced
 * it or one that overlapped or of which nobody knows did; and nothing that was not executed.
 *
 * It asks for less than linearizability does, in a way so simple that it needs no check itself.
 */
#pragma once

#include "tests/sim/simulate/history.h"

/* The gets from `first_id` on were made when all was well again. */
void checker_durable(struct history *history, uint64_t first_id, struct findings *findings);
