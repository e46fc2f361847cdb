/*
 * Script: the scenarios of one file, cut into statements.
 *
 * A comment that follows a blank line begins a scenario, and is its rule. Statements before the
 * first comment are made at the beginning of each scenario of the file. A line that begins with a
 * blank goes on with the one before it.
 *
 * Ownership: everything lies in the arena.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/slice.h"
#include "core/base/status.h"

struct script_line {
    const char *text;
    unsigned number;
    struct script_line *next;
};

struct script_scenario {
    const char *rule; /* of one line */
    unsigned number;  /* of its first line */
    struct script_line *lines;
    struct script_line *last;
    struct script_scenario *next;
};

struct script {
    struct script_line *preamble;
    struct script_scenario *scenarios;
};

/* STATUS_INVALID, and why, when the text is none. */
MUST_USE enum status script_parse(struct arena *arena, struct slice text, struct script *out,
                                  const char **out_mistake);
