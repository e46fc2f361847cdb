#include "core/base/arena.h"

#include "core/base/check.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK_SIZE = 8192, LARGE_SIZE = 2048 };

struct block {
    struct block *next;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *blocks; /* the newest first, full-sized ones only */
    struct block *large;  /* one per large allocation */
    size_t used;          /* of the newest block */
};

static struct block *block_create(size_t size, struct block *next)
{
    CHECK(size <= SIZE_MAX - sizeof(struct block));
    struct block *block = memory_alloc(sizeof *block + size);
    block->next = next;
    return block;
}

static void blocks_free(struct block *block)
{
    while (block != NULL) {
        struct block *next = block->next;
        memory_free(block);
        block = next;
    }
}

struct arena *arena_create(void)
{
    struct arena *arena = memory_alloc_zeroed(sizeof *arena);
    arena->blocks = block_create(BLOCK_SIZE, NULL);
    return arena;
}

void arena_destroy(struct arena *arena)
{
    if (arena == NULL)
        return;
    blocks_free(arena->blocks);
    blocks_free(arena->large);
    memory_free(arena);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t rounded = (size + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
    CHECK(rounded >= size);
    if (rounded > LARGE_SIZE) {
        arena->large = block_create(rounded, arena->large);
        return arena->large->bytes;
    }
    if (arena->used + rounded > BLOCK_SIZE) {
        arena->blocks = block_create(BLOCK_SIZE, arena->blocks);
        arena->used = 0;
    }
    void *memory = arena->blocks->bytes + arena->used;
    arena->used += rounded;
    return memory;
}

void *arena_alloc_zeroed(struct arena *arena, size_t size)
{
    return memset(arena_alloc(arena, size), 0, size);
}

struct slice arena_copy(struct arena *arena, struct slice bytes)
{
    uint8_t *copy = arena_alloc(arena, bytes.size);
    if (bytes.size > 0)
        memcpy(copy, bytes.bytes, bytes.size);
    return slice_of(copy, bytes.size);
}

char *arena_copy_text(struct arena *arena, struct slice text)
{
    char *copy = arena_alloc(arena, text.size + 1);
    if (text.size > 0)
        memcpy(copy, text.bytes, text.size);
    copy[text.size] = '\0';
    return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    CHECK(size >= 0);

    char *text = arena_alloc(arena, (size_t)size + 1);
    va_start(arguments, format);
    vsnprintf(text, (size_t)size + 1, format, arguments);
    va_end(arguments);
    return text;
}

void arena_reset(struct arena *arena)
{
    struct block *first = arena->blocks;
    while (first->next != NULL) {
        struct block *next = first->next;
        memory_free(first);
        first = next;
    }
    blocks_free(arena->large);
    arena->blocks = first;
    arena->large = NULL;
    arena->used = 0;
}
