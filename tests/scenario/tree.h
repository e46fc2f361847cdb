/*
 * Tree: a JSON document in memory: what a scenario sends, what it expects, and what was answered.
 *
 * Ownership: everything lies in the arena that it was made in. A child has one parent; tree_share
 *            gives another name to what already stands somewhere.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum tree_kind {
    TREE_NULL,
    TREE_FALSE,
    TREE_TRUE,
    TREE_NUMBER,
    TREE_STRING,
    TREE_ARRAY,
    TREE_OBJECT,
    TREE_ANY,    /* only expected: whatever stands there */
    TREE_ABSENT, /* only expected: nothing stands there */
};

struct tree {
    enum tree_kind kind;
    size_t count;      /* of members or elements */
    struct slice name; /* of a member */
    struct slice text; /* of a string or a number */
    struct tree *first;
    struct tree *last;
    struct tree *next;
};

struct tree *tree_create(struct arena *arena, enum tree_kind kind);
struct tree *tree_of_text(struct arena *arena, enum tree_kind kind, struct slice text);
struct tree *tree_of_count(struct arena *arena, uint64_t count);

/* The same content, to stand in a second place. */
struct tree *tree_share(struct arena *arena, const struct tree *tree);

void tree_add(struct tree *array, struct tree *element);

/* A member of that name which is there already stays: JSON may repeat names. */
void tree_add_member(struct tree *object, struct slice name, struct tree *member);

/* Takes the place of a member of that name. */
void tree_set(struct tree *object, const char *name, struct tree *member);

/* NULL: there is none, or `tree` is NULL or no object. */
struct tree *tree_find(const struct tree *tree, struct slice name);

/* The same down a path such as `Table.KeySchema.0`. */
struct tree *tree_at(const struct tree *tree, struct slice path);

/* A number without sign and fraction; 0 when it is none, or NULL. */
uint64_t tree_count(const struct tree *tree);

MUST_USE enum status tree_parse(struct arena *arena, struct slice json, struct tree **out);
void tree_write(const struct tree *tree, struct buffer *out);
