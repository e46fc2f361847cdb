#include "core/base/check.h"
#include "node/engine/keyspace.h"
#include "node/tablet/tablet_private.h"

/* What a table's state comes to in the tablet's own log. */

static enum status propose(struct tablet *tablet, const struct tablet_table *table,
                           uint64_t *out_index)
{
    SCOPED(buffer) key;
    SCOPED(buffer) value;
    buffer_init(&key);
    buffer_init(&value);
    keyspace_tablet_table(&key, tablet->options.tablet, table->uid);
    table_config_encode(table, &value);
    effects_clear(&tablet->effects, hybrid_clock_next(&tablet->clock).time);
    effects_put(&tablet->effects, buffer_slice(&key), buffer_slice(&value));
    TRY(tablet_propose(tablet, out_index));
    table_config_propose(tablet->config, table);
    return STATUS_OK;
}

static void refuse(enum rpc_reason reason, tablet_answer_fn fn, void *context)
{
    fn(context, &(struct tablet_answer){.outcome = RPC_NOT_EXECUTED, .reason = reason});
}

void tablet_configure(struct tablet *tablet, const struct tablet_table *table, tablet_answer_fn fn,
                      void *context)
{
    if (!tablet_is_serving(tablet)) {
        refuse(RPC_REASON_NOT_LEADER, fn, context);
        return;
    }
    if (table_config_is_stale(tablet->config, table)) {
        refuse(RPC_REASON_NO_TABLE, fn, context);
        return;
    }
    struct pending pending = {
        .index = tablet->proposed_index, .is_write = true, .fn = fn, .context = context};
    const struct tablet_table *known = table_config_find(tablet->config, table->uid);
    bool is_new = known == NULL || known->version < table->version;
    if (is_new && propose(tablet, table, &pending.index) != STATUS_OK) {
        refuse(RPC_REASON_BUSY, fn, context);
        return;
    }
    pending_add(&tablet->pending, &pending);
    /* What is known already may have been committed already. */
    pending_commit(&tablet->pending, group_applied_index(tablet->group));
}
