#include "core/base/arena.h"
#include "core/base/limits.h"
#include "node/catalog/catalog_private.h"
#include "proto/frame.h"

#include "proto/schema/catalog.pb-c.h"

enum {
    CHANGES_KEPT = 1024,
    ANSWER_EARLY_US = 200000,
    PAGE_SIZE = LIMIT_FRAME_TARGET, /* a page ends with the record that reaches it */
};

_Static_assert(PAGE_SIZE + (512 << 10) <= RPC_BODY_SIZE_MAX, "a page and its last record fit");

struct watcher {
    struct list link;
    struct catalog *catalog;
    struct rpc_call *call;
    uint64_t version;
    struct env_timer timer; /* the call's time is nearly up */
};

void catalog_watch_note(struct catalog *catalog, struct slice key)
{
    if (catalog->changes == NULL) {
        catalog->changes = memory_alloc_zeroed(CHANGES_KEPT * sizeof(struct buffer));
        catalog->change_versions = memory_alloc_zeroed(CHANGES_KEPT * sizeof(uint64_t));
    }
    size_t position = catalog->change_count++ % CHANGES_KEPT;
    buffer_clear(&catalog->changes[position]);
    buffer_append(&catalog->changes[position], key);
    catalog->change_versions[position] = catalog_view_version(catalog->view);
}

/* Every change after `version` is still kept. */
static bool is_covered(const struct catalog *catalog, uint64_t version)
{
    if (version == 0 || catalog->change_count == 0)
        return false;
    if (catalog->change_count > CHANGES_KEPT)
        return catalog->change_versions[catalog->change_count % CHANGES_KEPT] <= version;
    return catalog->change_versions[0] <= version;
}

static Graticule__Wire__CatalogRecord *record_make(struct arena *arena, struct slice key,
                                                   struct slice value)
{
    Graticule__Wire__CatalogRecord *record = arena_alloc(arena, sizeof *record);
    graticule__wire__catalog_record__init(record);
    record->key = frame_data(key);
    record->value = frame_data(value);
    return record;
}

static size_t record_count(const struct catalog_view *view)
{
    size_t count = 0;
    struct slice key, value;
    while (catalog_view_record_at(view, count, &key, &value))
        count++;
    return count;
}

/* One page, from the record after the key `after` on; everything before it has been told. */
static void snapshot_make(const struct catalog *catalog, struct slice after, struct arena *arena,
                          Graticule__Wire__WatchResponse *response)
{
    response->is_snapshot = true;
    response->records = arena_alloc(arena, record_count(catalog->view) * sizeof(void *));
    struct slice key, value;
    size_t size = 0;
    for (size_t i = 0; catalog_view_record_at(catalog->view, i, &key, &value); i++) {
        if (after.size > 0 && slice_compare(key, after) <= 0)
            continue;
        response->has_more = size >= PAGE_SIZE;
        if (response->has_more)
            return;
        response->records[response->n_records++] = record_make(arena, key, value);
        size += key.size + value.size;
    }
}

static struct slice value_of(const struct catalog *catalog, struct slice key)
{
    struct slice found_key, value;
    for (size_t i = 0; catalog_view_record_at(catalog->view, i, &found_key, &value); i++)
        if (slice_is_equal(found_key, key))
            return value;
    return (struct slice){0};
}

/* False when they are more than fits into one answer. */
static bool changes_make(const struct catalog *catalog, uint64_t version, struct arena *arena,
                         Graticule__Wire__WatchResponse *response)
{
    size_t size = 0;
    uint64_t first =
        catalog->change_count > CHANGES_KEPT ? catalog->change_count - CHANGES_KEPT : 0;
    response->records = arena_alloc(arena, CHANGES_KEPT * sizeof(void *));
    for (uint64_t i = first; i < catalog->change_count; i++) {
        if (catalog->change_versions[i % CHANGES_KEPT] <= version)
            continue;
        struct slice key = buffer_slice(&catalog->changes[i % CHANGES_KEPT]);
        struct slice value = value_of(catalog, key);
        response->records[response->n_records++] = record_make(arena, key, value);
        size += key.size + value.size;
        if (size >= PAGE_SIZE)
            return false;
    }
    return true;
}

static void response_make(const struct catalog *catalog, uint64_t version, struct slice after,
                          struct arena *arena, Graticule__Wire__WatchResponse *response)
{
    response->version = catalog_view_version(catalog->view);
    if (after.size == 0 && response->version <= version)
        return;
    if (after.size == 0 && is_covered(catalog, version) &&
        changes_make(catalog, version, arena, response))
        return;
    response->n_records = 0;
    snapshot_make(catalog, after, arena, response);
}

static void answer(struct catalog *catalog, struct rpc_call *call, uint64_t version,
                   struct slice after)
{
    OWNED(arena) arena = arena_create();
    Graticule__Wire__WatchResponse response = GRATICULE__WIRE__WATCH_RESPONSE__INIT;
    response_make(catalog, version, after, arena, &response);
    SCOPED(buffer) body;
    buffer_init(&body);
    frame_pack(&response.base, &body);
    rpc_call_answer(call, RPC_EXECUTED, RPC_REASON_NONE, buffer_slice(&body));
}

static void watcher_free(struct watcher *watcher)
{
    env_timer_stop(watcher->catalog->options.env, &watcher->timer);
    list_remove(&watcher->link);
    watcher->catalog->watcher_count--;
    memory_free(watcher);
}

static void watcher_answer(void *context)
{
    struct watcher *watcher = context;
    answer(watcher->catalog, watcher->call, watcher->version, (struct slice){0});
    watcher_free(watcher);
}

void catalog_watch_add(struct catalog *catalog, struct rpc_call *call)
{
    OWNED(arena) arena = arena_create();
    ProtobufCAllocator allocator = frame_allocator(arena);
    struct slice body = rpc_call_body(call);
    const Graticule__Wire__WatchRequest *request =
        graticule__wire__watch_request__unpack(&allocator, body.size, body.bytes);
    if (request == NULL) {
        rpc_call_answer(call, RPC_NOT_EXECUTED, RPC_REASON_MALFORMED, (struct slice){0});
        return;
    }
    struct slice after = frame_slice(request->after);
    bool is_due = request->is_poll || after.size > 0 ||
                  request->version < catalog_view_version(catalog->view);
    if (is_due || catalog->watcher_count >= CATALOG_WATCHERS_MAX) {
        answer(catalog, call, request->version, after);
        return;
    }
    struct watcher *watcher = memory_alloc_zeroed(sizeof *watcher);
    watcher->catalog = catalog;
    watcher->call = call;
    watcher->version = request->version;
    list_append(&catalog->watchers, &watcher->link);
    catalog->watcher_count++;
    uint64_t now_us = env_boot_us(catalog->options.env);
    uint64_t end_us = rpc_call_deadline_us(call);
    uint64_t left_us = end_us > now_us + ANSWER_EARLY_US ? end_us - now_us - ANSWER_EARLY_US : 0;
    env_timer_start(catalog->options.env, &watcher->timer, left_us, watcher_answer, watcher);
}

void catalog_watch_tell(struct catalog *catalog)
{
    while (!list_is_empty(&catalog->watchers))
        watcher_answer(LIST_ELEMENT(catalog->watchers.next, struct watcher, link));
}

void catalog_watch_refuse(struct catalog *catalog)
{
    while (!list_is_empty(&catalog->watchers)) {
        struct watcher *watcher = LIST_ELEMENT(catalog->watchers.next, struct watcher, link);
        rpc_call_answer(watcher->call, RPC_NOT_EXECUTED, RPC_REASON_NOT_LEADER, (struct slice){0});
        watcher_free(watcher);
    }
}

void catalog_watch_end(struct catalog *catalog)
{
    while (!list_is_empty(&catalog->watchers))
        watcher_free(LIST_ELEMENT(catalog->watchers.next, struct watcher, link));
    for (size_t i = 0; catalog->changes != NULL && i < CHANGES_KEPT; i++)
        buffer_deinit(&catalog->changes[i]);
    memory_free(catalog->changes);
    memory_free(catalog->change_versions);
}
