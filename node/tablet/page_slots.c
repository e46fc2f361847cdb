#include "node/tablet/page_slots.h"

#include "core/base/check.h"

void page_slots_init(struct page_slots *slots)
{
    *slots = (struct page_slots){.free_count = PAGE_SLOTS_MAX};
    list_init(&slots->waiting);
}

/* Whoever gets a slot may give it back at once: then this loop goes on, not a call inside it. */
static void hand_out(struct page_slots *slots)
{
    if (slots->is_handing)
        return;
    slots->is_handing = true;
    struct list *link;
    while (slots->free_count > 0 && (link = list_take_first(&slots->waiting)) != NULL) {
        struct page_slot_wait *wait = LIST_ELEMENT(link, struct page_slot_wait, link);
        slots->waiting_count--;
        slots->free_count--;
        wait->taken_fn(wait->context);
    }
    slots->is_handing = false;
}

bool page_slots_take(struct page_slots *slots, struct page_slot_wait *wait)
{
    if (slots->waiting_count == PAGE_SLOTS_WAITING_MAX)
        return false;
    list_append(&slots->waiting, &wait->link);
    slots->waiting_count++;
    hand_out(slots);
    return true;
}

void page_slots_give(struct page_slots *slots)
{
    page_slots_drop(slots);
    hand_out(slots);
}

void page_slots_cancel(struct page_slots *slots, struct page_slot_wait *wait)
{
    CHECK(slots->waiting_count > 0);
    list_remove(&wait->link);
    slots->waiting_count--;
}

void page_slots_drop(struct page_slots *slots)
{
    CHECK(slots->free_count < PAGE_SLOTS_MAX);
    slots->free_count++;
}
