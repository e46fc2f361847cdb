/*
 * UTF-8: is a text well-formed (Unicode 15, table 3-7)? No overlong forms, no surrogates, nothing
 * above U+10FFFF.
 */
#pragma once

#include "core/base/slice.h"

#include <stdbool.h>

bool utf8_is_valid(struct slice text);

/* The longest prefix of well-formed `text` of at most `size_max` bytes that cuts no character. */
struct slice utf8_prefix(struct slice text, size_t size_max);
