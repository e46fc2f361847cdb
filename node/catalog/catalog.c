#include "node/catalog/catalog.h"

#include "core/base/check.h"
#include "node/catalog/catalog_private.h"
#include "node/engine/engine.h"
#include "node/engine/keyspace.h"

enum { LOAD_PAGE_ROWS = 1000, LOAD_PAGE_BYTES = 1 << 20, CATALOG_REGION_ID = 0 };

/* --- Changes --------------------------------------------------------------------------------- */

bool catalog_is_idle(const struct catalog *catalog)
{
    return catalog->proposed_index == 0;
}

void catalog_change_begin(struct catalog *catalog)
{
    CHECK(catalog_is_idle(catalog));
    effects_clear(&catalog->effects, hybrid_clock_next(&catalog->clock).time);
    buffer_clear(&catalog->answer);
}

void catalog_change_put(struct catalog *catalog, struct slice key, struct slice value)
{
    SCOPED(buffer) engine_key;
    buffer_init(&engine_key);
    keyspace_catalog(&engine_key, key);
    effects_put(&catalog->effects, buffer_slice(&engine_key), value);
}

void catalog_settings_put(struct catalog *catalog, const struct settings *settings)
{
    SCOPED(buffer) key;
    SCOPED(buffer) value;
    buffer_init(&key);
    buffer_init(&value);
    record_key_settings(&key);
    settings_encode(settings, &value);
    catalog_change_put(catalog, buffer_slice(&key), buffer_slice(&value));
}

void catalog_change_delete(struct catalog *catalog, struct slice key)
{
    SCOPED(buffer) engine_key;
    buffer_init(&engine_key);
    keyspace_catalog(&engine_key, key);
    effects_delete(&catalog->effects, buffer_slice(&engine_key));
}

void catalog_change_propose(struct catalog *catalog, struct rpc_call *call)
{
    buffer_clear(&catalog->command);
    effects_encode(&catalog->effects, &catalog->command);
    enum status status =
        group_propose(catalog->group, buffer_slice(&catalog->command), &catalog->proposed_index);
    if (status != STATUS_OK) {
        catalog->proposed_index = 0;
        if (call != NULL)
            rpc_call_answer(call, RPC_NOT_EXECUTED, RPC_REASON_NOT_LEADER, (struct slice){0});
        return;
    }
    catalog->call = call;
}

/* --- Applying -------------------------------------------------------------------------------- */

struct write {
    struct list link; /* in the catalog's `writes` */
    struct catalog *catalog;
    uint64_t index;
};

static void write_free(struct write *write)
{
    list_remove(&write->link);
    memory_free(write);
}

static void write_done(void *context, enum status status)
{
    struct write *write = context;
    if (status != STATUS_OK)
        env_fatal(write->catalog->options.env, "the engine failed to write the catalog");
    else
        write->catalog->written_index = write->index;
    write_free(write);
}

static void record_apply(struct catalog *catalog, const struct effect *effect,
                         struct engine_batch *batch)
{
    struct slice key = slice_skip(effect->key, 1);
    struct slice value = effect->kind == EFFECT_DELETE ? (struct slice){0} : effect->value;
    if (effect->kind == EFFECT_DELETE)
        engine_batch_delete(batch, effect->key);
    else
        engine_batch_put(batch, effect->key, value);
    if (catalog_view_put(catalog->view, key, value) != STATUS_OK)
        env_fatal(catalog->options.env, "the catalog holds a record that cannot be read");
    catalog_watch_note(catalog, key);
}

static void change_end(struct catalog *catalog, uint64_t index)
{
    if (catalog->proposed_index != index)
        return;
    catalog->proposed_index = 0;
    if (catalog->call != NULL)
        rpc_call_answer(catalog->call, RPC_EXECUTED, RPC_REASON_NONE,
                        buffer_slice(&catalog->answer));
    catalog->call = NULL;
    catalog_wake(catalog);
}

static void apply(void *context, const struct log_entry *entry)
{
    struct catalog *catalog = context;
    struct effects_cursor cursor;
    uint64_t time;
    if (effects_open(entry->bytes, &cursor, &time) != STATUS_OK) {
        env_fatal(catalog->options.env, "the catalog's log holds effects that cannot be read");
        return;
    }
    hybrid_clock_recall(&catalog->clock, time);
    catalog->applied_index = entry->index;
    catalog->applied_term = entry->term;
    catalog_view_set_version(catalog->view, entry->index);
    struct engine_batch batch;
    engine_batch_init(&batch);
    struct effect effect;
    while (effects_next(&cursor, &effect))
        record_apply(catalog, &effect, &batch);
    struct write *write = memory_alloc(sizeof *write);
    *write = (struct write){.catalog = catalog, .index = entry->index};
    list_append(&catalog->writes, &write->link);
    engine_write(catalog->options.engine, &batch, write_done, write);
    engine_batch_deinit(&batch);
    change_end(catalog, entry->index);
    catalog_watch_tell(catalog);
}

static void calls_refuse(struct catalog *catalog)
{
    if (catalog->call != NULL)
        rpc_call_answer(catalog->call, RPC_UNKNOWN, RPC_REASON_NOT_LEADER, (struct slice){0});
    catalog->call = NULL;
    catalog->proposed_index = 0;
    struct list *link;
    while ((link = list_take_first(&catalog->waiting)) != NULL) {
        struct waiting_call *waiting = LIST_ELEMENT(link, struct waiting_call, link);
        rpc_call_answer(waiting->call, RPC_NOT_EXECUTED, RPC_REASON_NOT_LEADER, (struct slice){0});
        memory_free(waiting);
    }
    catalog->waiting_count = 0;
}

static void role_change(void *context, bool may_evaluate, uint64_t term)
{
    (void)term;
    struct catalog *catalog = context;
    if (may_evaluate) {
        catalog_wake(catalog);
        return;
    }
    catalog_drive_stop(catalog);
    calls_refuse(catalog);
    catalog_watch_refuse(catalog);
}

static const struct group_host catalog_group_host = {.apply_fn = apply, .role_fn = role_change};

/* --- Calls ----------------------------------------------------------------------------------- */

static void next_run(void *context)
{
    struct catalog *catalog = context;
    if (!catalog_is_leader(catalog))
        return;
    while (catalog_is_idle(catalog) && !list_is_empty(&catalog->waiting)) {
        struct list *link = list_take_first(&catalog->waiting);
        struct waiting_call *waiting = LIST_ELEMENT(link, struct waiting_call, link);
        struct rpc_call *call = waiting->call;
        catalog->waiting_count--;
        memory_free(waiting);
        catalog_operation_run(catalog, call);
    }
    if (catalog_is_idle(catalog))
        catalog_drive(catalog);
}

void catalog_wake(struct catalog *catalog)
{
    env_defer(catalog->options.env, ENV_PHASE_GATHER, &catalog->next_task);
}

void catalog_call(struct catalog *catalog, struct rpc_call *call)
{
    if (!catalog_is_leader(catalog)) {
        rpc_call_answer(call, RPC_NOT_EXECUTED, RPC_REASON_NOT_LEADER, (struct slice){0});
        return;
    }
    if (rpc_call_method(call) == RPC_CATALOG_WATCH) {
        catalog_watch_add(catalog, call);
        return;
    }
    if (catalog->waiting_count >= CATALOG_CALLS_MAX) {
        rpc_call_answer(call, RPC_NOT_EXECUTED, RPC_REASON_BUSY, (struct slice){0});
        return;
    }
    struct waiting_call *waiting = memory_alloc(sizeof *waiting);
    waiting->call = call;
    list_append(&catalog->waiting, &waiting->link);
    catalog->waiting_count++;
    catalog_wake(catalog);
}

/* --- Life ------------------------------------------------------------------------------------ */

static void load_end(struct catalog *catalog, enum status status)
{
    if (status == STATUS_OK) {
        struct log_group *log_group = log_find_group(catalog->options.log, CATALOG_GROUP_ID);
        CHECK(log_group != NULL);
        catalog->applied_index = log_group_base(log_group).index;
        catalog->written_index = catalog->applied_index;
        catalog_view_set_version(catalog->view, catalog->applied_index);
        struct group_options options = {
            .env = catalog->options.env,
            .log = catalog->options.log,
            .log_group = log_group,
            .server_id = log_group_incarnation(log_group),
            .host = &catalog_group_host,
            .context = catalog,
        };
        status = group_create(&options, &catalog->group);
    }
    catalog->opened_fn(catalog->opened_context, status);
}

static void load_page(struct catalog *catalog, struct slice first);

static enum status rows_take(struct catalog *catalog, const struct engine_page *page,
                             struct buffer *out_last_key)
{
    struct byte_reader reader = byte_reader_of(page->rows);
    for (size_t i = 0; i < page->row_count; i++) {
        struct slice key = byte_reader_sized(&reader);
        struct slice value = byte_reader_sized(&reader);
        TRY(catalog_view_put(catalog->view, slice_skip(key, 1), value));
        buffer_clear(out_last_key);
        buffer_append(out_last_key, key);
    }
    return STATUS_OK;
}

static void page_take(void *context, enum status status, const struct engine_page *page)
{
    struct catalog *catalog = context;
    SCOPED(buffer) next;
    buffer_init(&next);
    if (status == STATUS_OK)
        status = rows_take(catalog, page, &next);
    if (status != STATUS_OK || page->is_end) {
        load_end(catalog, status);
        return;
    }
    buffer_append_u8(&next, 0); /* the least key after the last one */
    load_page(catalog, buffer_slice(&next));
}

static void load_page(struct catalog *catalog, struct slice first)
{
    SCOPED(buffer) prefix;
    SCOPED(buffer) end;
    buffer_init(&prefix);
    buffer_init(&end);
    keyspace_catalog(&prefix, (struct slice){0});
    keyspace_prefix_end(&end, buffer_slice(&prefix));
    struct engine_range range = {
        .first = first.size > 0 ? first : buffer_slice(&prefix),
        .end = buffer_slice(&end),
        .row_count_max = LOAD_PAGE_ROWS,
        .bytes_max = LOAD_PAGE_BYTES,
    };
    engine_scan(catalog->options.engine, &range, page_take, catalog);
}

struct catalog *catalog_create(const struct catalog_options *options, catalog_opened_fn fn,
                               void *context)
{
    struct catalog *catalog = memory_alloc_zeroed(sizeof *catalog);
    catalog->options = *options;
    catalog->view = catalog_view_create();
    catalog->peers = peers_create(options->env, options->own_name);
    hybrid_clock_init(&catalog->clock, options->env, CATALOG_REGION_ID);
    effects_init(&catalog->effects);
    list_init(&catalog->waiting);
    list_init(&catalog->watchers);
    list_init(&catalog->probes);
    list_init(&catalog->jobs);
    list_init(&catalog->writes);
    env_task_init(&catalog->next_task, next_run, catalog);
    catalog->opened_fn = fn;
    catalog->opened_context = context;
    load_page(catalog, (struct slice){0});
    return catalog;
}

void catalog_destroy(struct catalog *catalog)
{
    if (catalog == NULL)
        return;
    env_task_cancel(&catalog->next_task);
    catalog_watch_end(catalog);
    group_destroy(catalog->group);
    peers_destroy(catalog->peers);
    catalog_drive_end(catalog);
    catalog_register_end(catalog);
    struct list *link;
    while ((link = list_take_first(&catalog->waiting)) != NULL)
        memory_free(LIST_ELEMENT(link, struct waiting_call, link));
    while (!list_is_empty(&catalog->writes))
        write_free(LIST_ELEMENT(catalog->writes.next, struct write, link));
    catalog_view_destroy(catalog->view);
    effects_deinit(&catalog->effects);
    buffer_deinit(&catalog->command);
    buffer_deinit(&catalog->answer);
    memory_free(catalog);
}

void catalog_synced(struct catalog *catalog, uint64_t lsn)
{
    if (catalog->group != NULL)
        group_synced(catalog->group, lsn);
}

void catalog_checkpointed(struct catalog *catalog, uint64_t index)
{
    if (catalog->group != NULL)
        group_checkpointed(catalog->group, index);
}

uint64_t catalog_written_index(const struct catalog *catalog)
{
    if (catalog->group != NULL && catalog->written_index == catalog->applied_index)
        return group_applied_index(catalog->group);
    return catalog->written_index;
}

bool catalog_is_leader(const struct catalog *catalog)
{
    return catalog->group != NULL && group_may_evaluate(catalog->group);
}
