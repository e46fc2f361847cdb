#include "router/route/range_client.h"

#include "core/base/arena.h"
#include "core/base/check.h"
#include "core/base/list.h"
#include "proto/frame.h"
#include "router/route/range_plan.h"

#include "proto/schema/data.pb-c.h"

/*
 * The tablets of a range are asked one after the other. As long as they turn out to have little,
 * more and more of those that follow are asked ahead, for little: a table of few items may have
 * hundreds of tablets. What has been read ahead is used only if it is what would have been read in
 * turn; else its tablet is asked again.
 */
enum {
    AHEAD_MAX = 16,
    AHEAD_SIZE_MAX = 64 << 10, /* of what is read ahead of a tablet */
    LITTLE_SIZE_DIVISOR = 8,   /* of a page: less of it has been used */
    LITTLE_COUNT_DIVISOR = 2,
};

/* What a tablet has answered. */
struct piece_page {
    uint64_t evaluated_count;
    uint64_t evaluated_size;
    uint64_t matched_count;
    struct slice items;
    struct slice last_key;
    bool is_end;
};

/* A tablet that has been asked. */
struct piece {
    struct reading *reading;
    struct tablet_call call;
    struct buffer first;
    struct range_piece plan; /* without keys */
    bool is_ahead;
    bool is_done;
    enum rpc_outcome outcome;
    enum rpc_reason reason;
    struct piece_page page; /* of one that is done before its turn: in the buffers */
    struct buffer items;
    struct buffer last_key;
};

struct reading {
    struct list link;
    struct range_client *client;
    struct range_read read; /* without slices */
    uint32_t tablet_count;  /* of the ring: it does not change */
    struct buffer next;     /* where the tablet begins that is to be asked next */
    struct buffer end;
    struct buffer filter;
    struct buffer projection;
    bool is_planned; /* up to the end */
    bool is_over;    /* answered, and waits for what is under way */

    struct piece pieces[AHEAD_MAX]; /* a ring */
    size_t head;
    size_t piece_count;
    size_t width; /* how many pieces there may be */
    size_t under_way_count;

    struct range_page page;
    struct buffer items;
    range_page_fn fn;
    void *context;
};

struct range_client {
    struct tablet_route route;
    struct list readings; /* under way */
    size_t reading_count;
    struct list waiting; /* in line */
    struct arena *arena; /* for the answer being taken; answers are not taken inside one another */
};

struct range_client *range_client_create(const struct tablet_route *route)
{
    struct range_client *client = memory_alloc_zeroed(sizeof *client);
    client->route = *route;
    list_init(&client->readings);
    list_init(&client->waiting);
    client->arena = arena_create();
    return client;
}

static void reading_free(struct reading *reading)
{
    list_remove(&reading->link);
    for (size_t i = 0; i < AHEAD_MAX; i++) {
        struct piece *piece = &reading->pieces[i];
        if (piece->reading != NULL)
            tablet_call_deinit(&piece->call);
        buffer_deinit(&piece->first);
        buffer_deinit(&piece->items);
        buffer_deinit(&piece->last_key);
    }
    buffer_deinit(&reading->next);
    buffer_deinit(&reading->end);
    buffer_deinit(&reading->filter);
    buffer_deinit(&reading->projection);
    buffer_deinit(&reading->items);
    memory_free(reading);
}

void range_client_destroy(struct range_client *client)
{
    if (client == NULL)
        return;
    while (!list_is_empty(&client->readings))
        reading_free(LIST_ELEMENT(client->readings.next, struct reading, link));
    while (!list_is_empty(&client->waiting))
        reading_free(LIST_ELEMENT(client->waiting.next, struct reading, link));
    arena_destroy(client->arena);
    memory_free(client);
}

/* --- The end --------------------------------------------------------------------------------- */

static struct piece *piece_at(struct reading *reading, size_t place)
{
    return &reading->pieces[(reading->head + place) % AHEAD_MAX];
}

static void reading_begin(struct reading *reading);

/* Whoever is first in line takes its place. */
static void reading_leave(struct reading *reading)
{
    struct range_client *client = reading->client;
    reading_free(reading);
    client->reading_count--;
    struct list *next = list_take_first(&client->waiting);
    if (next != NULL)
        reading_begin(LIST_ELEMENT(next, struct reading, link));
}

static void reading_answer(struct reading *reading)
{
    reading->fn(reading->context, &reading->page);
    reading->is_over = true;
    for (size_t i = 0; i < reading->piece_count; i++) {
        struct piece *piece = piece_at(reading, i);
        if (!piece->is_done && tablet_call_abandon(&piece->call))
            reading->under_way_count--;
    }
    if (reading->under_way_count == 0)
        reading_leave(reading);
}

static void reading_end(struct reading *reading, struct slice last_key)
{
    reading->page.items = buffer_slice(&reading->items);
    reading->page.last_key = last_key;
    reading->page.is_end = last_key.size == 0;
    reading_answer(reading);
}

static void reading_fail(struct reading *reading, const struct piece *piece)
{
    reading->page = (struct range_page){.outcome = piece->outcome, .reason = piece->reason};
    reading_answer(reading);
}

/* --- Asking ---------------------------------------------------------------------------------- */

static uint64_t left_of(uint64_t bound, uint64_t used)
{
    return used < bound ? bound - used : 0;
}

static uint64_t least_of(uint64_t left, uint64_t right)
{
    return left < right ? left : right;
}

static void piece_ask(struct piece *piece)
{
    struct reading *reading = piece->reading;
    const struct range_read *read = &reading->read;
    uint64_t size_left = left_of(read->size_max, reading->page.evaluated_size);
    Graticule__Wire__PageRequest request = GRATICULE__WIRE__PAGE_REQUEST__INIT;
    request.tablet = piece->plan.tablet;
    request.table_uid = read->table_uid;
    request.first = frame_data(buffer_slice(&piece->first));
    if (piece->plan.is_last)
        request.end = frame_data(buffer_slice(&reading->end));
    request.is_backward = read->is_backward;
    request.count_max = left_of(read->count_max, reading->page.evaluated_count);
    request.size_max = piece->is_ahead ? least_of(size_left, AHEAD_SIZE_MAX) : size_left;
    request.is_consistent = read->is_consistent;
    request.is_count_only = read->is_count_only;
    request.filter = frame_data(buffer_slice(&reading->filter));
    request.projection = frame_data(buffer_slice(&reading->projection));
    piece->is_done = false;
    piece->call.tablet = piece->plan.tablet;
    piece->call.deadline_us = read->deadline_us;
    buffer_clear(&piece->call.body);
    frame_pack(&request.base, &piece->call.body);
    reading->under_way_count++;
    tablet_call_start(&piece->call);
}

static void take_result(void *context, const struct rpc_result *result);

static struct piece *piece_add(struct reading *reading)
{
    struct piece *piece = piece_at(reading, reading->piece_count++);
    if (piece->reading == NULL)
        piece->call = (struct tablet_call){
            .route = &reading->client->route,
            .method = RPC_READ_PAGE,
            .fn = take_result,
            .context = piece,
        };
    piece->reading = reading;
    return piece;
}

/* The tablet that comes next. */
static void piece_plan(struct reading *reading)
{
    struct key_range rest = {.first = buffer_slice(&reading->next),
                             .end = buffer_slice(&reading->end)};
    struct piece *piece = piece_add(reading);
    piece->plan = range_plan_first(reading->tablet_count, rest);
    buffer_clear(&piece->first);
    buffer_append(&piece->first, rest.first);
    piece->is_ahead = reading->piece_count > 1;
    reading->is_planned = piece->plan.is_last;
    if (!piece->plan.is_last)
        range_bound(&reading->next, piece->plan.next_token, (struct slice){0});
    piece_ask(piece);
}

static void ask_more(struct reading *reading)
{
    while (!reading->is_planned && reading->piece_count < reading->width)
        piece_plan(reading);
}

/* --- Taking answers -------------------------------------------------------------------------- */

static bool is_little(const struct reading *reading)
{
    return reading->page.evaluated_size < reading->read.size_max / LITTLE_SIZE_DIVISOR &&
           reading->page.evaluated_count < reading->read.count_max / LITTLE_COUNT_DIVISOR;
}

/* Whether the page is what would have been read in turn. */
static bool is_usable(const struct piece *piece, const struct piece_page *page)
{
    const struct reading *reading = piece->reading;
    if (!piece->is_ahead)
        return true;
    return page->is_end &&
           page->evaluated_count <=
               left_of(reading->read.count_max, reading->page.evaluated_count) &&
           page->evaluated_size < left_of(reading->read.size_max, reading->page.evaluated_size);
}

/* False when the reading is over. */
static bool use_page(struct reading *reading, const struct piece *piece,
                     const struct piece_page *page)
{
    reading->page.evaluated_count += page->evaluated_count;
    reading->page.evaluated_size += page->evaluated_size;
    reading->page.matched_count += page->matched_count;
    buffer_append(&reading->items, page->items);
    bool is_full = !page->is_end || reading->page.evaluated_count == reading->read.count_max;
    if (!is_full && !piece->plan.is_last)
        return true;
    reading_end(reading, is_full ? page->last_key : (struct slice){0});
    return false;
}

/* Takes the answer of the first piece. False when nothing more can be taken now. */
static bool head_take(struct reading *reading, const struct piece_page *page)
{
    struct piece *piece = piece_at(reading, 0);
    if (piece->outcome != RPC_EXECUTED) {
        reading_fail(reading, piece);
        return false;
    }
    if (!is_usable(piece, page)) {
        piece->is_ahead = false;
        reading->width = 1;
        piece_ask(piece);
        return false;
    }
    if (!use_page(reading, piece, page))
        return false;
    reading->head = (reading->head + 1) % AHEAD_MAX;
    reading->piece_count--;
    reading->width = is_little(reading) ? least_of(reading->width * 2, AHEAD_MAX) : 1;
    ask_more(reading);
    return true;
}

static void heads_take(struct reading *reading, const struct piece_page *page)
{
    bool goes_on = head_take(reading, page);
    while (goes_on && piece_at(reading, 0)->is_done)
        goes_on = head_take(reading, &piece_at(reading, 0)->page);
}

/* Keeps what comes before its turn. */
static void page_keep(struct piece *piece, const struct piece_page *page)
{
    buffer_clear(&piece->items);
    buffer_clear(&piece->last_key);
    buffer_append(&piece->items, page->items);
    buffer_append(&piece->last_key, page->last_key);
    piece->page = *page;
    piece->page.items = buffer_slice(&piece->items);
    piece->page.last_key = buffer_slice(&piece->last_key);
}

static void page_decode(struct piece *piece, const struct rpc_result *result,
                        ProtobufCAllocator *allocator, struct piece_page *out_page)
{
    *out_page = (struct piece_page){0};
    piece->outcome = result->outcome;
    piece->reason = result->reason;
    if (result->outcome != RPC_EXECUTED)
        return;
    const Graticule__Wire__PageResponse *response =
        graticule__wire__page_response__unpack(allocator, result->body.size, result->body.bytes);
    if (response == NULL || (!response->is_end && response->last_key.len == 0)) {
        piece->outcome = RPC_UNKNOWN;
        piece->reason = RPC_REASON_MALFORMED;
        return;
    }
    *out_page = (struct piece_page){
        .evaluated_count = response->evaluated_count,
        .evaluated_size = response->evaluated_size,
        .matched_count = response->matched_count,
        .items = frame_slice(response->items),
        .last_key = frame_slice(response->last_key),
        .is_end = response->is_end,
    };
}

static void take_result(void *context, const struct rpc_result *result)
{
    struct piece *piece = context;
    struct reading *reading = piece->reading;
    struct arena *arena = reading->client->arena;
    reading->under_way_count--;
    if (reading->is_over) {
        if (reading->under_way_count == 0)
            reading_leave(reading);
        return;
    }
    struct piece_page page;
    ProtobufCAllocator allocator = frame_allocator(arena);
    page_decode(piece, result, &allocator, &page);
    piece->is_done = true;
    if (piece == piece_at(reading, 0))
        heads_take(reading, &page);
    else
        page_keep(piece, &page);
    arena_reset(arena);
}

static void reading_begin(struct reading *reading)
{
    list_append(&reading->client->readings, &reading->link);
    reading->client->reading_count++;
    ask_more(reading);
}

void range_client_read(struct range_client *client, const struct range_read *read, range_page_fn fn,
                       void *context)
{
    struct reading *reading = memory_alloc_zeroed(sizeof *reading);
    reading->client = client;
    reading->read = *read;
    reading->tablet_count =
        catalog_view_settings(catalog_watch_view(client->route.watch))->tablet_count;
    reading->fn = fn;
    reading->context = context;
    reading->width = 1;
    reading->page.outcome = RPC_EXECUTED;
    buffer_append(&reading->next, read->keys.first);
    buffer_append(&reading->end, read->keys.end);
    buffer_append(&reading->filter, read->filter);
    buffer_append(&reading->projection, read->projection);
    list_init(&reading->link);
    if (client->reading_count < RANGE_READS_MAX)
        reading_begin(reading);
    else
        list_append(&client->waiting, &reading->link);
}
