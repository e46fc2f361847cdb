/*
 * Base64 as JSON carries binary values: RFC 4648, section 4, padded, nothing but its alphabet.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"
#include "core/base/status.h"

/* Appends `bytes` as text. */
void json_base64_append(struct buffer *buffer, struct slice bytes);

/* Appends what `text` means. STATUS_INVALID when it means nothing; the buffer is then unchanged. */
MUST_USE enum status json_base64_decode(struct slice text, struct buffer *buffer);
