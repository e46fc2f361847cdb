/*
 * Text file: what people write and a process reads once, at its start.
 *
 * Mistakes are collected as lines "file:line: what is wrong", so that all can be mended at once.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { TEXT_FILE_SIZE_MAX = 1 << 20 };

/* Appends the whole file; `out_is_private` tells whether its owner alone may read it. */
MUST_USE enum status text_file_read(const char *path, struct buffer *out_text,
                                    bool *out_is_private);

/* Line 0: about the file as a whole. Beyond a bound no more mistakes are added. */
void text_file_mistake(struct buffer *mistakes, const char *file, size_t line, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));

/* Cuts the next line off `text`, without its end; false when there is none. */
bool text_file_next_line(struct slice *text, struct slice *out_line);

/* Cuts the next word off a line; words stand between blanks. False when there is none. */
bool text_file_next_word(struct slice *line, struct slice *out_word);
