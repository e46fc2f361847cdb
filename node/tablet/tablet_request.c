#include "core/base/check.h"
#include "core/base/hash_map.h"
#include "core/base/limits.h"
#include "node/engine/keyspace.h"
#include "node/tablet/applier.h"
#include "node/tablet/row_cache.h"
#include "node/tablet/tablet_private.h"
#include "node/tablet/tablet_request_private.h"

/* The way of a request: overlay, row cache, engine (tablet_fetch.c). */

void tablet_request_refuse(const struct tablet_request *request, enum rpc_reason reason)
{
    request->fn(request->context,
                &(struct tablet_answer){.outcome = RPC_NOT_EXECUTED, .reason = reason});
}

static void row_key_build(struct tablet *tablet, const struct tablet_address *address)
{
    buffer_clear(&tablet->row_key);
    keyspace_row(&tablet->row_key, address->table_uid, address->token, address->key);
}

static struct row_seen look(struct tablet *tablet, struct slice row_key)
{
    struct overlay_row newest;
    if (overlay_find(tablet->overlay, row_key, &newest))
        return (struct row_seen){
            .is_known = true,
            .is_found = newest.row.bytes != NULL,
            .index = newest.index,
            .row = newest.row,
        };
    struct slice row;
    if (row_cache_find(tablet->options.row_cache, row_key, &row))
        return (struct row_seen){.is_known = true, .is_found = true, .row = row};
    return (struct row_seen){0};
}

/* The item in a row, empty when there is none; what cannot be read must not be served. */
static enum rpc_reason item_of(const struct row_seen *seen, struct slice *out_item)
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
static void answer_unproposed(struct tablet *tablet, const struct tablet_request *request,
                              const struct row_seen *seen, const struct verdict *verdict)
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
        tablet_request_refuse(request, RPC_REASON_NOT_LEADER);
        return;
    }
    tablet->answered_bytes += verdict->item.size;
    request->fn(request->context,
                &(struct tablet_answer){.outcome = RPC_EXECUTED, .verdict = *verdict});
}

static void read_answer(struct tablet *tablet, const struct tablet_request *request,
                        const struct row_seen *seen)
{
    struct verdict verdict = {0};
    enum rpc_reason reason = item_of(seen, &verdict.item);
    if (reason != RPC_REASON_NONE) {
        tablet_request_refuse(request, reason);
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
static void propose(struct tablet *tablet, const struct tablet_request *request,
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
        tablet_request_refuse(request,
                              status == STATUS_BUSY ? RPC_REASON_BUSY : RPC_REASON_NOT_LEADER);
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

static void write_run(struct tablet *tablet, const struct tablet_request *request,
                      const struct row_seen *seen)
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
        tablet_request_refuse(request, RPC_REASON_MALFORMED);
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

static enum rpc_reason admit(struct tablet *tablet, const struct tablet_request *request)
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

void tablet_request_run(struct tablet *tablet, const struct tablet_request *request,
                        const struct row_seen *fetched)
{
    enum rpc_reason reason = admit(tablet, request);
    if (reason != RPC_REASON_NONE) {
        tablet_request_refuse(request, reason);
        return;
    }
    row_key_build(tablet, &request->address);
    struct fetch *under_way =
        fetched == NULL ? hash_map_get(tablet->fetches, buffer_slice(&tablet->row_key)) : NULL;
    if (under_way != NULL) {
        fetch_join(under_way, request);
        return;
    }
    bool needs_row = !request->is_write || evaluate_needs_row(&request->write);
    struct row_seen seen =
        needs_row ? look(tablet, buffer_slice(&tablet->row_key)) : (struct row_seen){0};
    if (!seen.is_known && fetched != NULL)
        seen = *fetched;
    if (needs_row && !seen.is_known)
        fetch_start(tablet, request);
    else if (request->is_write)
        write_run(tablet, request, &seen);
    else
        read_answer(tablet, request, &seen);
}

/* --- The public way in ----------------------------------------------------------------------- */

void tablet_read(struct tablet *tablet, const struct tablet_address *address, tablet_answer_fn fn,
                 void *context)
{
    struct tablet_request request = {.address = *address, .fn = fn, .context = context};
    tablet_request_run(tablet, &request, NULL);
}

void tablet_write(struct tablet *tablet, const struct tablet_address *address,
                  const struct write_request *write, tablet_answer_fn fn, void *context)
{
    struct tablet_request request = {
        .address = *address,
        .is_write = true,
        .write = *write,
        .fn = fn,
        .context = context,
    };
    if (write->item.size > LIMIT_ITEM_BYTES ||
        write->condition.size + write->update.size > LIMIT_EXPRESSION_BYTES) {
        tablet_request_refuse(&request, RPC_REASON_MALFORMED);
        return;
    }
    tablet_request_run(tablet, &request, NULL);
}
