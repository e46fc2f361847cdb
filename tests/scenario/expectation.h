/*
 * Expectation: what stands behind the arrow of a statement, and whether an answer is that.
 */
#pragma once

#include "tests/scenario/notation.h"
#include "tests/scenario/statement.h"

#include <stdbool.h>

struct answer {
    unsigned status_code;
    struct slice text;       /* the body as it came */
    const struct tree *body; /* NULL when it is no JSON */
};

/*
 * Reads what is expected, from the arrow on or nothing, and compares; true when all of it is so.
 * False with notation->mistake set when it is no expectation.
 */
bool expectation_check(struct notation *notation, const struct statement *statement,
                       const struct answer *answer);
