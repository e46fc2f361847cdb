/*
 * The span of encoded primary keys that a key condition holds for.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/expression/key_condition.h"
#include "core/key/key_range.h"

/* The range borrows from both buffers, whose former content goes. It may be empty. */
struct key_range key_condition_range(const struct key_condition *condition, struct buffer *first,
                                     struct buffer *end);
