/*
 * JSON request: a request's body, read in one pass into a document whose items are item bytes.
 *
 * The caller names the members that are items or attribute values; all else becomes plain nodes,
 * for the caller to judge.
 *
 * Threads: a parser belongs to one thread; it keeps its memory from one body to the next.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/json/json_document.h"
#include "core/json/json_fault.h"

#include <stddef.h>

enum {
    JSON_FIELD_PATH_MAX = 7,
    JSON_FIELD_COUNT_MAX = 32,
    /* A body of 16 MB could ask for 8 million; no operation has use for more. */
    JSON_NODE_COUNT_MAX = 1 << 17,
};

/*
 * Where items or attribute values stand: names of members from the top, up to NULL, where "*" is
 * any member or array element.
 *
 *     {JSON_ITEM, {"RequestItems", "*", "*", "PutRequest", "Item"}}
 */
struct json_field {
    enum json_kind kind; /* JSON_ITEM or JSON_VALUE */
    const char *path[JSON_FIELD_PATH_MAX + 1];
};

struct json_request {
    const struct json_node *root; /* an object; NULL after a fault of syntax or type */
    struct json_fault fault;
};

struct json_request_parser;

struct json_request_parser *json_request_parser_create(void);
void json_request_parser_destroy(struct json_request_parser *parser);
DEFINE_CLEANUP(json_request_parser)

/*
 * Parses a body, which must live as long as the arena's content.
 *
 * The fault is the first of syntax or type, which end the parsing, else the first of validation:
 * the document is then whole, except that item and value nodes from the faulty one on are empty.
 * Of syntax are also: no object at the top, names that repeat within an object, and what is too
 * large or too deep.
 */
struct json_request json_request_parse(struct json_request_parser *parser, struct slice body,
                                       const struct json_field *fields, size_t field_count,
                                       struct arena *arena);
