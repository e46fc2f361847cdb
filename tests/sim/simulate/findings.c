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
    if (++findings->count > FINDINGS_KEPT_MAX)
        return;
    char line[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    buffer_append_text(&findings->text, "  ");
    buffer_append_text(&findings->text, line);
    buffer_append_text(&findings->text, "\n");
}
