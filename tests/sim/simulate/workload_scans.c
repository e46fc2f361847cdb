#include "tests/sim/simulate/workload_scans.h"

#include "core/base/check.h"
#include "core/catalog/ring.h"
#include "core/key/key_hash.h"
#include "core/model/item.h"
#include "router/route/range_client.h"
#include "router/route/range_plan.h"
#include "tests/sim/simulate/test_item.h"
#include "tests/sim/simulate/workload_rows.h"
#include "tests/sim/world.h"

#include <inttypes.h>

enum { LIMIT_MAX = 60, SEGMENTS_MAX = 40, PAGE_BYTES_MAX = 20000 };

/* One scan of a client. */
struct scan {
    struct workload_scans *workload;
    const struct cluster_client *process; /* NULL: down */
    struct env_timer pause;
    bool is_calling;
    bool is_in_midst; /* else the next page is the first of another scan */

    uint64_t table_uid;
    bool is_backward;
    struct buffer first; /* what is left of the range */
    struct buffer end;
    struct buffer keys[WORKLOAD_SCAN_ROWS_MAX];  /* of the rows, as the range has them */
    uint64_t operations[WORKLOAD_SCAN_ROWS_MAX]; /* of the page under way; 0: not in it */
    struct slice items[WORKLOAD_SCAN_ROWS_MAX];  /* of the page being taken */
    bool is_found[WORKLOAD_SCAN_ROWS_MAX];
};

struct workload_scans {
    struct workload_scans_options options;
    struct random random;
    struct scan scans[CLUSTER_CLIENTS_MAX];
    bool is_stopped;
};

static uint64_t draw(struct workload_scans *workload, uint64_t bound)
{
    return random_below(&workload->random, bound);
}

struct workload_scans *workload_scans_create(const struct workload_scans_options *options)
{
    CHECK(options->row_count <= WORKLOAD_SCAN_ROWS_MAX);
    struct workload_scans *workload = memory_alloc_zeroed(sizeof *workload);
    workload->options = *options;
    workload->random = random_of_seed(random_next(world_random(options->world)));
    return workload;
}

static void scan_forget(struct scan *scan)
{
    buffer_deinit(&scan->first);
    buffer_deinit(&scan->end);
    for (size_t i = 0; i < WORKLOAD_SCAN_ROWS_MAX; i++)
        buffer_deinit(&scan->keys[i]);
    *scan = (struct scan){0};
}

void workload_scans_destroy(struct workload_scans *workload)
{
    if (workload == NULL)
        return;
    for (size_t i = 0; i < CLUSTER_CLIENTS_MAX; i++)
        scan_forget(&workload->scans[i]);
    memory_free(workload);
}

/* --- A page's answer ------------------------------------------------------------------------- */

static struct key_range rest_of(const struct scan *scan)
{
    return (struct key_range){.first = buffer_slice(&scan->first), .end = buffer_slice(&scan->end)};
}

static bool is_covered(const struct scan *scan, size_t row, const struct range_page *page)
{
    if (page->is_end)
        return true;
    int order = slice_compare(buffer_slice(&scan->keys[row]), page->last_key);
    return scan->is_backward ? order >= 0 : order <= 0;
}

/* The number of the row whose item it is; WORKLOAD_SCAN_ROWS_MAX: of none. */
static uint32_t row_of(struct slice item)
{
    struct value value;
    unsigned number;
    char text[32] = "";
    if (item_check(item) != STATUS_OK || !item_find(item, slice_of_text("row"), &value) ||
        value.type != VALUE_STRING || value_bytes(value).size >= sizeof text)
        return WORKLOAD_SCAN_ROWS_MAX;
    memcpy(text, value_bytes(value).bytes, value_bytes(value).size);
    if (sscanf(text, "row-%u", &number) != 1 || number >= WORKLOAD_SCAN_ROWS_MAX)
        return WORKLOAD_SCAN_ROWS_MAX;
    return number;
}

static void item_take(struct scan *scan, const struct range_page *page, struct slice item,
                      uint32_t *last_row)
{
    struct findings *findings = scan->workload->options.findings;
    uint32_t row = row_of(item);
    bool is_asked = row < scan->workload->options.row_count && scan->operations[row] != 0;
    if (!is_asked || scan->is_found[row] || !is_covered(scan, row, page)) {
        findings_add(findings, "a page of table %" PRIu64 " has row %" PRIu32 " %s",
                     scan->table_uid, row,
                     is_asked && scan->is_found[row] ? "twice" : "out of its range");
        return;
    }
    if (*last_row < WORKLOAD_SCAN_ROWS_MAX) {
        int order =
            slice_compare(buffer_slice(&scan->keys[*last_row]), buffer_slice(&scan->keys[row]));
        if (scan->is_backward ? order <= 0 : order >= 0)
            findings_add(findings, "a page of table %" PRIu64 " is out of order", scan->table_uid);
    }
    *last_row = row;
    scan->is_found[row] = true;
    scan->items[row] = item;
}

static void items_take(struct scan *scan, const struct range_page *page)
{
    struct byte_reader reader = byte_reader_of(page->items);
    uint32_t last_row = WORKLOAD_SCAN_ROWS_MAX;
    uint64_t count = 0;
    memset(scan->is_found, 0, sizeof scan->is_found);
    for (; reader.rest.size > 0 && !reader.has_failed; count++)
        item_take(scan, page, byte_reader_sized(&reader), &last_row);
    if (reader.has_failed || count != page->evaluated_count || count != page->matched_count)
        findings_add(scan->workload->options.findings,
                     "a page's counts are not those of its items");
}

static void rows_answer(struct scan *scan, const struct range_page *page)
{
    for (size_t row = 0; row < scan->workload->options.row_count; row++) {
        if (scan->operations[row] == 0)
            continue;
        bool is_read = page->outcome == RPC_EXECUTED && is_covered(scan, row, page);
        bool is_found = is_read && scan->is_found[row];
        history_answer(scan->workload->options.history, scan->operations[row],
                       &(struct history_answer){
                           .outcome = is_read ? OPERATION_EXECUTED : OPERATION_NOT_EXECUTED,
                           .is_found = is_found,
                           .item = is_found ? scan->items[row] : (struct slice){0},
                       });
    }
}

static void go_on_behind(struct scan *scan, struct slice key)
{
    struct buffer *moved = scan->is_backward ? &scan->end : &scan->first;
    buffer_clear(moved);
    buffer_append(moved, key);
    if (!scan->is_backward)
        buffer_append_u8(moved, 0);
}

static void scan_pause(struct scan *scan);

static void page_take(void *context, const struct range_page *page)
{
    struct scan *scan = context;
    scan->is_calling = false;
    world_record(scan->workload->options.world, "page", 0,
                 page->evaluated_count << 2 | page->outcome);
    if (page->outcome == RPC_EXECUTED)
        items_take(scan, page);
    rows_answer(scan, page);
    scan->is_in_midst = page->outcome == RPC_EXECUTED && !page->is_end;
    if (scan->is_in_midst)
        go_on_behind(scan, page->last_key);
    scan_pause(scan);
}

/* --- A page's call --------------------------------------------------------------------------- */

static void rows_place(struct scan *scan, const struct table *table)
{
    for (uint32_t row = 0; row < scan->workload->options.row_count; row++) {
        SCOPED(buffer) key;
        buffer_init(&key);
        test_item_key(&key, row);
        range_bound(&scan->keys[row], key_hash_token(table->hash_key, buffer_slice(&key)),
                    buffer_slice(&key));
    }
}

/* From one token to another, of one tablet: what a query backward through a partition is like. */
static void part_choose(struct scan *scan)
{
    struct workload_scans *workload = scan->workload;
    uint32_t tablet_count = workload->options.tablet_count;
    uint64_t first = ring_first_token(tablet_count, (uint32_t)draw(workload, tablet_count));
    uint64_t size = UINT64_MAX / tablet_count;
    range_bound(&scan->first, first + draw(workload, size / 2), (struct slice){0});
    range_bound(&scan->end, first + size / 2 + draw(workload, size / 2), (struct slice){0});
}

static void scan_choose(struct scan *scan, const struct table *table)
{
    struct workload_scans *workload = scan->workload;
    scan->table_uid = table->uid;
    rows_place(scan, table);
    scan->is_backward = draw(workload, 4) == 0;
    if (scan->is_backward || draw(workload, 4) == 0) {
        part_choose(scan);
        return;
    }
    uint32_t count = draw(workload, 2) == 0 ? 1 : 1 + (uint32_t)draw(workload, SEGMENTS_MAX);
    range_of_span(token_span_of_segment((uint32_t)draw(workload, count), count), &scan->first,
                  &scan->end);
}

static void rows_invoke(struct scan *scan)
{
    for (uint32_t row = 0; row < scan->workload->options.row_count; row++) {
        scan->operations[row] = 0;
        if (!key_range_contains(rest_of(scan), buffer_slice(&scan->keys[row])))
            continue;
        struct operation get = {
            .table_uid = scan->table_uid,
            .key = row,
            .invoked_us = world_now_us(scan->workload->options.world),
        };
        scan->operations[row] = history_invoke(scan->workload->options.history, &get)->id;
    }
}

static void page_call(struct scan *scan)
{
    struct workload_scans *workload = scan->workload;
    struct range_read read = {
        .table_uid = scan->table_uid,
        .keys = rest_of(scan),
        .is_backward = scan->is_backward,
        .is_consistent = draw(workload, 2) == 0,
        .count_max = 1 + draw(workload, LIMIT_MAX),
        .size_max = draw(workload, PAGE_BYTES_MAX),
        .deadline_us = env_boot_us(scan->process->env) + workload->options.timeout_us,
    };
    rows_invoke(scan);
    scan->is_calling = true;
    range_client_read(scan->process->ranges, &read, page_take, scan);
}

static void scan_run(void *context)
{
    struct scan *scan = context;
    struct workload_scans *workload = scan->workload;
    if (workload->is_stopped)
        return;
    const struct catalog_view *view = catalog_watch_view(scan->process->watch);
    const char *name = workload_tables[draw(workload, 4) == 0];
    const struct table *table = catalog_view_find_table(view, slice_of_text(name));
    if (!scan->is_in_midst && table == NULL) {
        scan_pause(scan);
        return;
    }
    if (!scan->is_in_midst)
        scan_choose(scan, table);
    page_call(scan);
}

static void scan_pause(struct scan *scan)
{
    struct workload_scans *workload = scan->workload;
    env_timer_start(scan->process->env, &scan->pause,
                    draw(workload, workload->options.pause_us_max), scan_run, scan);
}

/* --- Clients come and go --------------------------------------------------------------------- */

void workload_scans_client_started(void *context, const struct cluster_client *client)
{
    struct workload_scans *workload = context;
    struct scan *scan = &workload->scans[client->number];
    if (workload->options.pause_us_max == 0)
        return;
    scan->workload = workload;
    scan->process = client;
    scan_pause(scan);
}

void workload_scans_client_stopped(void *context, uint32_t number)
{
    struct workload_scans *workload = context;
    struct scan *scan = &workload->scans[number];
    if (scan->process != NULL)
        env_timer_stop(scan->process->env, &scan->pause);
    scan_forget(scan);
}

void workload_scans_stop(struct workload_scans *workload)
{
    workload->is_stopped = true;
}

size_t workload_scans_under_way(const struct workload_scans *workload)
{
    size_t count = 0;
    for (size_t i = 0; i < CLUSTER_CLIENTS_MAX; i++)
        count += workload->scans[i].is_calling;
    return count;
}
