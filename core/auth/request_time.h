/*
 * The time of a request, as SigV4 writes it: 20150830T123600Z.
 */
#pragma once

#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdint.h>

enum {
    REQUEST_TIME_SIZE = 16,
    REQUEST_DATE_SIZE = 8, /* what comes before the T */
};

/* Seconds since 1970 of the text. STATUS_INVALID unless it is a time that exists. */
MUST_USE enum status request_time_parse(struct slice text, int64_t *out_seconds);

/* The same of a Date header in HTTP's own form: Sun, 30 Aug 2015 12:36:00 GMT. */
MUST_USE enum status request_time_parse_http(struct slice text, int64_t *out_seconds);

/* Writes the text, with a NUL at its end. The year lies between 0 and 9999. */
void request_time_format(int64_t seconds, char out_text[REQUEST_TIME_SIZE + 1]);
