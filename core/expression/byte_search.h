/*
 * Byte search: do some bytes stand within others? In time that is linear in both, whatever they
 * are.
 */
#pragma once

#include "core/base/slice.h"
#include "core/expression/work.h"

#include <stdbool.h>

/* No bytes stand everywhere. */
bool bytes_contain(struct slice whole, struct slice part, struct work *work);
