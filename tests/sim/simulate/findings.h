/*
 * Findings: what a run has shown to be wrong, as lines of text.
 */
#pragma once

#include "core/base/buffer.h"

#include <stddef.h>

/* Zeroed: nothing was found. Each line is kept once, and those past FINDINGS_KEPT_MAX only counted.
 */
struct findings {
    struct buffer text;
    size_t count;
};

enum { FINDINGS_KEPT_MAX = 20 };

void findings_deinit(struct findings *findings);
void findings_add(struct findings *findings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
