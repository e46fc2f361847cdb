/*
 * Match: is an answer what a scenario expects?
 */
#pragma once

#include "tests/scenario/tree.h"

#include <stdbool.h>

enum match_rule {
    MATCH_EXACT,  /* nothing more, nothing less; numbers by value, sets in any order */
    MATCH_SUBSET, /* objects may have members that are not expected */
};

/* `got` may be NULL: nothing is there. */
bool match_tree(const struct tree *expected, const struct tree *got, enum match_rule rule);

/* Arrays of the same elements in whatever order. */
bool match_unordered(const struct tree *expected, const struct tree *got, enum match_rule rule);

/* `*` in the pattern stands for any text. */
bool match_text(struct slice pattern, struct slice text);
