#include "core/base/hash_map.h"
#include "node/tablet/row_cache.h"
#include "node/tablet/tablet_private.h"
#include "node/tablet/tablet_request_private.h"

#include <string.h>

/*
 * While a row is being fetched from the engine all requests for it wait in order behind the fetch,
 * so that none sees a row older than another did.
 */

/* Items of so many bytes are answered with, then others have their turn. */
enum { ANSWER_BYTES_AT_ONCE = 1 << 20 };

struct fetch {
    struct tablet *tablet; /* NULL: leadership was lost meanwhile */
    struct list waiting;
    struct buffer row_key;
};

static struct slice slice_place(uint8_t **at, struct slice bytes)
{
    struct slice placed = slice_of(*at, bytes.size);
    if (bytes.size > 0)
        memcpy(*at, bytes.bytes, bytes.size);
    *at += bytes.size;
    return placed;
}

void fetch_join(struct fetch *fetch, const struct tablet_request *request)
{
    size_t size = request->address.key.size + request->write.item.size +
                  request->write.condition.size + request->write.update.size;
    struct tablet_request *copy = memory_alloc(sizeof *copy + size);
    uint8_t *at = (uint8_t *)(copy + 1);
    *copy = *request;
    copy->address.key = slice_place(&at, request->address.key);
    copy->write.item = slice_place(&at, request->write.item);
    copy->write.condition = slice_place(&at, request->write.condition);
    copy->write.update = slice_place(&at, request->write.update);
    list_append(&fetch->waiting, &copy->link);
    fetch->tablet->request_count++;
}

static void fetch_free(struct fetch *fetch)
{
    struct list *link;
    while ((link = list_take_first(&fetch->waiting)) != NULL)
        memory_free(LIST_ELEMENT(link, struct tablet_request, link));
    buffer_deinit(&fetch->row_key);
    memory_free(fetch);
}

/* Runs requests off a list, up to the one whose answer is too much for now. */
static void requests_run(struct tablet *tablet, struct list *requests,
                         const struct row_seen *fetched)
{
    size_t start = tablet->answered_bytes;
    struct list *link;
    while (tablet->answered_bytes - start < ANSWER_BYTES_AT_ONCE &&
           (link = list_take_first(requests)) != NULL) {
        struct tablet_request *request = LIST_ELEMENT(link, struct tablet_request, link);
        tablet->request_count--;
        tablet_request_run(tablet, request, fetched);
        memory_free(request);
    }
}

static void resume(void *context)
{
    struct tablet *tablet = context;
    requests_run(tablet, &tablet->resumed, NULL);
    if (!list_is_empty(&tablet->resumed))
        env_defer(tablet->options.env, ENV_PHASE_SEND, &tablet->resume_task);
}

/* What is left looks for the row afresh, and finds it in the cache. */
static void waiting_run(struct tablet *tablet, struct fetch *fetch, const struct row_seen *fetched)
{
    requests_run(tablet, &fetch->waiting, fetched);
    if (list_is_empty(&fetch->waiting))
        return;
    list_take_all(&tablet->resumed, &fetch->waiting);
    env_defer(tablet->options.env, ENV_PHASE_SEND, &tablet->resume_task);
}

static void requests_refuse(struct tablet *tablet, struct list *requests, enum rpc_reason reason)
{
    struct list *link;
    while ((link = list_take_first(requests)) != NULL) {
        struct tablet_request *request = LIST_ELEMENT(link, struct tablet_request, link);
        tablet->request_count--;
        tablet_request_refuse(request, reason);
        memory_free(request);
    }
}

static void fetch_done(void *context, enum status status, struct slice value)
{
    struct fetch *fetch = context;
    struct tablet *tablet = fetch->tablet;
    if (tablet == NULL) {
        fetch_free(fetch);
        return;
    }
    hash_map_remove(tablet->fetches, buffer_slice(&fetch->row_key));
    if (status == STATUS_OK || status == STATUS_NOT_FOUND) {
        struct row_seen fetched = {.is_known = true, .is_found = status == STATUS_OK, .row = value};
        waiting_run(tablet, fetch, &fetched);
        if (fetched.is_found &&
            !overlay_find(tablet->overlay, buffer_slice(&fetch->row_key), &(struct overlay_row){0}))
            row_cache_put(tablet->options.row_cache, buffer_slice(&fetch->row_key), value);
    } else {
        requests_refuse(tablet, &fetch->waiting, RPC_REASON_MALFORMED);
    }
    fetch_free(fetch);
}

void fetch_start(struct tablet *tablet, const struct tablet_request *request)
{
    struct fetch *fetch = memory_alloc_zeroed(sizeof *fetch);
    fetch->tablet = tablet;
    list_init(&fetch->waiting);
    buffer_append(&fetch->row_key, buffer_slice(&tablet->row_key));
    hash_map_put(tablet->fetches, buffer_slice(&fetch->row_key), fetch);
    fetch_join(fetch, request);
    engine_get(tablet->options.engine, buffer_slice(&fetch->row_key), fetch_done, fetch);
}

void fetches_init(struct tablet *tablet)
{
    tablet->fetches = hash_map_create(env_random_u64(tablet->options.env));
    list_init(&tablet->resumed);
    env_task_init(&tablet->resume_task, resume, tablet);
}

void fetches_destroy(struct tablet *tablet)
{
    size_t position = 0;
    struct fetch *fetch;
    while ((fetch = hash_map_next(tablet->fetches, &position, NULL)) != NULL)
        fetch_free(fetch);
    hash_map_destroy(tablet->fetches);
    env_task_cancel(&tablet->resume_task);
    struct list *link;
    while ((link = list_take_first(&tablet->resumed)) != NULL)
        memory_free(LIST_ELEMENT(link, struct tablet_request, link));
}

void fetches_fail(struct tablet *tablet)
{
    size_t position = 0;
    struct fetch *fetch;
    while ((fetch = hash_map_next(tablet->fetches, &position, NULL)) != NULL) {
        hash_map_remove(tablet->fetches, buffer_slice(&fetch->row_key));
        fetch->tablet = NULL;
        requests_refuse(tablet, &fetch->waiting, RPC_REASON_NOT_LEADER);
    }
    requests_refuse(tablet, &tablet->resumed, RPC_REASON_NOT_LEADER);
}
