#include "core/base/check.h"
#include "core/env/env.h"
#include "node/tablet/page_filter.h"
#include "node/tablet/page_merge.h"
#include "node/tablet/page_range.h"
#include "node/tablet/page_slots.h"
#include "node/tablet/row_cache.h"
#include "node/tablet/tablet_private.h"

/*
 * The way of a page: step by step, each of one read of the engine and one turn of the loop.
 *
 *     in line for a slot -> (reading the engine -> merging)* -> waiting for a commit -> answered
 *
 * A step's rows are the tablet's state at the moment of merging: what was written to the engine
 * after the read of it was asked for stays in the overlay until the read is done
 * (pages_release_overlay), and hides what the read found.
 */

enum {
    STEP_ROWS_MAX = 1000,
    STEP_BYTES_MAX = 256 << 10,
    STEP_MERGED_MAX = 2000,
    STEP_WORK_MAX = EVALUATION_WORK_MAX / 4,
    SMALL_PAGE_SIZE = 16 << 10, /* waits for a commit without a slot */
};

enum page_state {
    PAGE_IN_LINE,
    PAGE_READING,
    PAGE_COMMITTING,
};

struct page_reading {
    struct list link;      /* in the tablet's `pages` */
    struct list read_link; /* in its `page_reads` while the engine reads */
    struct tablet *tablet; /* NULL: refused already, when leadership was lost */
    enum page_state state;
    bool has_slot;
    struct page_slot_wait slot_wait;
    uint64_t table_uid;
    uint64_t deadline_us;
    struct page_range range;
    struct page page;
    bool is_end;
    size_t step_rows_max;    /* fewer when the last step ended by its work: others are read again */
    uint64_t rests_on;       /* the greatest index of an overlay's row in it */
    uint64_t released_index; /* what the overlay may lack: the engine has it for sure */
    tablet_page_fn fn;
    void *context;
};

static void refuse(const struct page_reading *reading, enum rpc_reason reason)
{
    reading->fn(reading->context,
                &(struct tablet_page){.outcome = RPC_NOT_EXECUTED, .reason = reason});
}

static void reading_free(struct page_reading *reading)
{
    list_remove(&reading->link);
    list_remove(&reading->read_link);
    page_range_deinit(&reading->range);
    page_deinit(&reading->page);
    memory_free(reading);
}

static void slot_give(struct page_reading *reading)
{
    if (!reading->has_slot)
        return;
    reading->has_slot = false;
    page_slots_give(reading->tablet->options.page_slots);
}

/* Its slot is the next one's. */
static void reading_end(struct page_reading *reading)
{
    struct page_slots *slots = reading->has_slot ? reading->tablet->options.page_slots : NULL;
    reading_free(reading);
    if (slots != NULL)
        page_slots_give(slots);
}

static void reading_refuse(struct page_reading *reading, enum rpc_reason reason)
{
    refuse(reading, reason);
    reading_end(reading);
}

/* --- The end of a page ----------------------------------------------------------------------- */

static void reading_answer(struct page_reading *reading)
{
    const struct page *page = &reading->page;
    reading->fn(reading->context, &(struct tablet_page){
                                      .outcome = RPC_EXECUTED,
                                      .evaluated_count = page->evaluated_count,
                                      .evaluated_size = page->evaluated_size,
                                      .matched_count = page->matched_count,
                                      .items = buffer_slice(&page->items),
                                      .last_key = buffer_slice(&page->last_key),
                                      .is_end = reading->is_end,
                                  });
    reading_end(reading);
}

static void committed(void *context, const struct tablet_answer *answer)
{
    struct page_reading *reading = context;
    if (answer->outcome == RPC_EXECUTED)
        reading_answer(reading);
    else
        reading_refuse(reading, answer->reason);
}

static void reading_finish(struct page_reading *reading)
{
    struct tablet *tablet = reading->tablet;
    if (tablet_must_wait(tablet, reading->rests_on)) {
        reading->state = PAGE_COMMITTING;
        pending_add(&tablet->pending, &(struct pending){.index = tablet->proposed_index,
                                                        .fn = committed,
                                                        .context = reading});
        if (reading->page.items.size <= SMALL_PAGE_SIZE)
            slot_give(reading);
    } else if (!group_has_lease(tablet->group)) {
        reading_refuse(reading, RPC_REASON_NOT_LEADER);
    } else {
        reading_answer(reading);
    }
}

/* --- A step ---------------------------------------------------------------------------------- */

static void step(struct page_reading *reading);

/* Whether the row could be read; what cannot must not be served. */
static bool take_row(struct page_reading *reading, const struct merged_row *merged)
{
    struct row row;
    if (merged->index > reading->rests_on)
        reading->rests_on = merged->index;
    if (merged->row.bytes == NULL)
        return true;
    if (row_decode(merged->row, &row) != STATUS_OK)
        return false;
    if (!(row.flags & ROW_IS_TOMBSTONE))
        page_add(&reading->page, page_range_relative(merged->key), row.item);
    return true;
}

static bool is_taken(const struct page *page, uint64_t work_max)
{
    return page_is_full(page) || page->is_over_work || page->work_done >= work_max;
}

/* Goes on until the page is full, the rows are used up, or the turn has had its share. */
static bool take_rows(struct page_reading *reading, struct page_merge *merge, bool *out_is_used_up)
{
    uint64_t work_max = reading->page.work_done + STEP_WORK_MAX;
    struct merged_row merged;
    bool is_readable = true;
    size_t count = 0;
    *out_is_used_up = false;
    while (is_readable && !is_taken(&reading->page, work_max) && count < STEP_MERGED_MAX) {
        if (!page_merge_next(merge, &merged)) {
            *out_is_used_up = true;
            break;
        }
        is_readable = take_row(reading, &merged);
        count++;
    }
    bool is_over_share = reading->page.work_done >= work_max;
    reading->step_rows_max = is_over_share ? 2 * count : STEP_ROWS_MAX;
    if (count > 0)
        page_range_pass(&reading->range, merged.key);
    return is_readable;
}

static void merge_step(struct page_reading *reading, const struct engine_page *rows)
{
    struct tablet *tablet = reading->tablet;
    /* Since the engine was asked the table may have been closed, and its rows collected. */
    enum rpc_reason reason = tablet_admit_read(tablet, reading->table_uid);
    if (reason == RPC_REASON_NO_TABLE) {
        reading_refuse(reading, reason);
        return;
    }
    SCOPED(buffer) bound;
    SCOPED(overlay_rows) overlay_rows = {0};
    struct page_merge merge;
    buffer_init(&bound);
    struct key_range keys = page_range_keys(&reading->range);
    if (!rows->is_end)
        keys = page_range_up_to(&reading->range, page_merge_last_key(rows), &bound);
    overlay_find_range(tablet->overlay, keys, &overlay_rows);
    page_merge_init(&merge, rows, &overlay_rows, reading->range.is_backward);

    bool is_used_up;
    if (!take_rows(reading, &merge, &is_used_up)) {
        reading_refuse(reading, RPC_REASON_MALFORMED);
        return;
    }
    if (reading->page.is_over_work) {
        reading_refuse(reading, RPC_REASON_WORK);
        return;
    }
    reading->is_end = rows->is_end && is_used_up;
    if (reading->is_end || page_is_full(&reading->page))
        reading_finish(reading);
    else
        step(reading);
}

static void engine_answered(void *context, enum status status, const struct engine_page *rows)
{
    struct page_reading *reading = context;
    struct tablet *tablet = reading->tablet;
    if (tablet == NULL) {
        reading_free(reading);
        return;
    }
    list_remove(&reading->read_link);
    if (status != STATUS_OK)
        reading_refuse(reading, RPC_REASON_MALFORMED);
    else
        merge_step(reading, rows);
    pages_release_overlay(tablet);
}

static size_t step_row_count(const struct page_reading *reading)
{
    const struct page *page = &reading->page;
    uint64_t left_count = page->bounds.count_max - page->evaluated_count;
    size_t count_max =
        reading->step_rows_max < STEP_ROWS_MAX ? reading->step_rows_max : STEP_ROWS_MAX;
    return left_count < count_max ? (size_t)left_count : count_max;
}

static void step(struct page_reading *reading)
{
    struct tablet *tablet = reading->tablet;
    enum rpc_reason reason = tablet_admit_read(tablet, reading->table_uid);
    if (reason == RPC_REASON_NONE && env_boot_us(tablet->options.env) >= reading->deadline_us)
        reason = RPC_REASON_TIME;
    if (reason != RPC_REASON_NONE) {
        reading_refuse(reading, reason);
        return;
    }
    struct key_range keys = page_range_keys(&reading->range);
    struct engine_range range = {
        .first = keys.first,
        .end = keys.end,
        .is_backward = reading->range.is_backward,
        .row_count_max = step_row_count(reading),
        .bytes_max = STEP_BYTES_MAX,
    };
    reading->state = PAGE_READING;
    reading->released_index = tablet->written_index;
    list_append(&tablet->page_reads, &reading->read_link);
    engine_scan(tablet->options.engine, &range, engine_answered, reading);
}

static void slot_taken(void *context)
{
    struct page_reading *reading = context;
    reading->has_slot = true;
    step(reading);
}

/* --- What the rest of the tablet sees of it -------------------------------------------------- */

static struct page_reading *reading_create(struct tablet *tablet, tablet_page_fn fn, void *context)
{
    struct page_reading *reading = memory_alloc_zeroed(sizeof *reading);
    reading->tablet = tablet;
    reading->step_rows_max = STEP_ROWS_MAX;
    reading->fn = fn;
    reading->context = context;
    reading->slot_wait = (struct page_slot_wait){.taken_fn = slot_taken, .context = reading};
    list_init(&reading->slot_wait.link);
    list_init(&reading->read_link);
    list_init(&reading->link);
    list_append(&tablet->pages, &reading->link);
    page_range_init(&reading->range);
    return reading;
}

/* What is asked for can be read, whatever the table. */
static enum status request_take(struct page_reading *reading,
                                const struct tablet_page_request *request)
{
    const struct tablet_options *options = &reading->tablet->options;
    struct page_filter *filter = NULL;
    reading->table_uid = request->range.table_uid;
    reading->deadline_us = request->deadline_us;
    if (request->filter.size > 0 || request->projection.size > 0)
        TRY(page_filter_create(request->filter, request->projection, &filter));
    page_init(&reading->page, &request->bounds, filter);
    return page_range_set(&reading->range, &request->range, options->tablet, options->tablet_count);
}

void tablet_read_page(struct tablet *tablet, const struct tablet_page_request *request,
                      tablet_page_fn fn, void *context)
{
    struct page_reading *reading = reading_create(tablet, fn, context);
    enum rpc_reason reason = RPC_REASON_MALFORMED;
    if (request_take(reading, request) == STATUS_OK)
        reason = tablet_admit_read(tablet, reading->table_uid);
    if (reason == RPC_REASON_NONE &&
        !page_slots_take(tablet->options.page_slots, &reading->slot_wait))
        reason = RPC_REASON_BUSY;
    if (reason == RPC_REASON_NONE)
        return;
    refuse(reading, reason);
    reading_free(reading);
}

static void row_keep(void *context, struct row_entry *entry)
{
    row_cache_take(context, entry);
}

void pages_release_overlay(struct tablet *tablet)
{
    const struct tablet_faults *faults = tablet->options.faults;
    bool is_planted = faults != NULL && faults->pages_miss_overlay;
    uint64_t index = tablet->written_index;
    if (!list_is_empty(&tablet->page_reads) && !is_planted)
        index =
            LIST_ELEMENT(tablet->page_reads.next, struct page_reading, read_link)->released_index;
    overlay_release(tablet->overlay, index, row_keep, tablet->options.row_cache);
}

static void reading_fail(struct tablet *tablet, struct page_reading *reading)
{
    struct page_slots *slots = tablet->options.page_slots;
    CHECK(reading->state != PAGE_COMMITTING);
    refuse(reading, RPC_REASON_NOT_LEADER);
    if (reading->state == PAGE_IN_LINE) {
        page_slots_cancel(slots, &reading->slot_wait);
        reading_free(reading);
        return;
    }
    reading->tablet = NULL;
    list_remove(&reading->read_link);
    list_remove(&reading->link);
    list_append(&tablet->refused_pages, &reading->link);
    page_slots_give(slots);
}

void pages_fail(struct tablet *tablet)
{
    while (!list_is_empty(&tablet->pages))
        reading_fail(tablet, LIST_ELEMENT(tablet->pages.next, struct page_reading, link));
}

void pages_destroy(struct tablet *tablet)
{
    struct page_slots *slots = tablet->options.page_slots;
    while (!list_is_empty(&tablet->pages)) {
        struct page_reading *reading = LIST_ELEMENT(tablet->pages.next, struct page_reading, link);
        if (reading->state == PAGE_IN_LINE)
            page_slots_cancel(slots, &reading->slot_wait);
        else if (reading->has_slot)
            page_slots_drop(slots);
        reading_free(reading);
    }
    while (!list_is_empty(&tablet->refused_pages))
        reading_free(LIST_ELEMENT(tablet->refused_pages.next, struct page_reading, link));
}
