/*
 * Answers of a load: whether one is what was asked for.
 */
#pragma once

#include "core/base/slice.h"
#include "tests/bench/dynamo_request.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Of an answer with status 200, which ends with NUL beyond its size. Items are looked at by their
 * id and size, those of a page by their count and size; all of them wholly, when `thorough`.
 */
bool dynamo_answer_is_right(const struct dynamo_client *client, enum dynamo_operation operation,
                            uint64_t item_number, struct slice answer, bool thorough);
