/*
 * Notation: how scenarios write JSON and items; text to trees.
 *
 * JSON with less to type: names and words need no quotes. Of items `{id: "7", n: 1, on: true}`
 * stands for `{"id":{"S":"7"},"n":{"N":"1"},"on":{"BOOL":true}}`. README.md has all of it.
 *
 * A notation is read front to back; the first mistake ends it, and every later call gives NULL.
 */
#pragma once

#include "tests/scenario/tree.h"

#include <stdbool.h>

struct notation {
    struct arena *arena;
    const char *at;               /* what is left, NUL-terminated */
    const struct tree *variables; /* an object: what $name stands for */
    bool is_rehearsed;            /* nothing is sent, so that every $name stands for something */
    uint64_t index;               /* what $i stands for */
    const char *mistake;          /* NULL: none so far */
};

/* Always NULL; `at` stays where the mistake is. */
void *notation_fail(struct notation *notation, const char *mistake);

void notation_skip_blanks(struct notation *notation);

/* Takes `text` if it comes next, after blanks. */
bool notation_take(struct notation *notation, const char *text);

/* The same of a whole word. */
bool notation_take_word(struct notation *notation, const char *word);

/* Letters, digits and `_-./`, behind one of `#:$` or not; empty when there are none. */
struct slice notation_word(struct notation *notation);

/* A string in quotes, with what may follow: "ab"*2 + "c". */
struct slice notation_string(struct notation *notation);

/* A whole number; 0, and a mistake, when there is none. */
uint64_t notation_number(struct notation *notation);

/* JSON; within it, @ switches to items and values: {Key: @{id: "7"}, Value: @5}. */
struct tree *notation_json(struct notation *notation);

/* Names and attribute values. */
struct tree *notation_item(struct notation *notation);

/* Several of them, behind the opening bracket. */
struct tree *notation_items(struct notation *notation);

/* One attribute value. */
struct tree *notation_value(struct notation *notation);
