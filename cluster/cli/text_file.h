/*
 * Text file: a small file of an operator's, read whole.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/status.h"

struct env;

/* STATUS_NOT_FOUND, STATUS_IO, or STATUS_TOO_LARGE beyond 1 MB. Ends `out_text` with NUL. */
MUST_USE enum status text_file_load(struct env *env, const char *path, struct buffer *out_text);
