/*
 * Page slots: how many pages a node reads at once, whichever tablets they are of.
 *
 * A page holds up to a few megabytes while it is read; what comes beyond the bound waits in line,
 * and what comes when the line is full is refused.
 *
 * Threads: the loop thread.
 */
#pragma once

#include "core/base/list.h"

#include <stdbool.h>
#include <stddef.h>

enum { PAGE_SLOTS_MAX = 32, PAGE_SLOTS_WAITING_MAX = 4096 };

struct page_slots {
    struct list waiting;
    size_t waiting_count;
    size_t free_count;
    bool is_handing;
};

/* One who waits in line: embedded by its owner. */
struct page_slot_wait {
    struct list link;
    void (*taken_fn)(void *context);
    void *context;
};

void page_slots_init(struct page_slots *slots);

/*
 * A slot, now or later: `taken_fn` is called then, possibly from inside the call. False, and it
 * never is, when the line is full.
 */
bool page_slots_take(struct page_slots *slots, struct page_slot_wait *wait);

/* Gives a slot back, which is the next one's. */
void page_slots_give(struct page_slots *slots);

/* Leaves the line. */
void page_slots_cancel(struct page_slots *slots, struct page_slot_wait *wait);

/* Gives a slot back, and calls nobody. */
void page_slots_drop(struct page_slots *slots);
