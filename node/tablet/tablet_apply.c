#include "core/base/check.h"
#include "core/env/env.h"
#include "node/engine/keyspace.h"
#include "node/tablet/applier.h"
#include "node/tablet/tablet_private.h"

/*
 * The state of a tablet in the engine:
 *
 *     version u8 (STATE_VERSION) . applied index u64 . applied term u64 . time u64 . dropped time
 * u64
 */
enum { STATE_VERSION = 1 };

uint64_t tablet_put_state(struct tablet *tablet, struct engine_batch *batch)
{
    SCOPED(buffer) key;
    SCOPED(buffer) value;
    buffer_init(&key);
    buffer_init(&value);
    keyspace_tablet_state(&key, tablet->options.tablet);
    buffer_append_u8(&value, STATE_VERSION);
    buffer_append_u64(&value, tablet->applied_index);
    buffer_append_u64(&value, tablet->applied_term);
    buffer_append_u64(&value, tablet->clock.last.time);
    buffer_append_u64(&value, tablet->dropped_time);
    engine_batch_put(batch, buffer_slice(&key), buffer_slice(&value));
    return tablet->applied_index;
}

enum status tablet_state_load(struct tablet *tablet, struct slice value)
{
    struct byte_reader reader = byte_reader_of(value);
    if (byte_reader_u8(&reader) != STATE_VERSION)
        return reader.has_failed ? STATUS_CORRUPT : STATUS_UNSUPPORTED;
    uint64_t held_index = byte_reader_u64(&reader);
    uint64_t held_term = byte_reader_u64(&reader);
    uint64_t time = byte_reader_u64(&reader);
    uint64_t dropped_time = byte_reader_u64(&reader);
    if (!byte_reader_is_done(&reader))
        return STATUS_CORRUPT;
    tablet->held_index = held_index;
    tablet->applied_term = held_term;
    tablet->dropped_time = dropped_time;
    hybrid_clock_recall(&tablet->clock, time);
    return STATUS_OK;
}

static bool is_in(struct slice key, enum keyspace space)
{
    return key.size > 0 && key.bytes[0] == space;
}

static void table_apply(struct tablet *tablet, const struct effect *effect)
{
    struct byte_reader reader =
        byte_reader_of(slice_skip(effect->key, effect->key.size - sizeof(uint64_t)));
    struct tablet_table table;
    if (table_config_decode(byte_reader_u64(&reader), effect->value, &table) != STATUS_OK) {
        env_fatal(tablet->options.env, "a tablet's log holds a table that cannot be read");
        return;
    }
    table_config_apply(tablet->config, &table);
    if (table.state == TABLET_TABLE_CLOSED)
        tablet_collect(tablet, table.uid);
}

/* A leader's own proposals are in the overlay already. */
static void overlay_take(struct tablet *tablet, uint64_t index, const struct effect *effect)
{
    if (effect->kind == EFFECT_DELETE)
        overlay_add_deletion(tablet->overlay, index, effect->key);
    else
        overlay_add(tablet->overlay, index, effect->key, effect->header, effect->value);
}

static void effect_apply(struct tablet *tablet, const struct effect *effect, uint64_t time)
{
    struct applier *applier = tablet->options.applier;
    switch (effect->kind) {
    case EFFECT_PUT_ROW:
        applier_put(applier, effect->key, effect->header, effect->value);
        return;
    case EFFECT_PUT:
        applier_put(applier, effect->key, (struct slice){0}, effect->value);
        if (is_in(effect->key, KEYSPACE_TABLET_TABLE))
            table_apply(tablet, effect);
        return;
    case EFFECT_DELETE:
        applier_delete(applier, effect->key);
        if (time > tablet->dropped_time)
            tablet->dropped_time = time;
        return;
    }
}

static void apply(void *context, const struct log_entry *entry)
{
    struct tablet *tablet = context;
    struct effects_cursor cursor;
    uint64_t time;
    if (effects_open(entry->bytes, &cursor, &time) != STATUS_OK) {
        /* Skipping it would part this replica from the others. */
        env_fatal(tablet->options.env, "a tablet's log holds effects that cannot be read");
        return;
    }
    bool is_new = entry->index > overlay_last_index(tablet->overlay);
    tablet->applied_index = entry->index;
    tablet->applied_term = entry->term;
    hybrid_clock_recall(&tablet->clock, time);
    struct effect effect;
    while (effects_next(&cursor, &effect)) {
        if (is_new && is_in(effect.key, KEYSPACE_ROW))
            overlay_take(tablet, entry->index, &effect);
        effect_apply(tablet, &effect, time);
    }
    applier_touch(tablet->options.applier, tablet);
    pending_commit(&tablet->pending, entry->index);
}

static void role_change(void *context, bool may_evaluate, uint64_t term)
{
    (void)term;
    struct tablet *tablet = context;
    if (may_evaluate) {
        tablet->proposed_index = group_applied_index(tablet->group);
        return;
    }
    overlay_truncate(tablet->overlay, tablet->applied_index);
    table_config_revert(tablet->config);
    pending_fail(&tablet->pending);
    fetches_fail(tablet);
    pages_fail(tablet);
}

const struct group_host tablet_group_host = {.apply_fn = apply, .role_fn = role_change};

void tablet_written(struct tablet *tablet, uint64_t index)
{
    tablet->written_index = index;
    pages_release_overlay(tablet);
    tablet_collect_continue(tablet);
}
