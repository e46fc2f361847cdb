/*
 * Arena: memory that is released in one piece.
 *
 * One per request and per apply batch. What it hands out lives until the arena is reset or
 * destroyed; nothing is freed alone.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"

#include <stddef.h>

struct arena;

struct arena *arena_create(void);
void arena_destroy(struct arena *arena);
DEFINE_CLEANUP(arena)

/* Aligned for any type; not zeroed. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_alloc_zeroed(struct arena *arena, size_t size);
struct slice arena_copy(struct arena *arena, struct slice bytes);

/* A copy that ends with NUL. */
char *arena_copy_text(struct arena *arena, struct slice text);

/* Formats as printf does. */
char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Releases everything handed out, and keeps the first block for reuse. */
void arena_reset(struct arena *arena);
