#include "core/base/check.h"
#include "core/base/hash_map.h"
#include "core/base/limits.h"
#include "node/engine/keyspace.h"
#include "node/tablet/applier.h"
#include "node/tablet/row_cache.h"
#include "node/tablet/tablet_private.h"

#include <string.h>

/*
 * The way of a request: overlay, row cache, engine. While a row is being fetched from the engine
 * all requests for it wait in order behind the fetch, so that none sees a row older than another
 * did.
 */

/* Items of so many bytes are answered with, then others have their turn. */
enum { ANSWER_BYTES_AT_ONCE = 1 << 20 };

struct request {
    struct list link; /* in its fetch's `waiting`, or in `resumed` */
    struct tablet_address address;
    bool is_write;
    struct write_request write;
    tablet_answer_fn fn;
    void *context;
};

struct fetch {
    struct tablet *tablet; /* NULL: leadership was lost meanwhile */
    struct list waiting;
    struct buffer row_key;
};

/* A row as a request sees it. */
struct seen {
    bool is_known;
    bool is_found;
    uint64_t index; /* of the overlay's entry, or 0 */
    struct slice row;
};

static void refuse(const struct request *request, enum rpc_reason reason)
{
    request->fn(request->context,
                &(struct tablet_answer){.outcome = RPC_NOT_EXECUTED, .reason = reason});
}

static void row_key_build(struct tablet *tablet, const struct tablet_address *address)
{
    buffer_clear(&tablet->row_key);
    keyspace_row(&tablet->row_key, address->table_uid, address->token, address->key);
}

static struct seen look(struct tablet *tablet, struct slice row_key)
{
    struct overlay_row newest;
    if (overlay_find(tablet->overlay, row_key, &newest))
        return (struct seen){
            .is_known = true,
            .is_found = newest.row.bytes != NULL,
            .index = newest.index,
            .row = newest.row,
        };
    struct slice row;
    if (row_cache_find(tablet->options.row_cache, row_key, &row))
        return (struct seen){.is_known = true, .is_found = true, .row = row};
    return (struct seen){0};
}

/* The item in a row, empty when there is none; what cannot be read must not be served. */
static enum rpc_reason item_of(const struct seen *seen, struct slice *out_item)
{
    struct row row = {0};
    if (seen->is_found && row_decode(seen->row, &row) != STATUS_OK)
        return RPC_REASON_MALFORMED;
    *out_item = row.flags & ROW_IS_TOMBSTONE ? (struct slice){0} : row.item;
    return RPC_REASON_NONE;
}

bool tablet_must_wait(const struct tablet *tablet, uint64_t index)
{
    const struct tablet_faults *faults = tablet->options.faults;
    bool is_planted = faults != NULL && faults->answers_before_predecessor;
    return index > tablet->applied_index && !is_planted;
}

/*
 * Gives an answer that proposes nothing. It waits until the row that it rests on is committed, and
 * needs the lease, as somebody else may have changed the row since.
 */
static void answer_unproposed(struct tablet *tablet, const struct request *request,
                              const struct seen *seen, const struct verdict *verdict)
{
    if (tablet_must_wait(tablet, seen->index)) {
        pending_add(&tablet->pending, &(struct pending){
                                          .index = tablet->proposed_index,
                                          .verdict = *verdict,
                                          .fn = request->fn,
                                          .context = request->context,
                                      });
        return;
    }
    if (!group_has_lease(tablet->group)) {
        refuse(request, RPC_REASON_NOT_LEADER);
        return;
    }
    tablet->answered_bytes += verdict->item.size;
    request->fn(request->context,
                &(struct tablet_answer){.outcome = RPC_EXECUTED, .verdict = *verdict});
}

static void read_answer(struct tablet *tablet, const struct request *request,
                        const struct seen *seen)
{
    struct verdict verdict = {0};
    enum rpc_reason reason = item_of(seen, &verdict.item);
    if (reason != RPC_REASON_NONE) {
        refuse(request, reason);
        return;
    }
    verdict.is_found = verdict.item.bytes != NULL;
    answer_unproposed(tablet, request, seen, &verdict);
}

static void overlay_take_command(struct tablet *tablet, uint64_t index)
{
    struct effects_cursor cursor;
    uint64_t time;
    CHECK(effects_open(buffer_slice(&tablet->command), &cursor, &time) == STATUS_OK);
    struct effect effect;
    while (effects_next(&cursor, &effect)) {
        if (effect.key.bytes[0] != KEYSPACE_ROW)
            continue;
        if (effect.kind == EFFECT_DELETE)
            overlay_add_deletion(tablet->overlay, index, effect.key);
        else
            overlay_add(tablet->overlay, index, effect.key, effect.header, effect.value);
    }
}

enum status tablet_propose(struct tablet *tablet, uint64_t *out_index)
{
    buffer_clear(&tablet->command);
    effects_encode(&tablet->effects, &tablet->command);
    TRY(group_propose(tablet->group, buffer_slice(&tablet->command), out_index));
    overlay_take_command(tablet, *out_index);
    tablet->proposed_index = *out_index;
    return STATUS_OK;
}

/* What the effects say is proposed, and answered once it is committed. */
static void propose(struct tablet *tablet, const struct request *request,
                    const struct verdict *verdict)
{
    struct pending pending = {
        .is_write = true,
        .verdict = *verdict,
        .fn = request->fn,
        .context = request->context,
    };
    /* The image before belongs to the overlay or the cache, which proposing does not shrink. */
    enum status status = tablet_propose(tablet, &pending.index);
    if (status != STATUS_OK) {
        refuse(request, status == STATUS_BUSY ? RPC_REASON_BUSY : RPC_REASON_NOT_LEADER);
        return;
    }
    pending_add(&tablet->pending, &pending);
}

/* A write that takes no look at the row. */
static void write_blindly(struct tablet *tablet, const struct write_request *write)
{
    struct stamp stamp = hybrid_clock_next(&tablet->clock);
    if (write->kind == WRITE_PUT)
        evaluate_put(write, stamp, &tablet->effects);
    else
        evaluate_delete(write, stamp, &tablet->effects);
}

static void write_run(struct tablet *tablet, const struct request *request, const struct seen *seen)
{
    struct verdict verdict = {0};
    struct write_request write = request->write;
    write.row_key = buffer_slice(&tablet->row_key);
    if (!evaluate_needs_row(&write)) {
        write_blindly(tablet, &write);
        propose(tablet, request, &verdict);
        return;
    }
    if (tablet->scratch.arena == NULL)
        evaluate_scratch_init(&tablet->scratch);
    struct slice before;
    bool is_sound = item_of(seen, &before) == RPC_REASON_NONE &&
                    evaluate_write(&write, before, hybrid_clock_next(&tablet->clock),
                                   &tablet->scratch, &tablet->effects, &verdict) == STATUS_OK;
    if (!is_sound)
        refuse(request, RPC_REASON_MALFORMED);
    else if (verdict.has_effects)
        propose(tablet, request, &verdict);
    else
        answer_unproposed(tablet, request, seen, &verdict);
}

enum rpc_reason tablet_admit_read(const struct tablet *tablet, uint64_t table_uid)
{
    if (!tablet_is_serving(tablet))
        return RPC_REASON_NOT_LEADER;
    if (tablet->request_count + tablet->pending.count >= TABLET_REQUESTS_MAX)
        return RPC_REASON_BUSY;
    const struct tablet_table *table = table_config_find(tablet->config, table_uid);
    if (table == NULL || table->state != TABLET_TABLE_OPEN)
        return RPC_REASON_NO_TABLE;
    return RPC_REASON_NONE;
}

static enum rpc_reason admit(struct tablet *tablet, const struct request *request)
{
    enum rpc_reason reason = tablet_admit_read(tablet, request->address.table_uid);
    if (reason != RPC_REASON_NONE)
        return reason;
    if (request->is_write &&
        applier_backlog_bytes(tablet->options.applier) > TABLET_BACKLOG_BYTES_MAX)
        return RPC_REASON_BUSY;
    /* A full disk goes on to delete. */
    bool grows = request->is_write && request->write.kind != WRITE_DELETE;
    if (grows && !log_has_room(tablet->options.log))
        return RPC_REASON_BUSY;
    return RPC_REASON_NONE;
}

/* --- Fetching from the engine ---------------------------------------------------------------- */

static struct slice slice_place(uint8_t **at, struct slice bytes)
{
    struct slice placed = slice_of(*at, bytes.size);
    if (bytes.size > 0)
        memcpy(*at, bytes.bytes, bytes.size);
    *at += bytes.size;
    return placed;
}

static void request_queue(struct fetch *fetch, const struct request *request)
{
    size_t size = request->address.key.size + request->write.item.size +
                  request->write.condition.size + request->write.update.size;
    struct request *copy = memory_alloc(sizeof *copy + size);
    uint8_t *at = (uint8_t *)(copy + 1);
    *copy = *request;
    copy->address.key = slice_place(&at, request->address.key);
    copy->write.item = slice_place(&at, request->write.item);
    copy->write.condition = slice_place(&at, request->write.condition);
    copy->write.update = slice_place(&at, request->write.update);
    list_append(&fetch->waiting, &copy->link);
    fetch->tablet->request_count++;
}

static void request_run(struct tablet *tablet, const struct request *request,
                        const struct seen *fetched);

static void fetch_free(struct fetch *fetch)
{
    struct list *link;
    while ((link = list_take_first(&fetch->waiting)) != NULL)
        memory_free(LIST_ELEMENT(link, struct request, link));
    buffer_deinit(&fetch->row_key);
    memory_free(fetch);
}

/* Runs requests off a list, up to the one whose answer is too much for now. */
static void requests_run(struct tablet *tablet, struct list *requests, const struct seen *fetched)
{
    size_t start = tablet->answered_bytes;
    struct list *link;
    while (tablet->answered_bytes - start < ANSWER_BYTES_AT_ONCE &&
           (link = list_take_first(requests)) != NULL) {
        struct request *request = LIST_ELEMENT(link, struct request, link);
        tablet->request_count--;
        request_run(tablet, request, fetched);
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
static void waiting_run(struct tablet *tablet, struct fetch *fetch, const struct seen *fetched)
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
        struct request *request = LIST_ELEMENT(link, struct request, link);
        tablet->request_count--;
        refuse(request, reason);
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
        struct seen fetched = {.is_known = true, .is_found = status == STATUS_OK, .row = value};
        waiting_run(tablet, fetch, &fetched);
        if (fetched.is_found &&
            !overlay_find(tablet->overlay, buffer_slice(&fetch->row_key), &(struct overlay_row){0}))
            row_cache_put(tablet->options.row_cache, buffer_slice(&fetch->row_key), value);
    } else {
        requests_refuse(tablet, &fetch->waiting, RPC_REASON_MALFORMED);
    }
    fetch_free(fetch);
}

static void fetch_start(struct tablet *tablet, const struct request *request)
{
    struct fetch *fetch = memory_alloc_zeroed(sizeof *fetch);
    fetch->tablet = tablet;
    list_init(&fetch->waiting);
    buffer_append(&fetch->row_key, buffer_slice(&tablet->row_key));
    hash_map_put(tablet->fetches, buffer_slice(&fetch->row_key), fetch);
    request_queue(fetch, request);
    engine_get(tablet->options.engine, buffer_slice(&fetch->row_key), fetch_done, fetch);
}

/* `fetched` is what a fetch has just brought, or NULL. */
static void request_run(struct tablet *tablet, const struct request *request,
                        const struct seen *fetched)
{
    enum rpc_reason reason = admit(tablet, request);
    if (reason != RPC_REASON_NONE) {
        refuse(request, reason);
        return;
    }
    row_key_build(tablet, &request->address);
    struct fetch *under_way =
        fetched == NULL ? hash_map_get(tablet->fetches, buffer_slice(&tablet->row_key)) : NULL;
    if (under_way != NULL) {
        request_queue(under_way, request);
        return;
    }
    bool needs_row = !request->is_write || evaluate_needs_row(&request->write);
    struct seen seen = needs_row ? look(tablet, buffer_slice(&tablet->row_key)) : (struct seen){0};
    if (!seen.is_known && fetched != NULL)
        seen = *fetched;
    if (needs_row && !seen.is_known)
        fetch_start(tablet, request);
    else if (request->is_write)
        write_run(tablet, request, &seen);
    else
        read_answer(tablet, request, &seen);
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
        memory_free(LIST_ELEMENT(link, struct request, link));
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

/* --- The public way in ----------------------------------------------------------------------- */

void tablet_read(struct tablet *tablet, const struct tablet_address *address, tablet_answer_fn fn,
                 void *context)
{
    struct request request = {.address = *address, .fn = fn, .context = context};
    request_run(tablet, &request, NULL);
}

void tablet_write(struct tablet *tablet, const struct tablet_address *address,
                  const struct write_request *write, tablet_answer_fn fn, void *context)
{
    struct request request = {
        .address = *address,
        .is_write = true,
        .write = *write,
        .fn = fn,
        .context = context,
    };
    if (write->item.size > LIMIT_ITEM_BYTES ||
        write->condition.size + write->update.size > LIMIT_EXPRESSION_BYTES) {
        refuse(&request, RPC_REASON_MALFORMED);
        return;
    }
    request_run(tablet, &request, NULL);
}
