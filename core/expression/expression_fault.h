/*
 * Fault: why an expression is refused, in DynamoDB's words.
 *
 * All of these are the client's mistake, and all are ValidationExceptions; the router makes them
 * that.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/slice.h"

#include <stdbool.h>

struct expression_fault {
    struct slice message; /* `bytes` is NULL: there is no fault. In the arena, or constant. */
};

static inline bool expression_fault_is_none(struct expression_fault fault)
{
    return fault.message.bytes == NULL;
}

static inline struct expression_fault expression_fault_none(void)
{
    return (struct expression_fault){0};
}

/* Hands the first fault to the caller. */
#define TRY_EXPRESSION(call)                                                                       \
    do {                                                                                           \
        struct expression_fault try_fault_ = (call);                                               \
        if (!expression_fault_is_none(try_fault_))                                                 \
            return try_fault_;                                                                     \
    } while (0)

/* For a slice with the format %.*s. Of names and texts, which are far shorter than INT_MAX. */
#define EXPRESSION_SLICE(slice) (int)(slice).size, (const char *)(slice).bytes

/* Formats as printf does. Of a slice with a NUL in it, only what stands before that is shown. */
struct expression_fault expression_fault_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
