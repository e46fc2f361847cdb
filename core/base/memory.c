#include "core/base/memory.h"

#include "core/base/check.h"

#include <stdlib.h>
#include <string.h>

void *memory_alloc(size_t size)
{
    void *memory = malloc(size > 0 ? size : 1);
    CHECK(memory != NULL);
    return memory;
}

void *memory_alloc_zeroed(size_t size)
{
    void *memory = calloc(1, size > 0 ? size : 1);
    CHECK(memory != NULL);
    return memory;
}

void *memory_resize(void *pointer, size_t size)
{
    void *memory = realloc(pointer, size > 0 ? size : 1);
    CHECK(memory != NULL);
    return memory;
}

void *memory_copy(const void *bytes, size_t size)
{
    void *memory = memory_alloc(size);
    if (size > 0)
        memcpy(memory, bytes, size);
    return memory;
}

char *memory_copy_text(const char *text)
{
    return memory_copy(text, strlen(text) + 1);
}

void memory_free(void *pointer)
{
    free(pointer);
}
