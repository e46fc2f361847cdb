#include "core/base/timer_heap.h"

#include "core/base/check.h"

struct timer_heap {
    struct timer **timers; /* from 1 */
    size_t count;
    size_t capacity;
    uint64_t added_count;
};

struct timer_heap *timer_heap_create(void)
{
    return memory_alloc_zeroed(sizeof(struct timer_heap));
}

void timer_heap_destroy(struct timer_heap *heap)
{
    if (heap == NULL)
        return;
    for (size_t i = 1; i <= heap->count; i++)
        heap->timers[i]->position = 0;
    memory_free(heap->timers);
    memory_free(heap);
}

static bool is_before(const struct timer *left, const struct timer *right)
{
    if (left->due_us != right->due_us)
        return left->due_us < right->due_us;
    return left->order < right->order;
}

static void place(struct timer_heap *heap, struct timer *timer, size_t position)
{
    heap->timers[position] = timer;
    timer->position = position;
}

static void sift_up(struct timer_heap *heap, struct timer *timer, size_t position)
{
    while (position > 1 && is_before(timer, heap->timers[position / 2])) {
        place(heap, heap->timers[position / 2], position);
        position /= 2;
    }
    place(heap, timer, position);
}

static void sift_down(struct timer_heap *heap, struct timer *timer, size_t position)
{
    for (;;) {
        size_t child = position * 2;
        if (child < heap->count && is_before(heap->timers[child + 1], heap->timers[child]))
            child++;
        if (child > heap->count || !is_before(heap->timers[child], timer))
            break;
        place(heap, heap->timers[child], position);
        position = child;
    }
    place(heap, timer, position);
}

void timer_heap_add(struct timer_heap *heap, struct timer *timer, uint64_t due_us)
{
    CHECK(timer->position == 0);
    if (heap->count + 1 >= heap->capacity) {
        heap->capacity = heap->capacity == 0 ? 16 : heap->capacity * 2;
        heap->timers = memory_resize(heap->timers, heap->capacity * sizeof(struct timer *));
    }
    timer->due_us = due_us;
    timer->order = heap->added_count++;
    heap->count++;
    sift_up(heap, timer, heap->count);
}

void timer_heap_remove(struct timer_heap *heap, struct timer *timer)
{
    size_t position = timer->position;
    if (position == 0)
        return;
    CHECK(heap->timers[position] == timer);
    timer->position = 0;
    struct timer *last = heap->timers[heap->count--];
    if (last == timer)
        return;
    sift_down(heap, last, position);
    sift_up(heap, last, last->position);
}

struct timer *timer_heap_first(const struct timer_heap *heap)
{
    return heap->count == 0 ? NULL : heap->timers[1];
}
