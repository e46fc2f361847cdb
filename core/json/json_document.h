/*
 * JSON document: what a request's body says, as nodes, but for its items, which are item bytes.
 *
 * Ownership: nodes lie in the request's arena; their texts lie there or in the body, which must
 * live as long.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/slice.h"
#include "core/model/value.h"

#include <stdbool.h>
#include <stdint.h>

enum json_kind {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
    JSON_ITEM,  /* an object of names and attribute values */
    JSON_VALUE, /* one attribute value */
};

struct json_node {
    enum json_kind kind;
    uint32_t count;    /* of members or elements */
    struct slice name; /* of a member */
    struct slice text; /* of a string or number; an item's bytes; a value's type and payload */
    struct json_node *first; /* member or element */
    struct json_node *next;  /* in the same object or array */
};

/*
 * The member of that name; NULL when there is none, when it is null, which means the same to
 * DynamoDB, or when `node` is no object.
 */
const struct json_node *json_node_find(const struct json_node *node, const char *name);

/* The value of a JSON_VALUE. */
struct value json_node_value(const struct json_node *node);

/* Has an object two members of one name? The arena serves for what it takes to see. */
bool json_node_has_duplicates(const struct json_node *node, struct arena *arena);

/* Where the texts of a document lie. */
struct json_source {
    struct slice body;
    struct arena *arena;
};

/* The text itself when it lies in the body, else a copy. */
struct slice json_source_keep(struct json_source source, struct slice text);
