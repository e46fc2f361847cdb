/*
 * Percent-encoded text, in the one form that SigV4 signs.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"

#include <stdbool.h>

/* Appends the text, every byte but A-Z a-z 0-9 - _ . ~ as %XX with upper-case digits. */
void uri_text_encode(struct slice text, struct buffer *out);

/* Appends the text with %XX replaced by its byte; a % without two digits stays, as does a plus. */
void uri_text_decode(struct slice text, struct buffer *out);

struct uri_parameter {
    struct slice name;
    struct slice value; /* empty also where there is no equal-sign */
};

/* Takes the next parameter, still encoded, off a query; false at the end. */
bool uri_text_next_parameter(struct slice *query, struct uri_parameter *out_parameter);
