#include "core/expression/expression_fault.h"

#include "core/base/check.h"

#include <stdarg.h>
#include <stdio.h>

struct expression_fault expression_fault_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    CHECK(size >= 0);

    char *text = arena_alloc(arena, (size_t)size + 1);
    va_start(arguments, format);
    (void)vsnprintf(text, (size_t)size + 1, format, arguments);
    va_end(arguments);
    return (struct expression_fault){.message = slice_of(text, (size_t)size)};
}
