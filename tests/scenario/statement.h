/*
 * Statement: what one line of a scenario asks for.
 *
 * The verbs and their clauses are in README.md. What follows the arrow is left to expectation.h.
 *
 * Ownership: everything lies in the notation's arena.
 */
#pragma once

#include "tests/scenario/notation.h"
#include "tests/support/region.h"

enum statement_kind {
    STATEMENT_CALL,    /* an operation */
    STATEMENT_HTTP,    /* a request of any kind */
    STATEMENT_LET,     /* keeps a part of the last answer */
    STATEMENT_WAIT,    /* until a table has a status */
    STATEMENT_RESTART, /* every server ends, and comes back */
};

struct statement {
    enum statement_kind kind;
    const char *operation;      /* as X-Amz-Target has it behind the dot */
    struct tree *body;          /* of a call */
    const char *result;         /* path of what {...} and [...] are compared with; NULL: none */
    bool is_result_unordered;   /* DynamoDB promises no order */
    bool takes_all_pages;       /* and answers them as one */
    const char *awaited_table;  /* STATEMENT_WAIT, and after a call that succeeded; or NULL */
    const char *awaited_status; /* NULL: until it is gone */
    struct region_request http; /* STATEMENT_HTTP */
    struct slice name;          /* STATEMENT_LET */
    struct slice path;          /* STATEMENT_LET */
};

/* Reads up to the arrow, or the end. False, and notation->mistake says why: it is no statement. */
bool statement_parse(struct notation *notation, struct statement *out);
