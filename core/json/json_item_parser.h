/*
 * JSON item parser: DynamoDB's typed JSON, as it is read, straight into item bytes.
 *
 *     {"id": {"S": "7"}, "tags": {"SS": ["a", "b"]}, "at": {"M": {"x": {"N": "1.5"}}}}
 *
 * What is no attribute value at all (a type or syntax fault) ends the parsing at once. What is a
 * forbidden one (a validation fault) does not, as a type fault further on would be reported in its
 * stead: the first is kept, the rest is only looked through, and there is no item.
 *
 * Members of an attribute value that name no type are passed over, whatever they hold; so is a type
 * whose value is null.
 *
 * Threads: a parser belongs to one thread; it keeps its memory from one item to the next.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "core/json/json_document.h"
#include "core/json/json_fault.h"
#include "core/json/json_reader.h"

#include <stdbool.h>

struct json_item_parser;

struct json_item_parser *json_item_parser_create(void);
void json_item_parser_destroy(struct json_item_parser *parser);
DEFINE_CLEANUP(json_item_parser)

/*
 * Prepares for a value of `kind`, which is JSON_ITEM or JSON_VALUE. `fault` may hold a validation
 * fault already, which stays; it is kept until the value has been taken.
 */
void json_item_parser_start(struct json_item_parser *parser, enum json_kind kind,
                            struct json_source source, struct json_fault *fault);

/* Takes the next event. STATUS_INVALID when parsing ends here: the fault says why. */
MUST_USE enum status json_item_parser_event(struct json_item_parser *parser, enum json_event event,
                                            struct slice text);

/* Has the value been read to its end? */
bool json_item_parser_is_done(const struct json_item_parser *parser);

/*
 * The bytes of the item, or of the value its type and payload, in the source's arena; empty after a
 * validation fault. STATUS_INVALID when a name stands twice: the fault is then one of syntax.
 */
MUST_USE enum status json_item_parser_finish(struct json_item_parser *parser,
                                             struct slice *out_bytes);
