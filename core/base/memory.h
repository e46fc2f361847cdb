/*
 * Memory that is always there: allocation either succeeds or stops the process.
 *
 * Admission limits (core/base/limits.h) bound what a request may hold, so running out of memory is
 * a configuration mistake and not a case that every caller has to handle.
 */
#pragma once

#include <stddef.h>

void *memory_alloc(size_t size);
void *memory_alloc_zeroed(size_t size);
void *memory_resize(void *pointer, size_t size);
void *memory_copy(const void *bytes, size_t size);
char *memory_copy_text(const char *text);
void memory_free(void *pointer);

/* Destroys the variable's object when its scope ends, on every way out. */
#define OWNED(type) __attribute__((cleanup(type##_cleanup))) struct type *

#define DEFINE_CLEANUP(type)                                                                       \
    static inline void type##_cleanup(struct type **object)                                        \
    {                                                                                              \
        type##_destroy(*object);                                                                   \
    }

/* As OWNED, for an object that lives in its variable: deinitialises it when the scope ends. */
#define SCOPED(type) __attribute__((cleanup(type##_deinit))) struct type

/* Gives an OWNED pointer away: the scope that held it no longer destroys it. */
#define GIVE(pointer)                                                                              \
    ({                                                                                             \
        __typeof__(pointer) given_ = (pointer);                                                    \
        (pointer) = NULL;                                                                          \
        given_;                                                                                    \
    })
