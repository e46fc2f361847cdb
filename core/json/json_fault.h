/*
 * JSON fault: what is wrong with a request's body, in DynamoDB's words.
 *
 * Ownership: messages lie in the request's arena, or are constant.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/slice.h"
#include "core/json/json_document.h"

enum json_fault_kind {
    JSON_FAULT_NONE,
    JSON_FAULT_SYNTAX,     /* SerializationException, without a message */
    JSON_FAULT_TYPE,       /* SerializationException, with the message */
    JSON_FAULT_VALIDATION, /* ValidationException, with the message */
};

struct json_fault {
    enum json_fault_kind kind;
    struct slice message;
};

/* What a member is declared as. */
enum json_target {
    JSON_TARGET_STRING,
    JSON_TARGET_BOOLEAN,
    JSON_TARGET_INTEGER,
    JSON_TARGET_LONG,
    JSON_TARGET_BLOB,
    JSON_TARGET_LIST,
    JSON_TARGET_STRING_MAP, /* of names to strings, such as ExpressionAttributeNames */
    JSON_TARGET_ITEM,       /* of names to attribute values */
    JSON_TARGET_ATTRIBUTE_VALUE,
    JSON_TARGET_STRUCTURE, /* any other */
};

/* The JSON_FAULT_TYPE of a node that is not what its member is declared as. */
struct json_fault json_fault_mismatch(struct arena *arena, const struct json_node *found,
                                      enum json_target wanted);

/* A fault whose message, of at most 2,047 bytes, is formatted as printf does. */
struct json_fault json_fault_of(enum json_fault_kind kind, struct arena *arena, const char *format,
                                ...) __attribute__((format(printf, 3, 4)));
