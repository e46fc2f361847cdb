#define _GNU_SOURCE /* memmem */
#include "tests/sim/simulate/findings.h"

#include <stdarg.h>
#include <stdio.h>

enum { LINE_SIZE = 400 };

void findings_deinit(struct findings *findings)
{
    buffer_deinit(&findings->text);
    findings->count = 0;
}

void findings_add(struct findings *findings, const char *format, ...)
{
    char line[LINE_SIZE] = "  ";
    va_list arguments;
    va_start(arguments, format);
    int size = 2 + vsnprintf(line + 2, sizeof line - 3, format, arguments);
    va_end(arguments);
    size = size < LINE_SIZE - 1 ? size : LINE_SIZE - 2;
    line[size++] = '\n';
    struct slice text = slice_of(line, (size_t)size);
    bool is_known = findings->text.size > 0 &&
                    memmem(findings->text.bytes, findings->text.size, line, (size_t)size) != NULL;
    if (is_known || ++findings->count > FINDINGS_KEPT_MAX)
        return;
    buffer_append(&findings->text, text);
}
