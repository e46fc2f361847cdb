/*
 * Clauses: what may follow the verb, table and key of a statement, in any order.
 */
#pragma once

#include "tests/scenario/notation.h"

/* Adds what they say to the body, up to the arrow or the end. */
void clauses_take(struct notation *notation, struct tree *body);
