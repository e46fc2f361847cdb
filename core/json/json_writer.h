/*
 * JSON writer: appends a document to a buffer as it is told, front to back; no tree.
 *
 * The caller opens and closes in pairs, and names each member before its value. Names and strings
 * are well-formed UTF-8.
 *
 * Ownership: the writer borrows the buffer, and is a value: there is nothing to release.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct json_writer {
    struct buffer *buffer;
    bool needs_comma;
};

static inline struct json_writer json_writer_of(struct buffer *buffer)
{
    return (struct json_writer){.buffer = buffer};
}

void json_writer_object_start(struct json_writer *writer);
void json_writer_object_end(struct json_writer *writer);
void json_writer_array_start(struct json_writer *writer);
void json_writer_array_end(struct json_writer *writer);

void json_writer_name(struct json_writer *writer, struct slice name);
void json_writer_string(struct json_writer *writer, struct slice text);
void json_writer_integer(struct json_writer *writer, int64_t number);
void json_writer_bool(struct json_writer *writer, bool is_true);
void json_writer_null(struct json_writer *writer);

/* A value that is JSON already, such as the text of a number. */
void json_writer_raw(struct json_writer *writer, struct slice json);

/* Where the caller appends one value itself, as with json_item_write. */
struct buffer *json_writer_value(struct json_writer *writer);

/* The string with its quotes, escaped where it must be. */
void json_append_string(struct buffer *buffer, struct slice text);
