/*
 * Timer heap: what is due next. A binary heap of timers that their users embed.
 *
 * Timers due at the same time come out in the order in which they were added.
 */
#pragma once

#include "core/base/memory.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timer {
    uint64_t due_us;
    uint64_t order;
    size_t position; /* in the heap, from 1; 0: not in it */
};

struct timer_heap;

struct timer_heap *timer_heap_create(void);
void timer_heap_destroy(struct timer_heap *heap);
DEFINE_CLEANUP(timer_heap)

void timer_heap_add(struct timer_heap *heap, struct timer *timer, uint64_t due_us);

/* Does nothing when the timer is not in the heap. */
void timer_heap_remove(struct timer_heap *heap, struct timer *timer);

/* The timer due first, which stays; NULL when there is none. */
struct timer *timer_heap_first(const struct timer_heap *heap);

static inline bool timer_is_waiting(const struct timer *timer)
{
    return timer->position != 0;
}
