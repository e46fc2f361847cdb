/*
 * Reserved words: names of attributes that an expression must write as a placeholder.
 */
#pragma once

#include "core/base/slice.h"

#include <stdbool.h>
#include <stddef.h>

/* Whatever its case. */
bool reserved_words_contain(struct slice word);

size_t reserved_words_count(void);
